/** A build as lines to read: its progress as docker's plain progress has it, and what was asked, sent and answered. */

import { formatDuration } from "../base/duration.ts";
import { StepNumbers } from "../cassette/build/step-numbers.ts";
import type {
  BuildEvent,
  BuildkitCall,
  ProgressMessage,
  RecordedStatus,
  StepLog,
  StepStatus,
  StepUpdate,
  TransferEndEvent,
} from "../cassette/build-model.ts";
import type { SidecarRef } from "../cassette/sidecar-ref.ts";
import { GRPC_STATUS_NAMES } from "../wire/grpc/status.ts";
import { escapeInvisible } from "../yaml/visible.ts";

export interface BuildLine {
  /** The client's, the daemon's, or neither's doing. */
  readonly side: ">" | "<" | " ";
  readonly text: string;
  /** Begin and end of a call, and a pause, which docker does not print. */
  readonly kind?: "call" | "end" | "wait";
  /** Of a pause. */
  readonly waitMs?: number;
  /** The files that it speaks of. */
  readonly tar?: SidecarRef;
}

const SECOND = 1e9;
const UNITS = ["B", "kB", "MB", "GB", "TB"];

export function* formatBuildLines(events: readonly BuildEvent[]): Generator<BuildLine> {
  const progress = new StepLines(events);
  for (const event of events) {
    if (event.kind === "progress") yield* progress.format(event.progress);
    else yield* formatOther(event);
  }
}

/** A single call: how it ended, and how much was answered. */
export function formatCallAnswer({ status, answers }: BuildkitCall): string {
  const messages = answers.length === 0 ? "" : `, ${answers.length} message${answers.length === 1 ? "" : "s"}`;
  return `${formatStatus(status)}${messages}`;
}

function* formatOther(event: Exclude<BuildEvent, { kind: "progress" }>): Generator<BuildLine> {
  switch (event.kind) {
    case "call":
      yield { side: ">", text: event.method, kind: "call" };
      break;
    case "cancel":
      yield { side: ">", text: `${event.method} is given up` };
      break;
    case "end":
      if (event.status.code !== 0)
        yield { side: "<", text: `${event.method}: ${formatStatus(event.status)}`, kind: "end" };
      break;
    case "line":
      yield { side: "<", text: escapeInvisible(event.json.toString("utf8")) };
      break;
    case "transferred":
      yield { side: event.transfer === "export" ? "<" : ">", text: formatTransfer(event), ...toTar(event) };
      break;
    case "secret":
      yield { side: " ", text: `the daemon asks for the ${event.of} ${escapeInvisible(event.id)}` };
      break;
    case "wait":
      yield { side: " ", text: `... ${formatDuration(event.ms)}`, kind: "wait", waitMs: event.ms };
      break;
    case "cut":
      yield { side: " ", text: "the recording stops" };
      break;
    default:
  }
}

function formatStatus({ code, message }: RecordedStatus): string {
  const name = GRPC_STATUS_NAMES[code] ?? `${code}`;
  return message === "" ? name : `${name} ${escapeInvisible(message)}`;
}

function toTar({ content }: TransferEndEvent): Pick<BuildLine, "tar"> {
  const tar = content.kind === "bytes" ? content.file : content.tar;
  return tar === undefined ? {} : { tar };
}

function formatTransfer({ as, content, problem }: TransferEndEvent): string {
  const file = content.kind === "bytes" ? content.file : content.tar;
  const facts = [
    ...(file === undefined ? [] : [`${file.path} (${file.size} bytes)`]),
    ...(content.kind === "tree" && content.entries.length > 0
      ? [`${content.entries.length} entries without content`]
      : []),
    ...(problem === undefined ? [] : [`failed: ${escapeInvisible(problem)}`]),
  ];
  return `${as}: ${facts.length === 0 ? "nothing" : facts.join(", ")}`;
}

class StepLines {
  readonly #numbers: ReadonlyMap<string, number>;
  /** A step may be said to be done, and begin again: it is done for good at its last one. */
  readonly #lastDone = new Map<string, StepUpdate>();
  readonly #named = new Set<string>();
  readonly #started = new Map<string, number>();
  /** Builds that share a step report its parts once each. */
  readonly #statuses = new Set<string>();

  constructor(events: readonly BuildEvent[]) {
    const numbers = new StepNumbers();
    for (const event of events) {
      if (event.kind !== "progress") continue;
      numbers.note(event.progress);
      for (const step of event.progress.steps) if (step.completed !== undefined) this.#lastDone.set(step.digest, step);
    }
    this.#numbers = numbers.number();
  }

  *format({ steps, statuses, logs }: ProgressMessage): Generator<BuildLine> {
    for (const step of steps) yield* this.#formatStep(step);
    for (const status of statuses) yield* this.#formatStatus(status);
    for (const log of logs) yield* this.#formatLog(log);
  }

  *#formatStep(step: StepUpdate): Generator<BuildLine> {
    const { digest, name = digest, started, completed, isCached, error } = step;
    if (started !== undefined) this.#started.set(digest, started);
    if (started === undefined && completed === undefined) return;
    if (!this.#named.has(digest)) yield this.#line(digest, name);
    this.#named.add(digest);
    if (this.#lastDone.get(digest) !== step || completed === undefined) return;
    const seconds = ((completed - (started ?? completed)) / SECOND).toFixed(1);
    yield this.#line(digest, error !== undefined ? `ERROR: ${error}` : isCached ? "CACHED" : `DONE ${seconds}s`);
  }

  *#formatStatus({ digest, id, current, completed }: StepStatus): Generator<BuildLine> {
    if (completed === undefined) return;
    const text = `${id}${current === undefined ? "" : ` ${formatSize(current)}`} done`;
    if (this.#statuses.has(`${digest} ${text}`)) return;
    this.#statuses.add(`${digest} ${text}`);
    yield this.#line(digest, text);
  }

  *#formatLog({ digest, timestamp, bytes }: StepLog): Generator<BuildLine> {
    const seconds = ((timestamp ?? 0) - (this.#started.get(digest) ?? 0)) / SECOND;
    for (const line of bytes.toString("utf8").replace(/\n$/, "").split("\n")) {
      yield this.#line(digest, `${seconds.toFixed(3)} ${line}`);
    }
  }

  #line(digest: string, text: string): BuildLine {
    return { side: "<", text: `#${this.#numbers.get(digest) ?? "?"} ${escapeInvisible(text)}` };
  }
}

/** `131B`, `530.43MB`. */
function formatSize(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return `${Number((bytes / 1000 ** power).toPrecision(4 + (power === 0 ? 0 : 1)))}${UNITS[power]}`;
}
