import { createHash } from "node:crypto";

export interface TarEntry {
  readonly name: string;
  /** As tar-stream names it: `file`, `directory`, `symlink`, `link` ... */
  readonly type: string;
  /** May carry the file type's bits (docker CLI 20.10 sends 0100644); mask with 0o7777. */
  readonly mode: number;
  readonly size: number;
  readonly linkname?: string;
  readonly sha256: string;
}

const PERMISSIONS = 0o7777;

/**
 * One digest for all equivalent tars: it ignores times, owners, order, the file type's bits in a mode, `./` before a
 * name and `/` behind it. Entries of one name keep their order, because the last one wins.
 */
export function digestTar(entries: readonly TarEntry[]): string {
  const lines = entries.map((entry) => ({ name: normalizeName(entry.name), entry }));
  lines.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const hash = createHash("sha256");
  for (const { name, entry } of lines) {
    const { type, mode, linkname = "", sha256 } = entry;
    hash.update(`${JSON.stringify([name, type, mode & PERMISSIONS, linkname, sha256])}\n`);
  }
  return hash.digest("hex");
}

function normalizeName(name: string): string {
  return name.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
}

/** A listing for reviewers, like that of `tar -tv`: `-rw-r--r--  5  f.txt`. It shows at most `most` entries. */
export function formatTarListing(entries: readonly TarEntry[], most = 20): string[] {
  const shown = entries.slice(0, most);
  const width = Math.max(...shown.map(({ size }) => `${size}`.length), 0);
  const lines = shown.map((entry) => `${formatMode(entry)}  ${`${entry.size}`.padStart(width)}  ${formatName(entry)}`);
  const left = entries.length - shown.length;
  return left === 0 ? lines : [...lines, `... and ${left} more`];
}

const LETTERS: Readonly<Record<string, string>> = {
  directory: "d",
  symlink: "l",
  link: "h",
  "character-device": "c",
  "block-device": "b",
  fifo: "p",
};

function formatMode({ type, mode }: TarEntry): string {
  const owner = formatTriplet(mode >> 6, mode & 0o4000, "s");
  const group = formatTriplet(mode >> 3, mode & 0o2000, "s");
  return `${LETTERS[type] ?? "-"}${owner}${group}${formatTriplet(mode, mode & 0o1000, "t")}`;
}

function formatTriplet(bits: number, special: number, letter: string): string {
  const read = bits & 4 ? "r" : "-";
  const write = bits & 2 ? "w" : "-";
  const isExecutable = (bits & 1) !== 0;
  if (special !== 0) return `${read}${write}${isExecutable ? letter : letter.toUpperCase()}`;
  return `${read}${write}${isExecutable ? "x" : "-"}`;
}

function formatName({ name, type, linkname }: TarEntry): string {
  if (linkname === undefined) return escapeToOneLine(name);
  return `${escapeToOneLine(name)} ${type === "link" ? "link to" : "->"} ${escapeToOneLine(linkname)}`;
}

function escapeToOneLine(name: string): string {
  return name.replace(
    /[^ -~\u0080-\uffff]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
