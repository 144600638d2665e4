/** Thrown where a text is not spelled as whalesong spells it. One for all: a stack trace would cost more than it tells. */
export const NOT_CANONICAL: Error = new Error("not the canonical spelling");

/** @throws NOT_CANONICAL if `isCanonical` is false */
export function requireCanonical(isCanonical: boolean): asserts isCanonical {
  if (!isCanonical) throw NOT_CANONICAL;
}
