import { WireError } from "../../../base/errors.ts";

/** A peer broke fsutil's protocol. */
export function createTransferError(found: string, expected: string): WireError {
  return new WireError("WHALESONG_BAD_FILE_TRANSFER", `cannot transfer files: got ${found}, expected ${expected}`);
}
