/** Looks through the files of a bundle for what should not leave this machine. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { SecretScanner } from "../../secrets/secret-scanner.ts";
import type { BundledFile } from "./list-sources.ts";

/** Where a secret seems to stand; its value is not repeated. */
export interface BundledSecret {
  /** `files/run.sh:3`, `the command`. */
  readonly place: string;
  /** The name of the variable, or the kind of token. */
  readonly what: string;
}

/** Longer lines are blobs, in which every pattern is found by chance. */
const LONGEST_LINE = 64 * 1024;
/** The first line of a key: its others have no shape of their own. */
const KEY_BEGIN = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;
const SCANNER = new SecretScanner({ findsNamed: true });

/** The secrets that the files seem to have, in order. */
export async function findSecrets(files: readonly BundledFile[]): Promise<readonly BundledSecret[]> {
  const perFile = await Promise.all(files.map(findInFile));
  return perFile.flat();
}

async function findInFile({ name, path }: BundledFile): Promise<readonly BundledSecret[]> {
  const secrets: BundledSecret[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, "latin1"), crlfDelay: Infinity })) {
    line += 1;
    if (text.length <= LONGEST_LINE)
      secrets.push(...findInLine(text).map((what) => ({ place: `${name}:${line}`, what })));
  }
  return secrets;
}

/** What stands in a line: each once. */
export function findInLine(text: string): readonly string[] {
  const keys = KEY_BEGIN.test(text) ? ["private key"] : [];
  return [...new Set([...SCANNER.find(text).map(({ what }) => what), ...keys])];
}
