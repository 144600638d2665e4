/** Feeds raw bytes of builds to a recorder in memory. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ConversationDecoder } from "../../../src/record/decode/conversation-decoder.ts";
import type { ConversationSide } from "../../../src/record/decode/record-event.ts";
import { type PipelineOptions, RecordingPipeline } from "../../../src/record/recording-pipeline.ts";
import type { RecordingReport } from "../../../src/record/write/tape.ts";
import { MemoryStore } from "../../playbook/memory-store.ts";

/** Bytes that one side of a connection sent, and when; without bytes it closed its half. */
export interface CapturedPiece {
  readonly connection: number;
  readonly at: number;
  readonly side: ConversationSide;
  readonly bytes: Buffer | undefined;
}

export interface RecordedCapture {
  readonly text: string;
  /** By path. */
  readonly sidecars: ReadonlyMap<string, Buffer>;
  readonly report: RecordingReport;
  readonly problems: readonly unknown[];
}

const FOLDERS = {
  here: join(import.meta.dirname, "captures"),
  wire: join(import.meta.dirname, "../../wire/buildkit/captures"),
};

/** The pieces in the order in which they passed. */
export function readPieces(name: string, folder: keyof typeof FOLDERS): CapturedPiece[] {
  const text = gunzipSync(readFileSync(join(FOLDERS[folder], `${name}.jsonl.gz`))).toString("utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [number, number, ConversationSide, string?])
    .map(([connection, at, side, base64]) => ({
      connection,
      at,
      side,
      bytes: base64 === undefined ? undefined : Buffer.from(base64, "base64"),
    }));
}

const recordings = new Map<string, Promise<RecordedCapture>>();

/** The recording of a capture, as it was taken; made once. */
export function recordCapture(name: string, folder: keyof typeof FOLDERS): Promise<RecordedCapture> {
  const key = `${folder}/${name}`;
  const recording = recordings.get(key) ?? recordPieces(readPieces(name, folder));
  recordings.set(key, recording);
  return recording;
}

export async function recordPieces(
  pieces: readonly CapturedPiece[],
  options: Partial<PipelineOptions> = {},
): Promise<RecordedCapture> {
  const store = new MemoryStore();
  const problems: unknown[] = [];
  const pipeline = new RecordingPipeline({
    store,
    recorded: { at: "2026-11-28", by: "whalesong 0.0.0" },
    warn: (problem) => problems.push(problem),
    ...options,
  });
  const decoders = new Map<number, ConversationDecoder>();
  const closed = new Map<number, Set<ConversationSide>>();
  for (const { connection, at, side, bytes } of pieces) {
    const decoder = decoders.get(connection) ?? new ConversationDecoder(pipeline.nextConnection());
    decoders.set(connection, decoder);
    if (bytes !== undefined) pipeline.record(decoder.push(side, bytes, at));
    else pipeline.record(decoder.close(side === "client" ? "client-eof" : "daemon-eof", at));
    if (bytes === undefined) closed.set(connection, new Set([...(closed.get(connection) ?? []), side]));
  }
  const last = pieces.at(-1)?.at ?? 0;
  for (const [connection, decoder] of decoders) {
    if (closed.get(connection)?.has("daemon") !== true) pipeline.record(decoder.close("cut", last));
  }
  const report = await pipeline.finish();
  return { text: store.text, sidecars: store.sidecars, report, problems };
}
