/** A request of one of two recordings, normalized under the rules that are tried. */
import type { RecordedBody, SidecarRef } from "../../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { type Operation, parseOperation } from "../../wire/operations/operation.ts";
import { type ComparableRequest, toComparable } from "../compare-requests.ts";
import {
  NO_BODY,
  type NormalizedBody,
  type NormalizeOptions,
  normalizeStreamedBody,
} from "../normalize/normalize-body.ts";
import { normalizeRequest } from "../normalize/normalize-request.ts";
import { type ExchangeRole, toRole } from "../resources.ts";

/** A recording whose exchanges are looked at by their numbers, in any order. */
export interface ComparedRecording {
  readonly cassette: CassetteWalk;
  /** The bytes of a sidecar of this cassette. */
  pieces(sidecar: SidecarRef): AsyncIterable<Buffer>;
}

export interface ComparedRequest {
  readonly entry: CassetteEntry;
  readonly operation: Operation;
  readonly role: ExchangeRole;
  readonly comparable: ComparableRequest;
  /** Equivalent requests have equal keys; bodies count. */
  readonly key: string;
  /** The recording does not have the whole body, so it is not compared. */
  readonly isPartial: boolean;
}

/** The exchange of this number, which the recording has. */
export function findEntry({ cassette }: Pick<ComparedRecording, "cassette">, index: number): CassetteEntry {
  return cassette.entries.at(index) as CassetteEntry;
}

export async function toComparedRequest(
  entry: CassetteEntry,
  { pieces }: ComparedRecording,
  options: NormalizeOptions,
): Promise<ComparedRequest> {
  const { method, target } = entry;
  const operation = parseOperation(method, target);
  const { headers, body: recordedBody, isPartial = false } = entry.skim().exchange.request;
  const request = normalizeRequest({ method, operation, headers }, options);
  const body = await normalizeRecordedBody(recordedBody, operation, pieces, options);
  return {
    entry,
    operation,
    role: toRole(method, operation),
    comparable: toComparable(request, body),
    key: `${request.key}\n\n${body.key}`,
    isPartial,
  };
}

async function normalizeRecordedBody(
  body: RecordedBody | undefined,
  { name }: Operation,
  pieces: ComparedRecording["pieces"],
  options: NormalizeOptions,
): Promise<NormalizedBody> {
  if (body === undefined) return NO_BODY;
  return normalizeStreamedBody(name, Buffer.isBuffer(body) ? toPieces(body) : pieces(body), options);
}

async function* toPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
