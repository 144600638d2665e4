/**
 * What passed between docker CLI 28.5 and an Engine 28.5.2: lines of [connection, milliseconds, side, base64], without
 * the base64 where the side has closed its half.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { BUILDKIT_SCHEMA } from "../../../src/wire/buildkit/buildkit-schema.ts";
import type { GrpcEvent } from "../../../src/wire/grpc/call-event.ts";
import { GrpcDecoder } from "../../../src/wire/grpc/grpc-decoder.ts";
import type { Http2Side } from "../../../src/wire/http2/http2-event.ts";
import { decodeMessage } from "../../../src/wire/protobuf/decode-message.ts";

export const CAPTURES = ["plain", "failing", "secret", "local", "bake"] as const;
export type CaptureName = (typeof CAPTURES)[number];

type CapturedPiece = readonly [side: Http2Side, bytes: Buffer];

/** An upgraded connection, or a tunnel inside of one. */
export interface CapturedConnection {
  /** `/grpc`, `/session`, or `tunnel`. */
  readonly target: string;
  readonly pieces: readonly CapturedPiece[];
}

export interface CapturedCall {
  readonly target: string;
  readonly path: string;
  readonly caller: Http2Side;
  readonly events: GrpcEvent[];
}

/** All upgraded connections of a capture, tunnels included. */
export function readCapture(name: CaptureName): CapturedConnection[] {
  const text = gunzipSync(readFileSync(join(import.meta.dirname, "captures", `${name}.jsonl.gz`))).toString("utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [number, number, Http2Side, string?]);
  const connections = new Map<number, CapturedPiece[]>();
  for (const [connection, , side, base64 = ""] of lines) {
    const pieces = connections.get(connection) ?? [];
    connections.set(connection, [...pieces, [side, Buffer.from(base64, "base64")]]);
  }
  const upgraded = [...connections.values()].flatMap(toUpgraded);
  return [...upgraded, ...upgraded.flatMap(tunnelsIn)];
}

function toUpgraded(pieces: readonly CapturedPiece[]): CapturedConnection[] {
  const request = joined(pieces, "client");
  const head = request.subarray(0, request.indexOf("\r\n\r\n")).toString("latin1");
  if (!/^upgrade: h2c/im.test(head)) return [];
  const rest = { client: head.length + 4, daemon: joined(pieces, "daemon").indexOf("\r\n\r\n") + 4 };
  const upgraded = pieces.map(([side, bytes]): CapturedPiece => {
    const skipped = Math.min(rest[side], bytes.length);
    rest[side] -= skipped;
    return [side, bytes.subarray(skipped)];
  });
  return [{ target: head.split(" ")[1] ?? "", pieces: upgraded }];
}

function joined(pieces: readonly CapturedPiece[], side: Http2Side): Buffer {
  return Buffer.concat(pieces.filter(([from]) => from === side).map(([, bytes]) => bytes));
}

export function callsOf({ target, pieces }: CapturedConnection): CapturedCall[] {
  const decoder = new GrpcDecoder();
  const calls = new Map<number, CapturedCall>();
  for (const event of pieces.flatMap(([side, bytes]) => decoder.push(side, bytes))) {
    if (event.kind === "call") calls.set(event.stream, { target, path: event.path, caller: event.caller, events: [] });
    if (event.kind !== "goaway") calls.get(event.stream)?.events.push(event);
  }
  return [...calls.values()];
}

/** Control/Session carries a connection in which the daemon is the HTTP/2 client. */
function tunnelsIn(connection: CapturedConnection): CapturedConnection[] {
  const tunnels = callsOf(connection).filter(({ path }) => path.endsWith("Control/Session"));
  return tunnels.map(({ events }) => ({
    target: "tunnel",
    pieces: messagesOf(events).map(([side, bytes]): CapturedPiece => [side, tunnelled(bytes)]),
  }));
}

function tunnelled(message: Buffer): Buffer {
  const { data = Buffer.alloc(0) } = decodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.BytesMessage", message);
  return data as Buffer;
}

export function messagesOf(events: readonly GrpcEvent[]): (readonly [Http2Side, Buffer])[] {
  return events.flatMap((event) => (event.kind === "message" ? [[event.side, event.bytes] as const] : []));
}
