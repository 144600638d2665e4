/**
 * Whether `found` has all that `wanted` has: members that are not named may be anything, lists must be as long. Knows
 * the asymmetric matchers of jest and vitest (`expect.any(String)`).
 */
export function isAlike(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return Object.is(wanted, found);
  if (isMatcher(wanted)) return wanted.asymmetricMatch(found);
  if (wanted instanceof RegExp) return typeof found === "string" && wanted.test(found);
  if (typeof found !== "object" || found === null || Array.isArray(wanted) !== Array.isArray(found)) return false;
  if (Array.isArray(wanted) && wanted.length !== (found as unknown[]).length) return false;
  return Object.entries(wanted).every(([key, value]) => isAlike(value, (found as Record<string, unknown>)[key]));
}

interface Matcher {
  asymmetricMatch(found: unknown): boolean;
}

function isMatcher(value: object): value is Matcher {
  return "asymmetricMatch" in value && typeof value.asymmetricMatch === "function";
}
