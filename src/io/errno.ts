/** The code of Node's errors: `ENOENT`, `ECONNREFUSED`, or one of TLS; undefined if there is none. */
export function getErrno(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The message of an error; other thrown values as text. */
export function toErrorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
