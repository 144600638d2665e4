const WORDS = "apikey|auth|credential|credentials|key|password|pword|passwd|secret|token";
const SECRET = new RegExp(`(?:_|^)(?:${WORDS})(?:_|$)`, "i");
const PUBLIC = /(?:_|^)public(?:_|$)/i;

/** Whether a variable's name says that its value is secret: `API_TOKEN`, but not `PUBLIC_KEY`. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !PUBLIC.test(name);
}
