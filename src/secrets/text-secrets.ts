/** Secrets that the text around them gives away: `scheme://user:SECRET@host`, `Authorization: Bearer SECRET`, `--password SECRET`. */
import { findInProgramArgument, findInProgramLine } from "./program-secrets.ts";
import type { RuleName } from "./rule-names.ts";
import { isHarmlessValue, isSecretName } from "./secret-names.ts";
import { coverAll, type SecretSpan } from "./secret-span.ts";

/** The userinfo of a URL begins so. */
export const URL_ANCHOR = "://";
export const AUTHORIZATION_ANCHORS: readonly string[] = ["uthorization", "UTHORIZATION"];

/** Beginning with `://`. A user without a password counts only if it is as long as a token. */
const USERINFO = /:\/\/(?:([^\s\0/?#"'<>@:\\]*):([^\s\0/?#"'<>@\\]+)|([^\s\0/?#"'<>@:\\]{20}[^\s\0/?#"'<>@:\\]*))@/y;
/** dockerd blanks them itself: `http://xxxxx:xxxxx@proxy` (moby cli/config, daemon/info.go). */
const BLANKED = /^(?:x+|\*+)$/;
const AUTHORIZATION =
  /uthorization\\?["']?\s*[:=]\s*\\?["']?(?:(?:basic|bearer|token|digest|negotiate|apikey)\s+)?([^\s\0"',;\\]+)/iy;
const SCHEMES = /^(?:basic|bearer|token|digest|negotiate|apikey)$/i;

/** Of the URL whose `://` stands at `at`. */
export function findUserinfo(text: string, at: number): SecretSpan[] {
  USERINFO.lastIndex = at;
  const match = USERINFO.exec(text);
  if (match === null) return [];
  const secret = match[2] ?? match[3] ?? "";
  if (BLANKED.test(secret)) return [];
  const end = at + match[0].length - 1;
  return [{ start: end - secret.length, end, rule: "urls", format: "url" }];
}

/** Of the header whose name's `uthorization` stands at `at`. */
export function findAuthorization(text: string, at: number): SecretSpan[] {
  AUTHORIZATION.lastIndex = at;
  const match = AUTHORIZATION.exec(text);
  const secret = match?.[1] ?? "";
  if (match === null || SCHEMES.test(secret)) return [];
  const end = at + match[0].length;
  return [{ start: end - secret.length, end, rule: "authorization" }];
}

/** Looked at and not consumed: what looks like a flag's value may be the next flag. Quotes may be escaped. */
const VALUE = `(?=(?:"((?:[^"\\\\]|\\\\.)*)"|'([^']*)'|\\\\+"([^"\\\\]*)|((?:\\\\.|[^\\s"'&;|<>)\\\\])+)))`;
/** `--password SECRET`, `--password=SECRET`, `-token SECRET`, `"--password", "SECRET"`. */
const FLAG = new RegExp(`(?:^|[\\s"'(])--?([A-Za-z][\\w.-]*)(?:=|\\s+|["']\\s*,\\s*)${VALUE}`, "g");
/**
 * `PASSWORD=SECRET command`, `X-Api-Key: SECRET`, `-HX-Api-Key: SECRET` of curl, `"password": "SECRET"`; not
 * `docker.io/tide/secret:1`.
 */
const ASSIGNMENT = new RegExp(`(?:^|[^\\w./-]|(?:^|\\s)-H)([A-Za-z_][\\w.-]*)(?:\\\\*["'])?\\s*[=:]\\s*${VALUE}`, "g");
/** `aws configure set aws_secret_access_key SECRET`, `npm config set //registry.test/:_authToken SECRET`. */
const SET = new RegExp(`\\bset\\s+(?:\\S*[/:])?([A-Za-z_][\\w.-]*)\\s+${VALUE}`, "g");
const SET_NAME = /(?:^|[/:])([A-Za-z_][\w.-]*)$/;
/** What stands for a value, or says that there is none: a reference, a placeholder, the path of a secret's file. */
const NO_VALUE = /^(?:\$|--|<|\*+$|\/run\/|(?:true|false|null|none|nil|undefined)\W*$)/i;
/** An image and its tag: `secret:1.2`. */
const TAGGED = /^\W?[\w.-]+:(?:latest|v?\d{1,4}(?:\.\d{1,4})*(?:-[a-z]+)?)$/;
/** `ENV DB_PASSWORD SECRET` of a Dockerfile. */
const INSTRUCTION = new RegExp(`\\bENV\\s+([A-Za-z_]\\w*)\\s+${VALUE}`, "g");
/** `curl -u user:SECRET`. */
const USER = /(?:^|\s)(?:-u|--user|--proxy-user|-U)[\s=]+["']?([^\s:"'@/]+):([^\s"']+)/g;
const USER_FLAG = /^(?:-u|--user|--proxy-user|-U)$/;
const SECRET_FLAG = /^--?([A-Za-z][\w.-]*)$/;

/**
 * The secrets of a command, or of a line of a Dockerfile.
 * @param before the arguments before it
 */
export function findInCommand(text: string, before: readonly string[], rule: RuleName): SecretSpan[] {
  const previous = before.at(-1);
  const flag = SECRET_FLAG.exec(previous ?? "")?.[1];
  if (flag !== undefined && isSecretName(flag) && !text.startsWith("-")) return coverAll(text, rule);
  const setting = before.at(-2) === "set" ? SET_NAME.exec(previous ?? "")?.[1] : undefined;
  if (setting !== undefined && isSecretName(setting) && !isHarmlessValue(text)) return coverAll(text, rule);
  return [
    ...findNamed(text, FLAG, rule),
    ...findNamed(text, ASSIGNMENT, rule),
    ...findNamed(text, INSTRUCTION, rule),
    ...findNamed(text, SET, rule),
    ...findUserFlags(text, previous, rule),
    ...findInProgramLine(text, rule),
    ...findInProgramArgument(text, before, rule),
  ];
}

function findNamed(text: string, expression: RegExp, rule: RuleName): SecretSpan[] {
  return matchNamed(text, expression).map(({ start, end }) => ({ start, end, rule }));
}

interface NamedSecret {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The settings of a text whose names tell, with their values: flags, assignments, headers, members of JSON. */
export function findNamedSecrets(text: string): readonly NamedSecret[] {
  return [FLAG, ASSIGNMENT, INSTRUCTION].flatMap((expression) => matchNamed(text, expression));
}

function matchNamed(text: string, expression: RegExp): readonly NamedSecret[] {
  return [...text.matchAll(expression)].flatMap((match) => {
    const [lead, name = "", double, single, escaped, bare] = match;
    const quoted = double ?? single ?? escaped;
    const start = match.index + lead.length + (quoted === undefined ? 0 : countQuotes(text, match.index + lead.length));
    const value = quoted ?? extendValue(text, start, bare ?? "", match);
    const isTagged = TAGGED.test(`${lead}${value}`);
    const isValue = !isTagged && !NO_VALUE.test(value) && !isHarmlessValue(value);
    return isValue && isSecretName(name) ? [{ name, start, end: start + value.length }] : [];
  });
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
function extendValue(text: string, start: number, bare: string, { 0: lead, index = 0 }: RegExpMatchArray): string {
  const quote = /^["']/.exec(lead)?.[0];
  if (quote === undefined) return index === 0 && !/\s/.test(text) ? text.slice(start) : bare;
  const ending = /:\s*$/.test(lead) ? new RegExp(`${quote}|\n`) : new RegExp(`${quote}|\\s`);
  const size = text.slice(start).search(ending);
  return size === -1 ? bare : text.slice(start, start + size);
}

function findUserFlags(text: string, previous: string | undefined, rule: RuleName): SecretSpan[] {
  if (USER_FLAG.test(previous ?? "")) {
    const colon = text.indexOf(":");
    return colon === -1 || /^\d+:\d+$/.test(text) ? [] : [{ start: colon + 1, end: text.length, rule }];
  }
  return [...text.matchAll(USER)].flatMap((match) => {
    const secret = match[2] ?? "";
    const end = match.index + match[0].length;
    return /^\d+$/.test(secret) ? [] : [{ start: end - secret.length, end, rule }];
  });
}

/** Of `NAME=value`, the value, if the name tells that it is secret; otherwise the settings within it. */
export function findInAssignment(text: string, rule: RuleName): SecretSpan[] {
  const equals = text.indexOf("=");
  const isSecret = equals > 0 && isSecretName(text.slice(0, equals)) && !isHarmlessValue(text.slice(equals + 1));
  if (isSecret) return [{ start: equals + 1, end: text.length, rule }];
  return equals > 0 ? findInSetting(text, equals + 1, rule) : [];
}

/** Of JSON and connection strings: `{"password": "SECRET"}`, `Server=db;Password=SECRET;`. */
function findInSetting(text: string, from: number, rule: RuleName): SecretSpan[] {
  if (!/["=]/.test(text.slice(from))) return [];
  return findNamed(text.slice(from), ASSIGNMENT, rule).map((span) => ({
    ...span,
    start: span.start + from,
    end: span.end + from,
  }));
}

/** `NAME=SECRET` in a sentence, an address or a form: `invalid option password=SECRET`, `/callback?token=SECRET&a=b`. */
const PARAMETER = /(?:^|[\s?&;,#"'({[])([A-Za-z_][\w.-]*)=([^\s&;,"'()<>\]}\\]+)/g;

/** The parameters of a text whose names tell. A colon is no sign: `no such secret: web`. */
export function findParameters(text: string, rule: RuleName): SecretSpan[] {
  return [...text.matchAll(PARAMETER)].flatMap((match) => {
    const [all, name = "", value = ""] = match;
    const end = match.index + all.length;
    const isSecret = isSecretName(name) && !NO_VALUE.test(value) && !isHarmlessValue(value);
    return isSecret ? [{ start: end - value.length, end, rule }] : [];
  });
}

/** Of `addr=a,password=b`, as drivers take it, the secret values. */
export function findInOptionList(text: string, rule: RuleName): SecretSpan[] {
  let at = 0;
  return text.split(",").flatMap((option) => {
    const start = at;
    at += option.length + 1;
    return findInAssignment(option, rule).map((span) => ({
      ...span,
      start: start + span.start,
      end: start + span.end,
    }));
  });
}
