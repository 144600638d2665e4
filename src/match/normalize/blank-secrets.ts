/**
 * Blanks the secrets of requests that hold little else, today's and recorded ones alike, so that cassettes match whose
 * placeholders have no number, or stand where a body was no JSON.
 */
import { isPlaceholder, REDACTED } from "../../secrets/placeholders.ts";

/** By operation: the JSON members, at any depth, that are secret. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  SystemAuth: ["password", "auth", "identitytoken", "registrytoken"],
  SwarmInit: ["SigningCAKey"],
  SwarmUpdate: ["SigningCAKey"],
  SwarmJoin: ["JoinToken"],
  SwarmUnlock: ["UnlockKey"],
  SecretCreate: ["Data"],
  SecretUpdate: ["Data"],
};

/** Whether requests for the operation are compared without their secrets, which then tell what stands for what. */
export function isBlankedOperation(operation: string): boolean {
  return SECRETS[operation] !== undefined;
}

/** Blanks the secret members. A body that cannot be parsed for them is blanked whole. */
export function blankSecrets(operation: string, body: Buffer): Buffer {
  const members = SECRETS[operation];
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
    // A reviver of deep JSON runs out of stack, and what is caught then is not clean.
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
  return Array.isArray(value) ? false : typeof value !== "string" || value === "" || isPlaceholder(value);
}
