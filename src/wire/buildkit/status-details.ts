/** What `grpc-status-details-bin` says: a google.rpc.Status with details that BuildKit writes as JSON (util/grpcerrors). */
import { decodeMessage } from "../protobuf/decode-message.ts";
import { encodeMessage } from "../protobuf/encode-message.ts";
import type { ProtobufMessage } from "../protobuf/protobuf-value.ts";
import { BUILDKIT_SCHEMA } from "./buildkit-schema.ts";

export interface StatusDetail {
  /** E.g. `github.com/moby/buildkit/errdefs.Source+json`. */
  readonly typeUrl: string;
  readonly value: Buffer;
}

export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  readonly details: readonly StatusDetail[];
}

const STATUS = "google.rpc.Status";
/** Go's stack frames: the daemon's command line, its process id, paths of the machine that it was built on. */
const STACK = /(?:^|\/)stack\.Stack(?:\+json)?$/;

/** @throws WireError `WHALESONG_BAD_PROTOBUF` */
export function readRpcStatus(bytes: Buffer): RpcStatus {
  const { code = 0, message = "", details = [] } = decodeMessage(BUILDKIT_SCHEMA, STATUS, bytes);
  return {
    code: code as number,
    message: String(message),
    details: (details as readonly ProtobufMessage[]).map(({ type_url = "", value = Buffer.alloc(0) }) => ({
      typeUrl: String(type_url),
      value: value as Buffer,
    })),
  };
}

export function encodeRpcStatus({ code, message, details }: RpcStatus): Buffer {
  const anys = details.map(({ typeUrl, value }) => ({ type_url: typeUrl, value }));
  return encodeMessage(BUILDKIT_SCHEMA, STATUS, {
    ...(code === 0 ? {} : { code }),
    ...(message === "" ? {} : { message }),
    ...(anys.length === 0 ? {} : { details: anys }),
  });
}

/** Without the stack traces, which no client prints and which name paths of the daemon's machine. */
export function withoutStacks(status: RpcStatus): RpcStatus {
  return { ...status, details: status.details.filter(({ typeUrl }) => !STACK.test(typeUrl)) };
}

/** The last part of a type's URL, e.g. `errdefs.Source`. */
export function readDetailType({ typeUrl }: StatusDetail): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1).replace(/\+json$/, "");
}
