/** One of two recordings of a session: its requests, read under whatever rules are tried. */
import type { SidecarRef } from "../../cassette/model.ts";
import type { Cassette, Entry } from "../../cassette/read.ts";
import { type Operation, parseOperation } from "../../wire/operation.ts";
import { asked } from "../asked.ts";
import { type BodyMeaning, NO_BODY, type Reading, streamedMeaning } from "../body.ts";
import { type Comparable, comparable } from "../difference.ts";
import { type Role, roleOf } from "../resources.ts";

export interface Side {
  readonly cassette: Cassette;
  /** The bytes of a sidecar of this cassette. */
  pieces(sidecar: SidecarRef): AsyncIterable<Buffer>;
}

/** A recorded request as it is compared. */
export interface Line {
  readonly entry: Entry;
  readonly operation: Operation;
  readonly role: Role;
  readonly comparable: Comparable;
  /** Equal for lines that mean the same, bodies included. */
  readonly key: string;
  /** Its body was not heard to the end, and is not compared. */
  readonly isPartial: boolean;
}

export async function lineOf(entry: Entry, { pieces }: Side, reading: Reading): Promise<Line> {
  const { method, target } = entry;
  const operation = parseOperation(method, target);
  const { headers } = entry.exchange().request;
  const request = asked({ method, operation, headers }, reading);
  const body = await meaningOf(entry, operation, pieces, reading);
  return {
    entry,
    operation,
    role: roleOf(method, operation),
    comparable: comparable(request, body),
    key: `${request.key}\n\n${body.key}`,
    isPartial: entry.exchange().request.isPartial === true,
  };
}

async function meaningOf(
  entry: Entry,
  { name }: Operation,
  pieces: Side["pieces"],
  reading: Reading,
): Promise<BodyMeaning> {
  const { body } = entry.exchange().request;
  if (body === undefined) return NO_BODY;
  return streamedMeaning(name, Buffer.isBuffer(body) ? onePiece(body) : pieces(body), reading);
}

async function* onePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
