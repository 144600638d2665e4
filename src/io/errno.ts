/** The errno name that Node's errors carry: `ENOENT`, `ECONNREFUSED`, or a code of TLS; undefined if none. */
export function getErrno(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What an error says, in the words of whoever threw it. */
export function toErrorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
