/**
 * What never reaches a cassette (docs/protocol-notes.md, "Secrets"). The same function blanks a request that is
 * being recorded and one that is being matched, so that a redacted value matches whatever the client sends.
 */
import type { HeaderField } from "../wire/head.ts";

export const REDACTED = "<redacted>";

const SECRET_HEADERS = /^(x-registry-auth|x-registry-config|authorization|proxy-authorization|cookie)$/i;
/** Request headers that mean something to a daemon or a reader; all others may hold anything and are left out. */
const KEPT_HEADERS = /^(content-type|content-encoding|x-registry-auth|x-registry-config|upgrade)$/i;

/** By operation: the JSON members, at any depth, that hold a secret. */
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

/** The request headers that a cassette keeps, secrets blanked; `matched` are those that its rules compare. */
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

/** Blanks the members named; a body in which they cannot all be found is blanked whole, for nobody can tell what is in it. */
function redactMembers(body: Buffer, members: readonly string[] | undefined): Buffer {
  if (members === undefined || body.length === 0) return body;
  const secret = new RegExp(`("(?:${members.join("|")})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)+"`, "gi");
  const blanked = body.toString("utf8").replace(secret, `$1"${REDACTED}"`);
  return Buffer.from(isClean(blanked, members) ? blanked : REDACTED);
}

/** Whether it is JSON whose members of these names, however they are spelled, hold nothing any more. */
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
