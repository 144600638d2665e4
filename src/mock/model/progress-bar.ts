/** Progress as moby writes it for people (pkg/jsonmessage, go-units HumanSize). */
const WIDTH = 50;
const UNITS = ["B", "kB", "MB", "GB", "TB"];

export interface Step {
  readonly current: number;
  readonly total: number;
}

/** `[====>   ]  1.2MB/2.4MB`, for a terminal of 200 columns, which is what the daemon takes for granted. */
export function progressBar({ current, total }: Step): string {
  const filled = Math.min(Math.trunc((current / total) * 100) >> 1, WIDTH);
  const bar = `[${"=".repeat(filled)}>${" ".repeat(WIDTH - filled)}]`;
  const amount = humanSize(current).padStart(8);
  return current > total ? `${bar} ${amount}` : `${bar} ${amount}/${humanSize(total)}`;
}

/** Four digits that count, in powers of 1000. */
export function humanSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < UNITS.length - 1; unit += 1) size /= 1000;
  return `${Number(size.toPrecision(4))}${UNITS[unit]}`;
}

/** A message of a layer under way. */
export function layerStep(status: string, id: string, step: Step): object {
  return { status, progressDetail: step, progress: progressBar(step), id };
}

/** A message of a layer that has no numbers. */
export function layerWord(status: string, id: string): object {
  return { status, progressDetail: {}, id };
}
