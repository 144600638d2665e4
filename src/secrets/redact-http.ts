/** Takes secrets out of the parts of a request and its answer. Headers and targets are latin1, as on the wire. */
import type { HeaderField } from "../wire/http/head.ts";
import { editJson } from "./edit-json.ts";
import { findNamedSecrets } from "./named-secrets.ts";
import { decodePercent, encodePercent } from "./percent.ts";
import { REDACTED } from "./placeholders.ts";
import type { Redactor } from "./redactor.ts";
import { hasHiddenText, hasSecretHint } from "./secret-hints.ts";
import { isSecretName } from "./secret-names.ts";
import { isSecretBody, isSecretOperation } from "./secret-operation.ts";
import { findParameters } from "./text-secrets.ts";

/** Of a request: never kept as they are, whatever rules say that they are compared. */
const CREDENTIAL_HEADERS = /^(?:x-registry-auth|x-registry-config|authorization|proxy-authorization|cookie)$/i;
/** The names of HTTP that tell of no secret, though they sound so. */
const HARMLESS = /^(?:sec-websocket-key|x-docker-expose-session-sharedkey)$/i;
/** Of an answer, beside those whose name tells. */
const ANSWER_HEADERS = /^(?:set-cookie2?|www-authenticate|proxy-authenticate|authentication-info|authorization)$/i;
/** A value that may be base64. Ids and digests are hexadecimal. */
const LONG_VALUE = /=(?![0-9a-f]+(?:&|$))[A-Za-z0-9+/_-]{24}/;
/** The members of credentials in base64 (moby api/types/registry AuthConfig). */
const AUTH_MEMBERS = /^(?:password|auth|identitytoken|registrytoken)$/i;

/** The target of a request, its query value by value. */
export function redactTarget(target: string, operation: string, redactor: Redactor): string {
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  if (mark === -1) return redactPath(path, operation, redactor);
  if (isPlainQuery(target, operation, redactor)) return target;
  const pairs = target.slice(mark + 1).split(/([&;])/);
  const redacted = pairs.map((pair, at) => (at % 2 === 1 ? pair : redactPair(pair, operation, redactor)));
  return `${redactPath(path, operation, redactor)}?${redacted.join("")}`;
}

/** A segment may hide what it says: `https%3A%2F%2Fme%3Asecret%40host`. Behind a `#` there may be parameters. */
function redactPath(path: string, operation: string, redactor: Redactor): string {
  const [segments = "", ...fragments] = path.split("#");
  const clean = redactor
    .redactText(segments)
    .split("/")
    .map((segment) => {
      const text = decodePercent(segment);
      const redacted = text === segment ? segment : redactor.redactText(text);
      return redacted === text ? segment : encodePercent(redacted);
    });
  return [clean.join("/"), ...fragments.map((fragment) => redactPair(fragment, operation, redactor))].join("#");
}

/** Most queries have nothing that a rule would look at. */
function isPlainQuery(target: string, operation: string, redactor: Redactor): boolean {
  if (redactor.hasOwnPlaces || redactor.rules.patterns.length > 0 || isSecretOperation(operation)) return false;
  const text = decodePercent(target.replaceAll("+", " "));
  return (
    !LONG_VALUE.test(text) &&
    !hasHiddenText(text) &&
    !hasSecretHint(text) &&
    redactor.findInText(text).length === 0 &&
    redactor.findInText(target).length === 0
  );
}

function redactPair(pair: string, operation: string, redactor: Redactor): string {
  const equals = pair.indexOf("=");
  if (equals === -1) return pair;
  const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)].map((text) =>
    decodePercent(text.replaceAll("+", " ")),
  ) as [string, string];
  const redacted = redactParameter(name, value, operation, redactor);
  return redacted === value ? pair : `${pair.slice(0, equals)}=${encodePercent(redacted)}`;
}

function redactParameter(name: string, value: string, operation: string, redactor: Redactor): string {
  const redactLeaf = (place: { path: readonly string[]; value: string; before?: readonly string[] | undefined }) =>
    redactor.redactPlace({ ...place, path: [name, ...place.path], operation });
  if (/^\s*[[{]/.test(value)) {
    const edited = editJson(value, redactLeaf);
    if (edited !== undefined) return edited;
  }
  return redactLeaf({ path: [], value }) ?? value;
}

/** What stands for a secret where HTTP demands a token: `<redacted:1>` is none. */
const REDACTED_TOKEN = "REDACTED";

/** A method or the name of a header. It has nothing to show but its secret, so no part of it is kept. */
export function redactToken(token: string, redactor: Redactor): string {
  return redactor.redactText(token) === token ? token : REDACTED_TOKEN;
}

/** The reason phrase of an answer. */
export function redactReason(reason: string, operation: string, redactor: Redactor): string {
  return redactor.redactPlace({ path: ["headers", "message"], value: reason, operation }) ?? reason;
}

/** The headers of an answer, or its trailers. */
export function redactAnswerFields(
  fields: readonly HeaderField[],
  operation: string,
  redactor: Redactor,
): readonly HeaderField[] {
  return fields.map(([name, value]) => [
    redactToken(name, redactor),
    redactAnswerField(name, value, operation, redactor),
  ]);
}

function redactAnswerField(name: string, value: string, operation: string, redactor: Redactor): string {
  const isSecret = ANSWER_HEADERS.test(name) || isSecretName(name);
  if (isSecret && value !== "" && redactor.rules.isOn("answer-headers"))
    return redactor.replace({ start: 0, end: value.length, rule: "answer-headers" }, value);
  return redactor.redactPlace({ path: ["headers", name], value, operation }) ?? value;
}

/** A header of a request that is kept. Two credentials are equal, so they have no numbers. */
export function redactRequestField([name, value]: HeaderField, operation: string, redactor: Redactor): HeaderField {
  if (redactor.rules.isOn("credential-headers") && isCredentialHeader(name)) return [name, REDACTED];
  return [name, redactor.redactPlace({ path: ["headers", name], value, operation }) ?? value];
}

function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADERS.test(name) || (isSecretName(name) && !HARMLESS.test(name));
}

/** Learns the secrets in the headers of a request, also of headers that are not kept: they may come again elsewhere. */
export function expectHeaderSecrets(fields: readonly HeaderField[], redactor: Redactor): void {
  for (const [name, value] of fields) {
    if (!isCredentialHeader(name)) continue;
    if (/^x-registry-/i.test(name)) expectAuthConfig(value, redactor);
    else for (const secret of listCredentials(value)) redactor.expect(secret);
  }
}

function expectAuthConfig(value: string, redactor: Redactor): void {
  redactor.expect(value);
  editJson(Buffer.from(value, "base64").toString("latin1"), ({ path, value: member }) => {
    if (AUTH_MEMBERS.test(path.at(-1) ?? "")) redactor.expect(member);
    return undefined;
  });
}

/** `Basic dXNlcjpwdw==` has a password, `Bearer abc` a token, `a=b; c=d` two cookies. */
function listCredentials(value: string): string[] {
  const [, scheme = "", rest = ""] = /^(\w+)\s+(\S+)$/.exec(value) ?? [];
  if (/^basic$/i.test(scheme))
    return [
      rest,
      Buffer.from(rest, "base64")
        .toString("latin1")
        .replace(/^[^:]*:/, ""),
    ];
  if (scheme !== "") return [rest];
  return value.split(/;\s*/).map((part) => part.replace(/^[\w.-]+=/, ""));
}

export interface BodyPlace {
  readonly operation: string;
  readonly side: "request" | "answer";
}

/** What is learned at the end of a body may stand at its beginning, too. */
const PASSES = 3;

/** A body, or one message of a JSON stream. */
export function redactBody(bytes: Buffer, place: BodyPlace, redactor: Redactor): Buffer {
  if (bytes.length === 0) return bytes;
  const text = bytes.toString("latin1");
  let [redacted, size] = [text, -1];
  for (let pass = 0; pass < PASSES && size !== redactor.size; pass += 1) {
    size = redactor.size;
    redacted = redactBodyText(redacted, place, redactor);
  }
  return redacted === text ? bytes : Buffer.from(redacted, "latin1");
}

function redactBodyText(text: string, { operation, side }: BodyPlace, redactor: Redactor): string {
  // Where escapes hide what the text shows, each string is searched for itself.
  const shown = redactor.findInText(text);
  const isPlain =
    shown.length === 0 &&
    !hasHiddenText(text) &&
    !redactor.hasOwnPlaces &&
    !isSecretOperation(operation) &&
    !hasSecretHint(text);
  if (isPlain) return text;
  const { size, rules } = redactor;
  const isShown = createOverlapTest(shown);
  // A pattern may look at the beginning or the end of a value.
  const areAllShown = rules.patterns.length === 0;
  const edited = editJson(text, (leaf) => {
    // What the whole text does not show there, the value does not show either, unless it has escapes.
    const isQuiet = areAllShown && leaf.range !== undefined && redactor.size === size && !isShown(leaf.range);
    const { path, value, before, name } = leaf;
    return redactor.redactPlace({ path, value, before, name, operation }, isQuiet);
  });
  if (edited === undefined && (isSecretBody(operation, side) || (side === "request" && learnText(text, redactor))))
    return REDACTED;
  // Other bodies may count their lengths: frames that are not chunked, protobuf, a tar.
  return edited ?? redactor.maskText(text);
}

/**
 * Learns the settings whose names tell of a body that is text and no JSON: a form, JSON that breaks off. A tar has zeros.
 * @returns whether it has any. Then it is blanked whole: no part of such a body is compared for itself
 */
function learnText(text: string, redactor: Redactor): boolean {
  if (!redactor.rules.isOn("credentials") || text.includes("\0")) return false;
  const secrets = [...findNamedSecrets(text), ...findParameters(text, "credentials")];
  for (const { start, end } of secrets) redactor.expect(text.slice(start, end));
  return secrets.length > 0;
}

interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Whether a range overlaps one of the spans; to be called with ranges in order. */
function createOverlapTest(spans: readonly TextRange[]): (range: TextRange) => boolean {
  const sorted = [...spans].sort((one, other) => one.start - other.start);
  let [next, reach] = [0, -1];
  return ({ start, end }) => {
    while (next < sorted.length && (sorted[next]?.start ?? 0) < end) {
      reach = Math.max(reach, sorted[next]?.end ?? 0);
      next += 1;
    }
    return reach > start;
  };
}
