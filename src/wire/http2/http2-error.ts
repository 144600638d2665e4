import { WireError } from "../../base/errors.ts";

/** The peer broke RFC 9113. `found` and `expected` read as parts of one sentence. */
export function createHttp2Error(found: string, expected: string): WireError {
  return new WireError("WHALESONG_BAD_HTTP2", `cannot read HTTP/2: got ${found}, expected ${expected}`);
}

/** The peer broke RFC 7541. */
export function createHpackError(found: string, expected: string): WireError {
  return new WireError("WHALESONG_BAD_HPACK", `cannot read an HPACK header block: got ${found}, expected ${expected}`);
}
