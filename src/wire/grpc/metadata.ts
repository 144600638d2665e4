/** Metadata of gRPC calls: HTTP/2 fields, of which those named `...-bin` are base64. */

/** The values of a `-bin` field: one, or several that a proxy joined with commas. Padding may be missing. */
export function decodeBinaryMetadata(value: string): Buffer[] {
  return value.split(",").map((one) => Buffer.from(one, "base64"));
}

/** Without padding, as grpc-go writes it. */
export function encodeBinaryMetadata(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

export function isBinaryMetadata(name: string): boolean {
  return name.endsWith("-bin");
}
