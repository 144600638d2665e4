/**
 * Settings whose names tell, with their values: flags, assignments, headers, members of JSON. The time it takes grows
 * with the text only: a value is read where the name before it tells, and no other one begins within it.
 */
import { isHarmlessValue, isSecretName } from "./secret-names.ts";

export interface NamedSecret {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

// What is before a name is looked at and not consumed: it may be the value of the flag before.

/** `--password SECRET`, `--password=SECRET`, `-token SECRET`, `"--password", "SECRET"`. */
export const FLAG: RegExp = /(?<=^|[\s"'(])--?([A-Za-z][\w.-]*)(?:=|\s+|["']\s*,\s*)/g;
/**
 * `PASSWORD=SECRET command`, `X-Api-Key: SECRET`, `-HX-Api-Key: SECRET` of curl, `"password": "SECRET"`; not
 * `docker.io/tide/secret:1`.
 */
export const ASSIGNMENT: RegExp = /(?:(?<![\w./-])|(?<=(?:^|\s)-H))([A-Za-z_][\w.-]*)(?:\\*["'])?\s*[=:]\s*/g;
/** `aws configure set aws_secret_access_key SECRET`, `npm config set //registry.test/:_authToken SECRET`. */
export const SET: RegExp = /\bset\s+(?:\S*[/:])?([A-Za-z_][\w.-]*)\s+/g;
export const SET_NAME: RegExp = /(?:^|[/:])([A-Za-z_][\w.-]*)$/;
/** `ENV DB_PASSWORD SECRET` of a Dockerfile. */
export const INSTRUCTION: RegExp = /\bENV\s+([A-Za-z_]\w*)\s+/g;
/** Quotes may be escaped. */
const VALUE = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\+"([^"\\]*)|((?:\\.|[^\s"'&;|<>)\\])+)/y;
/** A reference, a placeholder, the path of a secret's file; where OpenSSL, and where a build is to find it. */
const REFERENCE = /(?:\\*["'])?(?:\$|--|<|\/run\/|(?:env|file|fd):|(?:id|type|src)=)/iy;
/** The path of a secret's file; where OpenSSL, and where a build is to find it. */
const SOURCE = /^(?:\/run\/|(?:env|file|fd):|(?:id|type|src)=)/i;
/** `$NAME`, `${NAME:-x}`, `$(cat x)`, `<password>`, also in quotes. */
const WHOLE_REFERENCE = /^(["']?)(?:\$[A-Z_][A-Z0-9_]*|\$\{[^}]*\}|\$\([^)]*\)|<[^<>]*>)\1$/;
/** What stands for a value, or says that there is none. */
export const NO_VALUE: RegExp = /^(?:\$|--|<|[[{]$|\*+$|\/run\/|(?:true|false|null|none|nil|undefined)\W*$)/i;
/** An image and its tag: `secret:1.2`. */
const TAGGED = /^\W?[\w.-]+:(?:latest|v?\d{1,4}(?:\.\d{1,4})*(?:-[a-z]+)?)$/;
/** What shells and programs say of a program or a variable: `sshpass: not found`, `DB_PASSWORD: unbound variable`. */
const MESSAGE =
  /(?:(?:command|applet|executable file|inaccessible or) )?not found\b|no such (?:file|user)|permission denied|(?:unbound|readonly|bad) variable|parameter (?:null or )?not set|cannot execute|is a directory|argument list too long|text file busy|exec format error|is read[ -]?only|(?:unrecognized|invalid|illegal|unknown|missing) (?:option|command|argument)|usage:|syntax error|line \d+:|user '|can(?:no|')t |unable to |failed (?:to|for)\b|error\b[: ]/iy;
/** `-pass pass:SECRET` of OpenSSL. */
const PASS_SOURCE = /^pass:(?=.)/s;
/** `--auth user:SECRET`, `--creds user:SECRET`. */
const USER = /^[\w.@+-]+:(?=.)/;

/** The settings of a text whose names tell, with their values: flags, assignments, headers, members of JSON. */
export function findNamedSecrets(text: string): readonly NamedSecret[] {
  return matchNamed(text, [FLAG, ASSIGNMENT, INSTRUCTION]);
}

/** @param kinds the beginnings of settings, up to their values */
export function matchNamed(text: string, kinds: readonly RegExp[]): readonly NamedSecret[] {
  return kinds.flatMap((kind) => matchKind(text, kind));
}

function matchKind(text: string, kind: RegExp): readonly NamedSecret[] {
  const found: NamedSecret[] = [];
  kind.lastIndex = 0;
  for (let match = kind.exec(text); match !== null; match = kind.exec(text)) {
    const [lead, name = ""] = match;
    const end = match.index + lead.length;
    const secret = isSecretName(name) ? readSecret(text, match, name) : undefined;
    if (secret !== undefined) found.push(secret);
    kind.lastIndex = Math.max(end, secret?.next ?? 0);
  }
  kind.lastIndex = 0;
  return found;
}

/** @returns also where to go on: a value in quotes may have names of its own */
function readSecret(
  text: string,
  match: RegExpExecArray,
  name: string,
): (NamedSecret & { readonly next: number }) | undefined {
  const [lead] = match;
  const from = match.index + lead.length;
  if (matchesAt(REFERENCE, text, from) || (/:\s+$/.test(lead) && matchesAt(MESSAGE, text, from))) return undefined;
  VALUE.lastIndex = from;
  const [all, double, single, escaped, bare = ""] = VALUE.exec(text) ?? [];
  if (all === undefined) return undefined;
  const quoted = double ?? single ?? escaped;
  const start = quoted === undefined ? from : from + countQuotes(text, from);
  const value = quoted ?? extendValue(text, start, bare, match);
  if (TAGGED.test(`${lead}${value}`) || NO_VALUE.test(value) || isHarmlessValue(value)) return undefined;
  const isFlag = lead.startsWith("-");
  // What follows is the next flag.
  if (isFlag && /\s$/.test(lead) && value.startsWith("-")) return undefined;
  const cut = isFlag ? cutValue(name, value) : 0;
  const next = from + bare.length;
  return cut === undefined ? undefined : { name, start: start + cut, end: start + value.length, next };
}

/** Where the secret begins in the value of a flag; undefined where the value says where it is. */
export function cutValue(name: string, value: string): number | undefined {
  if (SOURCE.test(value)) return undefined;
  const before = /(?:^|-)(?:auth|creds)$/i.test(name) ? USER : PASS_SOURCE;
  return before.exec(value)?.[0].length ?? 0;
}

/**
 * Whether an argument of a list is a reference or a placeholder as a whole. No shell reads a list: `$tr0ng!` is a
 * password there.
 */
export function isReference(argument: string): boolean {
  return WHOLE_REFERENCE.test(argument);
}

function matchesAt(expression: RegExp, text: string, at: number): boolean {
  expression.lastIndex = at;
  return expression.test(text);
}

function countQuotes(text: string, at: number): number {
  let end = at;
  while (text[end] === "\\") end += 1;
  return end + 1 - at;
}

/**
 * A value without quotes of its own goes on to the end of its argument, or to the quote in which the assignment stands:
 * `'X-Api-Key: SE&RET'`. A header has blanks, an assignment in a shell has none.
 */
function extendValue(text: string, start: number, bare: string, { 0: lead, index }: RegExpExecArray): string {
  const quote = /^["']/.exec(text[index - 1] ?? "")?.[0];
  if (quote === undefined) return index === 0 && !/\s/.test(text) ? text.slice(start) : bare;
  const ending = /:\s*$/.test(lead) ? new RegExp(`${quote}|\n`) : new RegExp(`${quote}|\\s`);
  const size = text.slice(start).search(ending);
  return size === -1 ? bare : text.slice(start, start + size);
}
