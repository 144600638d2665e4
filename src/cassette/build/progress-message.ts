/** BuildKit's StatusResponse as a `BuildProgress`, whose times are offsets, and back. */
import { BUILDKIT_SCHEMA } from "../../wire/buildkit/buildkit-schema.ts";
import { encodeMessage } from "../../wire/protobuf/encode-message.ts";
import { toJsonMessage } from "../../wire/protobuf/json-message.ts";
import { decodeLossless } from "../../wire/protobuf/lossless.ts";
import type { ProtobufMessage, ProtobufValue } from "../../wire/protobuf/protobuf-value.ts";
import { formatTimestamp, parseTimestamp } from "../../wire/protobuf/timestamp.ts";
import type { ProgressMessage, StepLog, StepStatus, StepUpdate, StepWarning } from "../build-model.ts";

const STATUS_RESPONSE = "moby.buildkit.v1.StatusResponse";
const BILLION = 1_000_000_000n;

type Fields = Record<string, ProtobufValue | undefined>;

/** The first time that the message names, in nanoseconds since 1970; undefined where it names none. */
export function findFirstTime(message: Buffer): bigint | undefined {
  const decoded = decodeLossless(BUILDKIT_SCHEMA, STATUS_RESPONSE, message);
  const records = ["vertexes", "statuses", "logs"].flatMap((field) => listRecords(decoded?.[field]));
  for (const { started, timestamp, completed } of records) {
    const time = toNanos(started ?? timestamp ?? completed);
    if (time !== undefined) return time;
  }
  return undefined;
}

/**
 * @param base nanoseconds since 1970 from which the offsets count
 * @returns undefined where encoding the result would not give the same bytes
 */
export function decodeBuildProgress(message: Buffer, base: bigint): ProgressMessage | undefined {
  const decoded = decodeLossless(BUILDKIT_SCHEMA, STATUS_RESPONSE, message);
  if (decoded === undefined) return undefined;
  const read = new ProgressReader(base);
  const progress: ProgressMessage = {
    steps: listRecords(decoded.vertexes).map((record) => read.readStep(record)),
    statuses: listRecords(decoded.statuses).map((record) => read.readStatus(record)),
    logs: listRecords(decoded.logs).map((record) => read.readLog(record)),
    warnings: listRecords(decoded.warnings).map(readWarning),
  };
  return encodesTo(progress, base, message) ? progress : undefined;
}

function encodesTo(progress: ProgressMessage, base: bigint, message: Buffer): boolean {
  try {
    return encodeBuildProgress(progress, base).equals(message);
  } catch {
    return false;
  }
}

/** The bytes of the StatusResponse. @param base nanoseconds since 1970 from which the offsets count */
export function encodeBuildProgress(progress: ProgressMessage, base: bigint): Buffer {
  const time = (offset: number | undefined): string | undefined => toTimestamp(offset, base);
  const lists: Fields = {
    vertexes: progress.steps.map((step) => toVertex(step, time)),
    statuses: progress.statuses.map((status) => toVertexStatus(status, time)),
    logs: progress.logs.map((log) => toVertexLog(log, time)),
    warnings: progress.warnings.map(({ digest, message }) => withoutGaps({ ...message, vertex: orGap(digest) })),
  };
  const present = Object.entries(lists).filter(([, list]) => (list as readonly unknown[]).length > 0);
  return encodeMessage(BUILDKIT_SCHEMA, STATUS_RESPONSE, Object.fromEntries(present) as ProtobufMessage);
}

class ProgressReader {
  readonly #base: bigint;

  constructor(base: bigint) {
    this.#base = base;
  }

  readStep({ digest, inputs, name, cached, started, completed, error, progressGroup }: ProtobufMessage): StepUpdate {
    return withoutGaps({
      digest: String(digest ?? ""),
      inputs: (inputs as readonly string[] | undefined) ?? [],
      name: toText(name),
      isCached: cached === true,
      started: this.#toOffset(started),
      completed: this.#toOffset(completed),
      error: toText(error),
      group: progressGroup === undefined ? undefined : toJsonMessage(progressGroup),
    }) as unknown as StepUpdate;
  }

  readStatus({ ID, vertex, timestamp, started, completed, ...others }: ProtobufMessage): StepStatus {
    return withoutGaps({
      id: String(ID ?? ""),
      digest: String(vertex ?? ""),
      name: toText(others.name),
      current: toNumber(others.current),
      total: toNumber(others.total),
      timestamp: this.#toOffset(timestamp),
      started: this.#toOffset(started),
      completed: this.#toOffset(completed),
    }) as unknown as StepStatus;
  }

  readLog({ vertex, timestamp, stream, msg }: ProtobufMessage): StepLog {
    return withoutGaps({
      digest: String(vertex ?? ""),
      timestamp: this.#toOffset(timestamp),
      stream: toNumber(stream),
      bytes: msg ?? Buffer.alloc(0),
    }) as unknown as StepLog;
  }

  /** Times that no number holds exactly are left out; then the message is not encoded back. */
  #toOffset(time: ProtobufValue | undefined): number | undefined {
    const nanos = toNanos(time);
    const offset = nanos === undefined ? undefined : Number(nanos - this.#base);
    return offset !== undefined && Number.isSafeInteger(offset) ? offset : undefined;
  }
}

function readWarning({ vertex, ...others }: ProtobufMessage): StepWarning {
  return { digest: String(vertex ?? ""), message: toJsonMessage(others) as StepWarning["message"] };
}

type ToTime = (offset: number | undefined) => string | undefined;

function toVertex({ digest, inputs, isCached, group, ...step }: StepUpdate, time: ToTime): ProtobufMessage {
  return withoutGaps({
    digest: orGap(digest),
    inputs: inputs.length === 0 ? undefined : inputs,
    name: step.name,
    cached: isCached ? true : undefined,
    started: time(step.started),
    completed: time(step.completed),
    error: step.error,
    progressGroup: group as ProtobufValue | undefined,
  });
}

function toVertexStatus({ id, digest, ...status }: StepStatus, time: ToTime): ProtobufMessage {
  return withoutGaps({
    ID: orGap(id),
    vertex: orGap(digest),
    name: status.name,
    current: status.current,
    total: status.total,
    timestamp: time(status.timestamp),
    started: time(status.started),
    completed: time(status.completed),
  });
}

function toVertexLog({ digest, timestamp, stream, bytes }: StepLog, time: ToTime): ProtobufMessage {
  const msg = bytes.length === 0 ? undefined : bytes;
  return withoutGaps({ vertex: orGap(digest), timestamp: time(timestamp), stream, msg });
}

/** Go writes no empty text. */
function orGap(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function withoutGaps(fields: Fields): ProtobufMessage {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ProtobufMessage;
}

/** Text that is no UTF-8 is left out; then the message is not encoded back. */
function toText(value: ProtobufValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function toNumber(value: ProtobufValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function listRecords(value: ProtobufValue | undefined): readonly ProtobufMessage[] {
  return (value as readonly ProtobufMessage[] | undefined) ?? [];
}

function toNanos(time: ProtobufValue | undefined): bigint | undefined {
  const parsed = typeof time === "string" ? parseTimestamp(time) : undefined;
  return parsed === undefined ? undefined : BigInt(parsed.seconds) * BILLION + BigInt(parsed.nanos);
}

function toTimestamp(offset: number | undefined, base: bigint): string | undefined {
  if (offset === undefined) return undefined;
  const nanos = base + BigInt(offset);
  const seconds = nanos >= 0n ? nanos / BILLION : (nanos - BILLION + 1n) / BILLION;
  return formatTimestamp({ seconds: Number(seconds), nanos: Number(nanos - seconds * BILLION) });
}
