/**
 * The message of an error; other thrown values as text. In jest, errors of node's own modules are of another realm: no
 * `instanceof`.
 */
export function toErrorMessage(error: unknown): string {
  const isError = typeof error === "object" && error !== null && "message" in error;
  return isError ? String(error.message) : String(error);
}
