import { readFileSync } from "node:fs";
import { toErrorMessage } from "../../base/error-message.ts";
import { UsageError } from "../../base/errors.ts";

/** Reads a file that an option names. @throws UsageError `WHALESONG_NO_FILE` if it cannot be read */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw createNoFileError(path, cause);
  }
}

export function createNoFileError(path: string, cause: unknown): UsageError {
  const message = `cannot read \`${path}\`: ${toErrorMessage(cause)}; check the path, a file is expected there`;
  return new UsageError("WHALESONG_NO_FILE", message, { cause, fields: { path } });
}
