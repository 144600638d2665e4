import { WhalesongError } from "../base/errors.ts";

/** An error of whalesong as its message and code; any other error with its stack if it has no message. */
export function formatError(error: Error): string {
  if (error instanceof WhalesongError) return `${error.message} [${error.code}]`;
  return error.message || (error.stack ?? "");
}
