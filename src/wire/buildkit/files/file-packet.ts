/** Packets of fsutil's transfer protocol (tonistiigi/fsutil types/wire.proto), one a gRPC message. */
import { decodeMessage } from "../../protobuf/decode-message.ts";
import { encodeMessage } from "../../protobuf/encode-message.ts";
import type { ProtobufMessage, ProtobufValue } from "../../protobuf/protobuf-value.ts";
import { BUILDKIT_SCHEMA } from "../buildkit-schema.ts";
import type { FileStat } from "./file-stat.ts";
import { createTransferError } from "./transfer-error.ts";

export type FilePacket =
  /** Of the sender: the next entry of the list. Its id is its index, directories and links counted. */
  | { readonly kind: "stat"; readonly stat: FileStat }
  /** Of the sender: the list is complete. */
  | { readonly kind: "list-end" }
  /** Of the receiver: send this entry's content. */
  | { readonly kind: "request"; readonly id: number }
  /** Of the sender: a piece of content, of up to 32 KiB. An empty one ends it. */
  | { readonly kind: "data"; readonly id: number; readonly bytes: Buffer }
  /** Of the receiver: I have what I asked for. Of the sender: then we are done. */
  | { readonly kind: "fin" }
  /** Of either: it failed. */
  | { readonly kind: "error"; readonly message: string };

const PACKET = "fsutil.types.Packet";
const NO_BYTES: Buffer = Buffer.alloc(0);

/** @throws WireError `WHALESONG_BAD_PROTOBUF`, `WHALESONG_BAD_FILE_TRANSFER` */
export function decodeFilePacket(message: Buffer): FilePacket {
  const { type = "STAT", stat, ID: id = 0, data = NO_BYTES } = decodeMessage(BUILDKIT_SCHEMA, PACKET, message);
  switch (type) {
    case "STAT":
      return stat === undefined ? { kind: "list-end" } : { kind: "stat", stat: toFileStat(stat as ProtobufMessage) };
    case "REQ":
      return { kind: "request", id: id as number };
    case "DATA":
      return { kind: "data", id: id as number, bytes: data as Buffer };
    case "FIN":
      return { kind: "fin" };
    case "ERR":
      return { kind: "error", message: (data as Buffer).toString("utf8") };
    default:
      throw createTransferError(`a packet of type ${type}`, "one from 0 to 4");
  }
}

export function encodeFilePacket(packet: FilePacket): Buffer {
  return encodeMessage(BUILDKIT_SCHEMA, PACKET, toMessage(packet));
}

/** As Go does: what is zero is not written. */
function toMessage(packet: FilePacket): ProtobufMessage {
  switch (packet.kind) {
    case "stat":
      return { stat: toStatMessage(packet.stat) };
    case "list-end":
      return {};
    case "request":
      return withoutZeros({ type: "REQ", ID: packet.id });
    case "data":
      return withoutZeros({ type: "DATA", ID: packet.id, data: packet.bytes });
    case "fin":
      return { type: "FIN" };
    case "error":
      return { type: "ERR", data: Buffer.from(packet.message, "utf8") };
  }
}

function toFileStat(stat: ProtobufMessage): FileStat {
  const number = (field: string): number => Number(stat[field] ?? 0);
  return {
    path: String(stat.path ?? ""),
    mode: number("mode"),
    uid: number("uid"),
    gid: number("gid"),
    size: number("size"),
    modTime: BigInt((stat.modTime ?? 0) as number | bigint),
    linkname: String(stat.linkname ?? ""),
    devmajor: number("devmajor"),
    devminor: number("devminor"),
    xattrs: (stat.xattrs ?? {}) as Record<string, Buffer>,
  };
}

function toStatMessage(stat: FileStat): ProtobufMessage {
  return withoutZeros({ ...stat });
}

function withoutZeros(message: ProtobufMessage): ProtobufMessage {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => !isZero(value)));
}

function isZero(value: ProtobufValue): boolean {
  if (typeof value !== "object") return value === 0 || value === 0n || value === "";
  return Buffer.isBuffer(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/**
 * Whether FileSend/DiffCopy sends a tree, by the first message of the daemon: a packet begins with its stat, or is
 * empty for an empty tree; the BytesMessage of a tar begins with the tag of its only field.
 */
export function isFilePacket(first: Buffer): boolean {
  return first[0] !== 0x0a;
}
