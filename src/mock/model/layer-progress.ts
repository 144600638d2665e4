/** Formats the progress messages of layers (moby pkg/jsonmessage, go-units HumanSize). */
const WIDTH = 50;
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/** Bytes. */
export interface ProgressStep {
  readonly current: number;
  readonly total: number;
}

/** `[====>   ]  1.2MB/2.4MB`, as for the terminal of 200 columns that dockerd assumes. Only the amount without a total. */
export function formatProgressBar({ current, total }: ProgressStep): string {
  if (total <= 0) return current <= 0 ? "" : formatHumanSize(current).padStart(8);
  const filled = Math.min(Math.trunc((current / total) * 100) >> 1, WIDTH);
  const bar = `[${"=".repeat(filled)}>${" ".repeat(WIDTH - filled)}]`;
  const amount = formatHumanSize(current).padStart(8);
  return current > total ? `${bar} ${amount}` : `${bar} ${amount}/${formatHumanSize(total)}`;
}

/** Bytes with four significant digits, in powers of 1000. */
export function formatHumanSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < UNITS.length - 1; unit += 1) size /= 1000;
  return `${Number(size.toPrecision(4))}${UNITS[unit]}`;
}

/** The message of a layer in transfer. */
export function toLayerProgress(status: string, id: string, step: ProgressStep): object {
  return { status, progressDetail: step, progress: formatProgressBar(step), id };
}

/** The message of a layer's new status, without numbers. */
export function toLayerStatus(status: string, id: string): object {
  return { status, progressDetail: {}, id };
}
