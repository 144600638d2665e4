/** How a gRPC call ends: `grpc-status`, `grpc-message` and `grpc-status-details-bin`, in trailers or in the only head. */
import { findFieldValue, type HeaderField } from "../http/fields.ts";
import { decodeBinaryMetadata, encodeBinaryMetadata } from "./metadata.ts";

/** By number (grpc `doc/statuscodes.md`). */
export const GRPC_STATUS_NAMES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;
export type GrpcStatusName = (typeof GRPC_STATUS_NAMES)[number];

export interface GrpcStatus {
  /** 0 is success; `GRPC_STATUS_NAMES` has the names. */
  readonly code: number;
  /** Plain text. Empty where there was none. */
  readonly message: string;
  /** A `google.rpc.Status`, which says code and message again and has typed details. */
  readonly details?: Buffer;
}

const UNKNOWN = 2;

export function toGrpcStatusCode(name: GrpcStatusName): number {
  return GRPC_STATUS_NAMES.indexOf(name);
}

/** Undefined where the fields end no call. A status that is no number is UNKNOWN, as grpc-go has it. */
export function readGrpcStatus(fields: readonly HeaderField[]): GrpcStatus | undefined {
  const code = findFieldValue(fields, "grpc-status");
  if (code === undefined) return undefined;
  const message = decodeGrpcStatusMessage(findFieldValue(fields, "grpc-message") ?? "");
  const details = findFieldValue(fields, "grpc-status-details-bin");
  const status = { code: /^\d{1,9}$/.test(code) ? Number(code) : UNKNOWN, message };
  return details === undefined ? status : { ...status, details: decodeBinaryMetadata(details)[0] as Buffer };
}

/** The fields in the order in which grpc-go writes them. */
export function toStatusFields({ code, message, details }: GrpcStatus): HeaderField[] {
  const fields: HeaderField[] = [["grpc-status", `${code}`]];
  if (message !== "") fields.push(["grpc-message", encodeGrpcStatusMessage(message)]);
  if (details !== undefined) fields.push(["grpc-status-details-bin", encodeBinaryMetadata(details)]);
  return fields;
}

/** Percent-coding of `grpc-message`: all but printable ASCII, and the percent sign, as `%XX` of its UTF-8. */
export function encodeGrpcStatusMessage(message: string): string {
  return [...Buffer.from(message, "utf8")].map(encodeByte).join("");
}

function encodeByte(byte: number): string {
  const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
  return isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** A percent sign that begins no `%XX` stands for itself, as the specification wants. */
export function decodeGrpcStatusMessage(encoded: string): string {
  const bytes = encoded.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
