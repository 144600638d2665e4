/** The builds that a daemon's BuildKit remembers (buildkit solver/llbsolver/history.go). */
import type { GrpcStatus } from "../../../wire/grpc/status.ts";
import type { BuildProgress } from "./build-progress.ts";
import type { AttributeMap, SolveExporter } from "./solve-options.ts";

/** A build as its client asked for it. */
export interface StartedBuild {
  /** The id that the client gave it. */
  readonly ref: string;
  readonly frontend: string;
  readonly attributes: AttributeMap;
  readonly exporter: SolveExporter;
  /** In nanoseconds since 1970. */
  readonly created: bigint;
  readonly progress: BuildProgress;
}

export interface BuildRecord extends StartedBuild {
  /** In nanoseconds since 1970; undefined while it runs. */
  readonly completed?: bigint;
  readonly failure?: GrpcStatus;
  /** The attributes of the result that the client got. */
  readonly response?: AttributeMap;
  readonly isPinned?: boolean;
}

export interface HistoryEvent {
  readonly type: "STARTED" | "COMPLETE" | "DELETED";
  readonly record: BuildRecord;
}

export interface HistoryFilter {
  /** Empty for all. */
  readonly ref: string;
  readonly activeOnly: boolean;
  /** The newest builds; 0 for all. */
  readonly limit: number;
}

type HistoryListener = (event: HistoryEvent) => void;

/** BuildKit keeps so many builds that are over. */
const RECORD_LIMIT = 50;

export class BuildHistory {
  /** The oldest first. */
  readonly #records = new Map<string, BuildRecord>();
  readonly #listeners = new Set<HistoryListener>();

  begin(build: StartedBuild): void {
    this.#put("STARTED", build);
  }

  /** The first end of a build holds. */
  end(ref: string, outcome: Pick<BuildRecord, "completed" | "failure" | "response">): void {
    const record = this.#records.get(ref);
    if (record === undefined || record.completed !== undefined) return;
    this.#put("COMPLETE", { ...record, ...outcome });
    this.#trim();
  }

  find(ref: string): BuildRecord | undefined {
    return this.#records.get(ref);
  }

  pin(ref: string, isPinned: boolean): void {
    const record = this.#records.get(ref);
    if (record !== undefined) this.#put(toEventType(record), { ...record, isPinned });
  }

  /** A build that is not known is no error. */
  remove(ref: string): void {
    const record = this.#records.get(ref);
    if (record === undefined) return;
    this.#records.delete(ref);
    this.#emit({ type: "DELETED", record });
  }

  /** What is known now, the newest first. */
  list(filter: HistoryFilter): readonly HistoryEvent[] {
    const events = [...this.#records.values()].reverse().map((record) => ({ type: toEventType(record), record }));
    const selected = events.filter((event) => isSelected(event, filter));
    return filter.limit === 0 ? selected : selected.slice(0, filter.limit);
  }

  /** Calls back with each event from now on. The function that it returns ends that. */
  listen(filter: HistoryFilter, listener: HistoryListener): () => void {
    const own: HistoryListener = (event) => {
      if (isSelected(event, { ...filter, activeOnly: false })) listener(event);
    };
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #trim(): void {
    const over = [...this.#records.values()].filter(({ completed, isPinned }) => completed !== undefined && !isPinned);
    for (const { ref } of over.slice(0, -RECORD_LIMIT)) this.remove(ref);
  }

  #put(type: HistoryEvent["type"], record: BuildRecord): void {
    this.#records.set(record.ref, record);
    this.#emit({ type, record });
  }

  #emit(event: HistoryEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function toEventType({ completed }: BuildRecord): "STARTED" | "COMPLETE" {
  return completed === undefined ? "STARTED" : "COMPLETE";
}

function isSelected({ record }: HistoryEvent, { ref, activeOnly }: HistoryFilter): boolean {
  return (ref === "" || record.ref === ref) && (!activeOnly || record.completed === undefined);
}
