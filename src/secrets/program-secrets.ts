/**
 * Secrets that only the program before them gives away: `mysql -psecret`, `redis-cli -a secret`, `echo root:secret |
 * chpasswd`, `IDENTIFIED BY 'secret'`. The same flags mean something else to other programs.
 */
import type { RuleName } from "./rule-names.ts";
import type { SecretSpan } from "./secret-span.ts";

interface SecretFlag {
  /** The names of the programs. */
  readonly programs: string;
  readonly flag: string;
  /** Whether the secret follows the flag in the same word, as in `-psecret`; otherwise it is the next word. */
  readonly isAttached: boolean;
}

/** From the manuals of the programs. */
const FLAGS: readonly SecretFlag[] = [
  // mysql(1), mariadb(1): `-p` without a value prompts.
  { programs: "mysql(?:admin|dump|check|import|show|sh|slap|pump)?|mariadb(?:-\\w+)?", flag: "-p", isAttached: true },
  { programs: "7z[ar]?", flag: "-p", isAttached: true },
  { programs: "sshpass", flag: "-p", isAttached: true },
  { programs: "sshpass|mongo(?:sh|dump|restore|export|import)?", flag: "-p", isAttached: false },
  { programs: "redis-cli|valkey-cli", flag: "-a", isAttached: false },
  { programs: "ldap(?:search|add|modify|delete|whoami|passwd)", flag: "-w", isAttached: false },
  { programs: "zip|unzip", flag: "-P", isAttached: false },
  // learn.microsoft.com, "sqlcmd utility", "bcp utility"
  { programs: "sqlcmd|osql|bcp", flag: "-P", isAttached: false },
  { programs: "sqlcmd|osql|bcp", flag: "-P", isAttached: true },
  // `docker login -p`, not `docker run -p`.
  {
    programs: "(?:docker|podman|buildah|skopeo|oras|helm|az|crane)\\s(?:[^|;&\\n]*\\s)?login",
    flag: "-p",
    isAttached: false,
  },
];
const WORD = `(?:"([^"\\n]+)"|'([^'\\n]+)'|((?:\\\\.|[^\\s"'|;&<>)\\\\-])(?:\\\\.|[^\\s"'|;&<>)\\\\])*))`;
const IN_TEXT = FLAGS.map(
  ({ programs, flag, isAttached }) =>
    new RegExp(`(?:^|[\\s;&|("'/=])(?:${programs})(?=\\s)[^|;&\\n]*?\\s${flag}${isAttached ? "" : "\\s+"}${WORD}`, "g"),
);
/** What is piped into a program that reads a secret. */
const PIPED: readonly RegExp[] = [
  /\b(?:echo|printf)\s+(?:-\w+\s+)*(?:"[\w.-]+:([^"\n]+)"|'[\w.-]+:([^'\n]+)'|[\w.-]+:([^\s"'|]+))\s*\|\s*(?:sudo\s+)?chpasswd\b/g,
  /\b(?:echo|printf)\s+(?:-\w+\s+)*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'|]+))\s*\|[^|;&\n]*--(?:password|passphrase|token)-(?:stdin|fd)\b/g,
];
/** SQL of MySQL, PostgreSQL and SQL Server. */
const STATEMENT = /\b(?:PASSWORD\s*=?|IDENTIFIED\s+(?:WITH\s+[\w'"]+\s+)?BY(?:\s+PASSWORD)?)\s*\(?\s*N?'([^'\n]+)'/gi;
/** The last word is the secret: htpasswd(1) with `-b`, `mc alias set NAME URL USER SECRET` of MinIO. */
const LAST_WORD: readonly RegExp[] = [
  /(?:^|[\s;&|("'/])htpasswd\s+(?:-\w+\s+)*-\w*b\w*\s+(?:-\w+\s+)*(?:[^\s|;&-][^\s|;&]*\s+){1,2}$/,
  /(?:^|[\s;&|("'/])mc(?:li)?\s+alias\s+set\s+(?:\S+\s+){3}$/,
];
/** The program's line up to its last word, which may be quoted. */
const LAST_IN_TEXT = new RegExp(
  `((?:htpasswd|mc(?:li)?\\s+alias)\\s[^|;&\\n]*?\\s)${WORD}["']?\\s*(?=$|[|;&>)\\n])`,
  "g",
);
/**
 * Words of which one stands in whatever this file finds, beside those that `secret-hints.ts` has anyway (`password`).
 * Two letters, as of 7z, show nothing.
 */
export const PROGRAM_HINTS: readonly string[] = [
  ..."mysql maria mongo redis-cli valkey-cli ldap zip 7za 7zr login sqlcmd osql bcp identified".split(" "),
  // Not the `Aliases` of each container.
  "alias ",
  'alias"',
];
const LIST_PROGRAMS = FLAGS.map(({ programs }) => new RegExp(`(?:^|[/\\s])(?:${programs})(?:\\s|$)`));
/** Without one of these nothing is looked for. */
const HINT = /\s-[pawP]|\becho\s|\bprintf\s|\bhtpasswd\s|\balias\s+set\s|password|identified/i;

/** In a line of a shell. */
export function findInProgramLine(text: string, rule: RuleName): SecretSpan[] {
  if (!HINT.test(text)) return [];
  const expressions = [...IN_TEXT, ...PIPED, STATEMENT];
  const found = expressions.flatMap((expression) =>
    [...text.matchAll(expression)].flatMap((match) => toSpan(match, text, rule)),
  );
  return [...found, ...findLastWords(text, rule)];
}

function findLastWords(text: string, rule: RuleName): SecretSpan[] {
  return [...text.matchAll(LAST_IN_TEXT)].flatMap((match) => {
    const [, line = "", ...words] = match;
    const isLast = LAST_WORD.some((expression) => expression.test(line));
    return isLast ? toSpan(match, text, rule, words) : [];
  });
}

function toSpan(match: RegExpMatchArray, text: string, rule: RuleName, groups = match.slice(1)): SecretSpan[] {
  const secret = groups.find((group) => group !== undefined) ?? "";
  const from = match.index ?? 0;
  const start = text.lastIndexOf(secret, from + match[0].length - secret.length);
  return secret.startsWith("$") || start < from ? [] : [{ start, end: start + secret.length, rule }];
}

/**
 * In a list of arguments.
 * @param before the arguments before this one
 */
export function findInProgramArgument(text: string, before: readonly string[], rule: RuleName): SecretSpan[] {
  if (before.length === 0) return [];
  const line = before.join(" ");
  if (LAST_WORD.some((expression) => expression.test(`${line} `))) return [{ start: 0, end: text.length, rule }];
  return FLAGS.flatMap(({ flag, isAttached }, at) => {
    const start = isAttached && text.startsWith(flag) ? flag.length : !isAttached && before.at(-1) === flag ? 0 : -1;
    const isSecret = start >= 0 && start < text.length && LIST_PROGRAMS[at]?.test(line) === true;
    return isSecret ? [{ start, end: text.length, rule }] : [];
  });
}
