/** The `code` of a system error, such as `ENOENT`. In jest, errors of node's own modules are of another realm: no `instanceof`. */
export function getErrno(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
