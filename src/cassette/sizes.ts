/** Sizes in order, equal neighbours run together: `[5, 32768x31]`. */
export function spellSizes(sizes: readonly number[]): string {
  const spelled: string[] = [];
  for (let at = 0; at < sizes.length; ) {
    let end = at + 1;
    while (sizes[end] === sizes[at]) end += 1;
    spelled.push(spellRun(sizes[at] as number, end - at));
    at = end;
  }
  return `[${spelled.join(", ")}]`;
}

function spellRun(size: number, count: number): string {
  if (count === 1) return `${size}`;
  // `0x5` unquoted would be a hexadecimal number.
  return size === 0 ? `"0x${count}"` : `${size}x${count}`;
}

export interface SizeRun {
  readonly size: number;
  readonly count: number;
}

/** Parses one item of such a list; undefined if it is wrong. */
export function parseSizeRun(text: string): SizeRun | undefined {
  const match = /^(\d{1,15})(?:x(\d{1,15}))?$/.exec(text);
  return match === null ? undefined : { size: Number(match[1]), count: Number(match[2] ?? 1) };
}
