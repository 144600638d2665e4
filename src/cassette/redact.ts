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
export function keptHeaders(fields: readonly HeaderField[], matched: readonly string[] = []): HeaderField[] {
  const wanted = new Set(matched.map((name) => name.toLowerCase()));
  return fields
    .filter(([name, value]) => wanted.has(name.toLowerCase()) || (KEPT_HEADERS.test(name) && !isUsual(name, value)))
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

/** Blanks the members named; a body that is no JSON is blanked whole, for nobody can tell what is in it. */
function redactMembers(body: Buffer, members: readonly string[] | undefined): Buffer {
  if (members === undefined || body.length === 0) return body;
  const text = body.toString("utf8");
  if (!isJson(text)) return Buffer.from(REDACTED);
  const secret = new RegExp(`("(?:${members.join("|")})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)+"`, "gi");
  return Buffer.from(text.replace(secret, `$1"${REDACTED}"`));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
