import { UsageError, WireError } from "../../base/errors.ts";

/** The peer's bytes are no such message. */
export function createProtobufError(found: string, expected: string): WireError {
  return new WireError("WHALESONG_BAD_PROTOBUF", `cannot read a protobuf message: got ${found}, expected ${expected}`);
}

/** A value cannot be written; `place` is like `Vertex.started`. */
export function createMessageError(place: string, found: unknown, expected: string): UsageError {
  const shown = typeof found === "bigint" ? `${found}n` : (JSON.stringify(found) ?? String(found));
  const message = `cannot write \`${place}\`: got \`${shown.slice(0, 60)}\`, expected ${expected}`;
  return new UsageError("WHALESONG_BAD_MESSAGE", message, { fields: { place } });
}
