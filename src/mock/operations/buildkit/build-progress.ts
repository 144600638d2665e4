/** What a build reports: its steps ("vertices"), their logs and transfers, as messages of Control/Status. */
import { BUILDKIT_SCHEMA } from "../../../wire/buildkit/buildkit-schema.ts";
import { encodeMessage } from "../../../wire/protobuf/encode-message.ts";
import type { ProtobufMessage } from "../../../wire/protobuf/protobuf-value.ts";

import { formatLintWarning } from "./lint/lint-report.ts";
import type { LintWarning } from "./lint/linter.ts";
import type { DockerfileText } from "./solve-error.ts";

/** A step of a build, as clients print it. Clients take vertices of the same digest for one. */
export interface BuildVertex {
  readonly digest: string;
  readonly name: string;
  /** The digests of the vertices that it depends on. */
  readonly inputs: readonly string[];
}

/** How many steps a build has had so far. */
export interface StepCount {
  readonly total: number;
  readonly completed: number;
  readonly cached: number;
}

const STATUS = "moby.buildkit.v1.StatusResponse";

export class BuildProgress {
  readonly #stamp: () => bigint;
  readonly #messages: Buffer[] = [];
  /** By digest, as they were last reported. */
  readonly #vertices = new Map<string, ProtobufMessage>();
  readonly #writers = new Set<(message: Buffer) => void>();
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;

  /** @param stamp the time, in nanoseconds since 1970 */
  constructor(stamp: () => bigint) {
    this.#stamp = stamp;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Writes what was reported and what will be. Resolves at the end of the build. */
  async follow(write: (message: Buffer) => void): Promise<void> {
    for (const message of this.#messages) write(message);
    this.#writers.add(write);
    await this.#ended;
    this.#writers.delete(write);
  }

  /** @param message a StatusResponse */
  report(message: ProtobufMessage): void {
    const bytes = encodeMessage(BUILDKIT_SCHEMA, STATUS, message);
    this.#messages.push(bytes);
    for (const vertex of (message.vertexes ?? []) as readonly ProtobufMessage[])
      this.#vertices.set(String(vertex.digest), vertex);
    for (const write of this.#writers) write(bytes);
  }

  countSteps(): StepCount {
    const vertices = [...this.#vertices.values()];
    const completed = vertices.filter(({ completed: end }) => end !== undefined).length;
    return { total: vertices.length, completed, cached: vertices.filter(({ cached }) => cached === true).length };
  }

  /** Reports that a step begins. */
  begin(vertex: BuildVertex): RunningVertex {
    return new RunningVertex(this, vertex, this.#stamp);
  }

  /** Reports a warning about lines of the Dockerfile. @param vertex the digest of the step that read it */
  warn(vertex: string, warning: LintWarning, { filename, text }: DockerfileText): void {
    const { rule, first, last } = warning;
    const one = {
      vertex,
      level: 1,
      short: Buffer.from(formatLintWarning(warning)),
      detail: [Buffer.from(rule.description)],
      url: rule.url,
      info: { filename, data: Buffer.from(text), language: "Dockerfile" },
      ranges: [{ start: { line: first }, end: { line: last } }],
    };
    this.report({ warnings: [one] });
  }

  end(): void {
    this.#end();
  }
}

export class RunningVertex {
  readonly #progress: BuildProgress;
  readonly #stamp: () => bigint;
  readonly #started: Timestamp;
  #record: ProtobufMessage;

  constructor(progress: BuildProgress, { digest, name, inputs }: BuildVertex, stamp: () => bigint) {
    this.#progress = progress;
    this.#stamp = stamp;
    this.#started = toTimestamp(stamp());
    this.#record = { digest, ...(inputs.length === 0 ? {} : { inputs }), name, started: this.#started };
    progress.report({ vertexes: [this.#record] });
  }

  /** The vertex as it was last reported. */
  get record(): ProtobufMessage {
    return this.#record;
  }

  log(stream: "stdout" | "stderr", msg: Buffer): void {
    const log = {
      vertex: this.#digest,
      timestamp: toTimestamp(this.#stamp()),
      stream: stream === "stdout" ? 1 : 2,
      msg,
    };
    this.#progress.report({ logs: [log] });
  }

  /** Begins a transfer or the like within the step. The function that it returns ends it. */
  beginTask(id: string, name = ""): (size?: number) => void {
    const started = toTimestamp(this.#stamp());
    const task = { ID: id, vertex: this.#digest, ...(name === "" ? {} : { name }), started };
    this.#progress.report({ statuses: [{ ...task, timestamp: started }] });
    return (size = 0) => {
      const now = toTimestamp(this.#stamp());
      const current = size === 0 ? {} : { current: size };
      this.#progress.report({ statuses: [{ ...task, ...current, timestamp: now, completed: now }] });
    };
  }

  complete({ isCached = false, error }: { readonly isCached?: boolean; readonly error?: string } = {}): void {
    const outcome = { ...(isCached ? { cached: true } : {}), ...(error === undefined ? {} : { error }) };
    this.#record = { ...this.#record, completed: toTimestamp(this.#stamp()), ...outcome };
    this.#progress.report({ vertexes: [this.#record] });
  }

  get #digest(): string {
    return this.#record.digest as string;
  }
}

export type Timestamp = { readonly seconds: number; readonly nanos: number };

export function toTimestamp(ns: bigint): Timestamp {
  return { seconds: Number(ns / 1_000_000_000n), nanos: Number(ns % 1_000_000_000n) };
}
