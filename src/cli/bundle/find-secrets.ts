/** Looks through the files of a bundle for what should not leave this machine. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { hasPlaceholder } from "../../secrets/placeholders.ts";
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
/** A name that says that its value is secret, and a value that is no reference, placeholder or path of a secret's file. */
const ASSIGNMENT =
  /\b((?:[A-Za-z0-9]+[_.-])*(?:password|passwd|passphrase|secret|token|api_?key|private_?key|access_?key)(?:[_-]?[A-Za-z0-9]+)?)\\*["']?\s*[=:]\s*\\*["']?(?!\$|<|\*|\/run\/|(?:true|false|null|none|redacted)\b)([^\s"'\\,;]{3,})/gi;
/** Tokens that show what they are by their prefix. */
const TOKENS: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a token of GitHub", /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})/],
  ["a token of GitLab", /\bglpat-[\w-]{20,}/],
  ["a token of Docker Hub", /\bdckr_[a-z]{3}_[\w-]{20,}/],
  ["a key of AWS", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a token of npm", /\bnpm_[A-Za-z0-9]{30,}/],
  ["a token of Slack", /\bxox[abprs]-[\w-]{10,}/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']+:(?!x+@|\*+@)[^\s/@"']{3,}@/i],
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/],
];

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
  // A recording has placeholders where secrets were.
  const assigned = [...text.matchAll(ASSIGNMENT)].filter(([, , value = ""]) => !hasPlaceholder(value));
  const names = assigned.map(([, name]) => name ?? "");
  const tokens = TOKENS.filter(([, shape]) => shape.test(text)).map(([what]) => what);
  return [...new Set([...names, ...tokens])];
}
