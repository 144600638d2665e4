/** The JSON lines in which `POST /build` of older clients tells progress (moby `builder/builder-next/builder.go`). */

const LINE = /^\{"id":"moby\.buildkit\.trace","aux":"([A-Za-z0-9+/]*={0,2})"\}$/;

/** The StatusResponse of a line, which `formatTraceLine` gives back; undefined for other lines. */
export function findTraceMessage(json: Buffer): Buffer | undefined {
  const [, base64] = LINE.exec(json.toString("latin1")) ?? [];
  if (base64 === undefined) return undefined;
  const message = Buffer.from(base64, "base64");
  return formatTraceLine(message).equals(json) ? message : undefined;
}

/** The line without the CRLF behind it. */
export function formatTraceLine(message: Buffer): Buffer {
  return Buffer.from(`{"id":"moby.buildkit.trace","aux":"${message.toString("base64")}"}`);
}
