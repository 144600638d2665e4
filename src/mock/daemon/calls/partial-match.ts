/**
 * Whether `actual` has everything that `expected` has. Other members may be anything. Lists must have the same length.
 * `expected` may contain regular expressions and asymmetric matchers of jest and vitest (`expect.any(String)`).
 */
export function isPartialMatch(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== "object" || expected === null) return Object.is(expected, actual);
  if (isMatcher(expected)) return expected.asymmetricMatch(actual);
  if (expected instanceof RegExp) return typeof actual === "string" && actual.search(expected) !== -1;
  if (typeof actual !== "object" || actual === null || Array.isArray(expected) !== Array.isArray(actual)) return false;
  if (Array.isArray(expected) && expected.length !== (actual as unknown[]).length) return false;
  return Object.entries(expected).every(([key, value]) =>
    isPartialMatch(value, (actual as Record<string, unknown>)[key]),
  );
}

interface AsymmetricMatcher {
  asymmetricMatch(found: unknown): boolean;
}

function isMatcher(value: object): value is AsymmetricMatcher {
  return "asymmetricMatch" in value && typeof value.asymmetricMatch === "function";
}
