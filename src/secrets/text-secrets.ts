/** Secrets that the text around them gives away: `scheme://user:SECRET@host`, `Authorization: Bearer SECRET`, `--password SECRET`. */
import {
  ASSIGNMENT,
  cutValue,
  FLAG,
  INSTRUCTION,
  isReference,
  matchNamed,
  NO_VALUE,
  SET,
  SET_NAME,
} from "./named-secrets.ts";
import { findInProgramArgument, findInProgramLine } from "./program-secrets.ts";
import type { RuleName } from "./rule-names.ts";
import { hasSecretHint } from "./secret-hints.ts";
import { isHarmlessValue, isSecretName } from "./secret-names.ts";
import { coverAll, type SecretSpan } from "./secret-span.ts";

/** The userinfo of a URL begins so. */
export const URL_ANCHOR = "://";
export const AUTHORIZATION_ANCHORS: readonly string[] = ["uthorization", "UTHORIZATION"];

/** Beginning with `://`. A user without a password counts only if it is as long as a token. */
const USERINFO = /:\/\/(?:([^\s\0/?#"'<>@:\\]*):([^\s\0/?#"'<>@\\]+)|([^\s\0/?#"'<>@:\\]{20}[^\s\0/?#"'<>@:\\]*))@/y;
/** dockerd blanks them itself: `http://xxxxx:xxxxx@proxy` (moby cli/config, daemon/info.go). */
const BLANKED = /^(?:x+|\*+)$/;
/** What programs have where they print a value: `Authorization: Basic %s`, `ftp://%s:%s@%s`. None is a token, or percent-encoded. */
const FORMAT = /^%(?:\d+\$|\.\*|-?\*)?[svq]$/;
const AUTHORIZATION =
  /uthorization\\?["']?\s*[:=]\s*\\?["']?(?:(?:basic|bearer|token|digest|negotiate|apikey)\s+)?((?:(?!(?:proxy-)?authorization|uthorization)[^\s\0"',;\\])+)/iy;
const SCHEMES = /^(?:basic|bearer|token|digest|negotiate|apikey)$/i;

/** Of the URL whose `://` stands at `at`. */
export function findUserinfo(text: string, at: number): SecretSpan[] {
  USERINFO.lastIndex = at;
  const match = USERINFO.exec(text);
  if (match === null) return [];
  const secret = match[2] ?? match[3] ?? "";
  if (BLANKED.test(secret) || FORMAT.test(secret)) return [];
  const end = at + match[0].length - 1;
  return [{ start: end - secret.length, end, rule: "urls", format: "url" }];
}

/** Of the header whose name's `uthorization` stands at `at`. */
export function findAuthorization(text: string, at: number): SecretSpan[] {
  AUTHORIZATION.lastIndex = at;
  const match = AUTHORIZATION.exec(text);
  const secret = match?.[1] ?? "";
  if (match === null || SCHEMES.test(secret) || FORMAT.test(secret)) return [];
  const end = at + match[0].length;
  return [{ start: end - secret.length, end, rule: "authorization" }];
}

/** `curl -u user:SECRET`. */
const USER = /(?:^|\s)(?:-u|--user|--proxy-user|-U)[\s=]+["']?([^\s:"'@/=][^\s:"'@/]*):([^\s"']+)/g;
const USER_FLAG = /^(?:-u|--user|--proxy-user|-U)$/;
const SECRET_FLAG = /^--?([A-Za-z][\w.-]*)$/;

/**
 * The secrets of a command, or of a line of a Dockerfile.
 * @param before the arguments before it
 */
export function findInCommand(text: string, before: readonly string[], rule: RuleName): SecretSpan[] {
  const previous = before.at(-1);
  const flag = SECRET_FLAG.exec(previous ?? "")?.[1];
  if (flag !== undefined && isSecretName(flag) && !text.startsWith("-") && !isHarmlessArgument(text))
    return coverFrom(text, cutValue(flag, text), rule);
  const setting = before.at(-2) === "set" ? SET_NAME.exec(previous ?? "")?.[1] : undefined;
  if (setting !== undefined && isSecretName(setting) && !isHarmlessValue(text)) return coverAll(text, rule);
  const isUser = USER_FLAG.test(previous ?? "");
  return [
    ...(hasSecretHint(text) ? findInLine(text, rule) : []),
    ...(isUser ? findAfterColon(text, rule) : []),
    ...findInProgramArgument(text, before, rule),
  ];
}

function isHarmlessArgument(text: string): boolean {
  return isReference(text) || (!text.startsWith("$") && isHarmlessValue(text));
}

function findInLine(text: string, rule: RuleName): SecretSpan[] {
  return [
    ...findNamed(text, [FLAG, ASSIGNMENT, INSTRUCTION, SET], rule),
    ...findUserFlags(text, rule),
    ...findInProgramLine(text, rule),
  ];
}

/** @param from where the secret begins; undefined where there is none */
function coverFrom(text: string, from: number | undefined, rule: RuleName): SecretSpan[] {
  return from === undefined || from === text.length ? [] : [{ start: from, end: text.length, rule }];
}

function findNamed(text: string, kinds: readonly RegExp[], rule: RuleName): SecretSpan[] {
  return matchNamed(text, kinds).map(({ start, end }) => ({ start, end, rule }));
}

function findAfterColon(text: string, rule: RuleName): SecretSpan[] {
  const colon = text.indexOf(":");
  return colon === -1 || /^\d+:\d+$/.test(text) ? [] : [{ start: colon + 1, end: text.length, rule }];
}

function findUserFlags(text: string, rule: RuleName): SecretSpan[] {
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
  return findNamed(text.slice(from), [ASSIGNMENT], rule).map((span) => ({
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
