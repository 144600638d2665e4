/** Reads the request of a unary call: what it is, and which build it names. */
import { WireError } from "../../base/errors.ts";
import type { GrpcServerCall } from "../../session/grpc/serve-grpc.ts";
import { BUILDKIT_SCHEMA } from "../../wire/buildkit/buildkit-schema.ts";
import { BUILDKIT_METHODS } from "../../wire/buildkit/services.ts";
import { findFieldValue } from "../../wire/http/fields.ts";
import { decodeMessage } from "../../wire/protobuf/decode-message.ts";
import { type JsonMessageValue, toJsonMessage } from "../../wire/protobuf/json-message.ts";
import { SOLVE, STATUS } from "./build-methods.ts";
import { type WaitLimit, waitWithin } from "./wait-within.ts";

/** buildx names the build of a call in this field, but for Solve and Status, whose requests have its Ref. */
const BUILD_ID = "buildkit-controlapi-buildid";
const NOTHING = Buffer.alloc(0);

/**
 * The message of a call, once its client has sent all of it.
 * @throws WireError `WHALESONG_BAD_GRPC` where none comes within the limit
 */
export async function readRequest(call: GrpcServerCall, limit: WaitLimit): Promise<Buffer> {
  const message = readFirst(call.messages);
  if (await waitWithin(message, limit)) return message;
  throw new WireError("WHALESONG_BAD_GRPC", `cannot read gRPC: ${call.method} sent no message within ${limit.ms} ms`);
}

async function readFirst(messages: AsyncIterable<Buffer>): Promise<Buffer> {
  let first: Buffer | undefined;
  for await (const message of messages) first ??= message;
  return first ?? NOTHING;
}

/**
 * Undefined for a method that BuildKit does not have.
 * @throws WireError `WHALESONG_BAD_PROTOBUF`
 */
export function decodeRequest(method: string, message: Buffer): JsonMessageValue | undefined {
  const shape = BUILDKIT_METHODS.get(method);
  if (shape?.request === undefined || shape.caller !== "client") return undefined;
  return toJsonMessage(decodeMessage(BUILDKIT_SCHEMA, shape.request, message));
}

/** The Ref of the build that a call belongs to; empty where it names none. */
export function findBuildRef({ method, metadata }: GrpcServerCall, request: JsonMessageValue): string {
  const { Ref: ref = "" } = request as { readonly Ref?: string };
  return method === SOLVE || method === STATUS ? ref : (findFieldValue(metadata, BUILD_ID) ?? "");
}
