/** Modes of files as `chmod`, `mkdir -m` and `umask` read them (POSIX, chmod). */

const ALL = 0o7777;
const ANY_EXECUTE = 0o111;
const MASKS: Readonly<Record<string, number>> = { a: ALL, u: 0o4700, g: 0o2070, o: 0o0007 };
const PERMISSIONS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: ANY_EXECUTE, s: 0o6000, t: 0o1000 };
const CLAUSE = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/;

export interface ModeContext {
  readonly mode: number;
  readonly isFolder: boolean;
  readonly umask: number;
}

/** `644`, or `u=rwx,g+rX,o-w`. Undefined for what is no mode. */
export function parseMode(text: string, { mode, isFolder, umask }: ModeContext): number | undefined {
  if (/^\d/.test(text)) return /^0*[0-7]{1,4}$/.test(text) ? Number.parseInt(text, 8) : undefined;
  let result = mode;
  for (const clause of text.split(",")) {
    const [, classes = "", actions] = CLAUSE.exec(clause) ?? [];
    if (actions === undefined) return undefined;
    const mask = [...classes].reduce((sum, letter) => sum | (MASKS[letter] ?? 0), 0);
    for (const [, operator = "", letters = ""] of actions.matchAll(/([-+=])([^-+=]*)/g)) {
      // Without a class, the umask keeps its bits as they are.
      const bits = toBits(letters, result, isFolder) & (mask === 0 ? ALL & ~umask : mask);
      if (operator === "=") result &= ~(mask === 0 ? ALL : mask);
      result = operator === "-" ? result & ~bits : result | bits;
    }
  }
  return result;
}

function toBits(letters: string, mode: number, isFolder: boolean): number {
  if (/^[ugo]$/.test(letters)) return copyPermissions((mode >> { u: 6, g: 3, o: 0 }[letters as "u" | "g" | "o"]) & 7);
  return [...letters].reduce((sum, letter) => {
    if (letter !== "X") return sum | (PERMISSIONS[letter] ?? 0);
    return isFolder || (mode & ANY_EXECUTE) !== 0 ? sum | ANY_EXECUTE : sum;
  }, 0);
}

function copyPermissions(bits: number): number {
  return bits | (bits << 3) | (bits << 6);
}

/** `u=rwx,g=rx,o=rx`: the permissions that a umask leaves. */
export function formatUmask(umask: number): string {
  const format = (shift: number): string =>
    [..."rwx"].filter((_, index) => ((~umask >> shift) & (4 >> index)) !== 0).join("");
  return `u=${format(6)},g=${format(3)},o=${format(0)}`;
}
