/**
 * Secrets that never reach a cassette (docs/protocol-notes.md, "Secrets"). The same function blanks a request that is
 * recorded and one that is matched, so that a redacted value matches every value of the client.
 */
import type { HeaderField } from "../wire/head.ts";

export const REDACTED = "<redacted>";

const SECRET_HEADERS = /^(x-registry-auth|x-registry-config|authorization|proxy-authorization|cookie)$/i;
/** Request headers that matter to a daemon or a reader. Others are left out, because they may have any content. */
const KEPT_HEADERS = /^(content-type|content-encoding|x-registry-auth|x-registry-config|upgrade)$/i;

/** By operation: the JSON members, at any depth, that are secret. */
const REQUEST_SECRETS: Readonly<Record<string, readonly string[]>> = {
  SystemAuth: ["password", "auth", "identitytoken", "registrytoken"],
  SwarmInit: ["SigningCAKey"],
  SwarmUpdate: ["SigningCAKey"],
  SwarmJoin: ["JoinToken"],
  SwarmUnlock: ["UnlockKey"],
  SecretCreate: ["Data"],
  SecretUpdate: ["Data"],
};
const RESPONSE_SECRETS: Readonly<Record<string, readonly string[]>> = {
  SystemAuth: ["IdentityToken"],
  SwarmInspect: ["Worker", "Manager", "SigningCAKey"],
  SwarmUnlockkey: ["UnlockKey"],
};

/** The request headers that a cassette keeps, secrets blanked. `matched`: the headers that its rules compare. */
export function selectKeptHeaders(fields: readonly HeaderField[], matched: readonly string[] = []): HeaderField[] {
  const matchedNames = new Set(matched.map((name) => name.toLowerCase()));
  return fields
    .filter(
      ([name, value]) => matchedNames.has(name.toLowerCase()) || (KEPT_HEADERS.test(name) && !isUsual(name, value)),
    )
    .map(([name, value]) => [name, SECRET_HEADERS.test(name) ? REDACTED : value]);
}

function isUsual(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  return lower === "upgrade" ? value === "tcp" : lower === "content-type" && value === "application/json";
}

export function hasRequestSecrets(operation: string): boolean {
  return operation in REQUEST_SECRETS;
}

export function hasResponseSecrets(operation: string): boolean {
  return operation in RESPONSE_SECRETS;
}

export function redactRequestBody(operation: string, body: Buffer): Buffer {
  return redactMembers(body, REQUEST_SECRETS[operation]);
}

export function redactResponseBody(operation: string, body: Buffer): Buffer {
  return redactMembers(body, RESPONSE_SECRETS[operation]);
}

/** Blanks the named members. A body that cannot be parsed for them is blanked whole, because it may hold secrets. */
function redactMembers(body: Buffer, members: readonly string[] | undefined): Buffer {
  if (members === undefined || body.length === 0) return body;
  const secret = new RegExp(`("(?:${members.join("|")})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)+"`, "gi");
  const blanked = body.toString("utf8").replace(secret, `$1"${REDACTED}"`);
  return Buffer.from(isClean(blanked, members) ? blanked : REDACTED);
}

/** Whether the text is JSON in which all members of these names, in any case, are blank. */
function isClean(text: string, members: readonly string[]): boolean {
  const names = new Set(members.map((name) => name.toLowerCase()));
  let isClean = true;
  try {
    JSON.parse(text, (name, value) => {
      if (names.has(name.toLowerCase()) && !isBlank(value)) isClean = false;
      return value;
    });
  } catch {
    return false;
  }
  return isClean;
}

function isBlank(value: unknown): boolean {
  return Array.isArray(value) ? false : typeof value !== "string" || value === "" || value === REDACTED;
}
