/**
 * Feeds what another tool has saved to a recording, as if it passed at the times that the file has: so names, cues,
 * sidecars and secrets are dealt with as in any recording.
 */

import { cutIntoPieces } from "../base/bytes.ts";
import { WhalesongError } from "../base/errors.ts";
import { getUsualChunkSize } from "../cassette/chunks.ts";
import { ConversationDecoder } from "../record/decode/conversation-decoder.ts";
import { doesHijack, streamFormat } from "../record/decode/operation-traits.ts";
import type { ConversationSide } from "../record/decode/record-event.ts";
import type { StreamFormat } from "../record/decode/stream-decoder.ts";
import type { RecordingPipeline } from "../record/recording-pipeline.ts";
import { encodeChunk, encodeLastChunk } from "../wire/http/body.ts";
import {
  encodeRequestHead,
  encodeResponseHead,
  findFieldValue,
  type HeaderField,
  hasToken,
  type ResponseHead,
} from "../wire/http/head.ts";
import { parseOperation } from "../wire/operations/operation.ts";
import {
  type ForeignExchange,
  type ForeignFile,
  isDockerExchange,
  type SkippedExchange,
  toSkippedExchange,
} from "./foreign-exchange.ts";
import { dropFields } from "./header-fields.ts";
import { unitSizes } from "./unit-sizes.ts";

const FRAMING = /^(content-length|transfer-encoding|expect|connection)$/i;
const CHUNKED: HeaderField = ["Transfer-Encoding", "chunked"];

/** What one side sends at one time. */
interface ReplayStep {
  readonly at: number;
  readonly decoder: ConversationDecoder;
  readonly side: ConversationSide;
  /** The bytes are made only when it is their turn. */
  encode(): readonly Buffer[];
}

/** Returns what cannot be taken over. */
export function replayForeignFile(file: ForeignFile, pipeline: RecordingPipeline): readonly SkippedExchange[] {
  const skipped = [...file.skipped];
  const steps: ReplayStep[] = [];
  for (const exchange of file.exchanges) {
    const reason = reasonToSkip(exchange);
    if (reason !== undefined) skipped.push(toSkippedExchange(exchange, reason));
    else steps.push(...toSteps(exchange, new ConversationDecoder(pipeline.nextConnection())));
  }
  for (const { at, decoder, side, encode } of steps.sort((a, b) => a.at - b.at)) {
    for (const bytes of encode()) pipeline.record(decoder.push(side, bytes, at));
  }
  return skipped;
}

function reasonToSkip(exchange: ForeignExchange): string | undefined {
  if (!isDockerExchange(exchange)) return "it is not of the Docker Engine API";
  const operation = parseOperation(exchange.method, exchange.target);
  if (doesHijack(savedHead(exchange), operation)) return "it leaves HTTP, and what was said then was not saved";
  return encodingProblem(exchange);
}

/** Why no client and no daemon can have sent this. */
function encodingProblem(exchange: ForeignExchange): string | undefined {
  try {
    encodeForeignRequestHead(exchange);
    encodeResponseHead(fittedHead(exchange));
    return undefined;
  } catch (error) {
    if (error instanceof WhalesongError) return error.message;
    throw error;
  }
}

/** Where the file has no times, one exchange comes after the other. The result of a wait comes at its end. */
function toSteps(exchange: ForeignExchange, decoder: ConversationDecoder): ReplayStep[] {
  const {
    requestedAt,
    respondedAt: answered,
    endedAt: ended,
  } = exchange.times ?? { requestedAt: 0, respondedAt: 0, endedAt: 0 };
  const isWait = parseOperation(exchange.method, exchange.target).name === "ContainerWait";
  const head = (): readonly Buffer[] => [encodeResponseHead(fittedHead(exchange))];
  return [
    { at: requestedAt, decoder, side: "client", encode: () => encodeRequest(exchange) },
    { at: answered, decoder, side: "daemon", encode: head },
    { at: isWait ? ended : answered, decoder, side: "daemon", encode: () => encodeBody(exchange) },
  ];
}

function encodeRequest(exchange: ForeignExchange): readonly Buffer[] {
  const { requestBody } = exchange;
  const head = encodeForeignRequestHead(exchange);
  return Buffer.isBuffer(requestBody) ? [Buffer.concat([head, requestBody])] : [head];
}

function encodeForeignRequestHead({ method, target, requestFields, requestBody }: ForeignExchange): Buffer {
  const fields = [...dropFields(requestFields, FRAMING), ...requestFraming(requestBody)];
  return encodeRequestHead({ method, target, version: "HTTP/1.1", fields });
}

/** A body that is not known is announced and never comes: the recorder then knows that it is not to be compared. */
function requestFraming(body: ForeignExchange["requestBody"]): readonly HeaderField[] {
  if (body === undefined) return [];
  return body === "unknown" ? [CHUNKED] : [["Content-Length", `${body.length}`]];
}

/** The head as it was saved. */
function savedHead({ status, reason, fields }: ForeignExchange): ResponseHead {
  // Whether the connection was closed concerns that client and its peer only.
  return { version: "HTTP/1.1", status, reason, fields: dropFields(fields, /^(connection|keep-alive)$/i) };
}

/** The head with a framing that fits the body as it is now. */
function fittedHead(exchange: ForeignExchange): ResponseHead {
  return savedHead(hasBody(exchange) ? { ...exchange, fields: fittedFields(exchange) } : exchange);
}

function hasBody({ method, status }: ForeignExchange): boolean {
  return method !== "HEAD" && status !== 204 && status !== 304;
}

function fittedFields(exchange: ForeignExchange): readonly HeaderField[] {
  const { fields, body } = exchange;
  if (isChunked(exchange)) return hasToken(fields, "Transfer-Encoding", "chunked") ? fields : [...fields, CHUNKED];
  const length = ["Content-Length", `${body.length}`] as const;
  if (findFieldValue(fields, "Content-Length") === undefined) return [...fields, length];
  return fields.map((field) => (/^content-length$/i.test(field[0]) ? length : field));
}

/** As the head says; where it says nothing, a stream is chunked. */
function isChunked(exchange: ForeignExchange): boolean {
  const { fields } = exchange;
  if (hasToken(fields, "Transfer-Encoding", "chunked")) return true;
  return findFieldValue(fields, "Content-Length") === undefined && formatOf(exchange) !== undefined;
}

function formatOf(exchange: ForeignExchange): StreamFormat | undefined {
  return streamFormat(parseOperation(exchange.method, exchange.target), savedHead(exchange));
}

/** How the body was cut is not saved: it is cut as daemons usually do. */
function encodeBody(exchange: ForeignExchange): readonly Buffer[] {
  if (!hasBody(exchange)) return [];
  const { body } = exchange;
  if (!isChunked(exchange)) return [body];
  const format = formatOf(exchange);
  const sizes = format === undefined ? evenSizes(body.length) : unitSizes(format, body);
  return [...cutIntoPieces(body, sizes).map(encodeChunk), encodeLastChunk([])];
}

function evenSizes(total: number): readonly number[] {
  const size = getUsualChunkSize(total);
  return new Array<number>(Math.floor(total / size)).fill(size);
}
