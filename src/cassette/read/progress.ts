/** Reads what a build says of its steps; what a line leaves out, an earlier line has said. */
import {
  createShapeError,
  createUnknownWordError,
  createValueError,
  readFields,
  readItems,
  type YamlFields,
  type YamlPlace,
} from "../../yaml/place.ts";
import { readBase64, readCount, readFlag, readText } from "../../yaml/values.ts";
import { ProgressMemory } from "../build/progress-memory.ts";
import { parseTimeOffset } from "../build/time-offset.ts";
import type { ProgressMessage, StepLog, StepStatus, StepUpdate, StepWarning } from "../build-model.ts";
import { readJsonText } from "./json.ts";
import { readMessageJson } from "./message.ts";

const COMMON = ["n", "build"] as const;
const STEP_KEYS = [...COMMON, "at", "name", "digest", "inputs", "cached", "error", "group"] as const;

/** One line: a verb, its value, and the text of a log below it. */
export interface ProgressLine {
  readonly verb: string;
  readonly value: YamlPlace;
  readonly text: YamlPlace | undefined;
}

/** The keys of each verb's value. */
export const PROGRESS_VERBS: Readonly<Record<string, readonly string[]>> = {
  step: STEP_KEYS,
  start: STEP_KEYS,
  done: [...STEP_KEYS, "started"],
  status: [...COMMON, "id", "name", "current", "total", "at", "started", "completed"],
  log: [...COMMON, "at", "stream", "text", "base64"],
  warning: [...COMMON, "message"],
};

export class ProgressReader {
  readonly #digests = new Map<string, string>();
  readonly #memory: ProgressMemory = new ProgressMemory();

  /** Numbers may be used before the line that says which step they name: all lines are collected first. */
  collect({ verb, value }: ProgressLine): void {
    if (!["step", "start", "done"].includes(verb)) return;
    const fields = readLineFields(verb, value);
    const [number, digest] = [fields.get("n"), fields.get("digest")];
    if (number === undefined || digest === undefined) return;
    this.#digests.set(readText(number), readText(digest));
  }

  /** The lines of one message. */
  read(lines: readonly ProgressLine[]): ProgressMessage {
    const progress = { steps: [], statuses: [], logs: [], warnings: [] } as {
      steps: StepUpdate[];
      statuses: StepStatus[];
      logs: StepLog[];
      warnings: StepWarning[];
    };
    for (const { verb, value, text } of lines) {
      const fields = readLineFields(verb, value);
      const digest = this.#resolveStep(value, fields);
      if (verb === "status") progress.statuses.push(this.#readStatus(digest, fields, value));
      else if (verb === "log") progress.logs.push(readLog(digest, fields, text));
      else if (verb === "warning") progress.warnings.push({ digest, message: readWarning(fields, value) });
      else progress.steps.push(this.#readStep(verb, digest, fields, value));
    }
    return progress;
  }

  /** A step is named by its number, or by its digest where it has none. */
  #resolveStep(value: YamlPlace, fields: YamlFields): string {
    const place = fields.get("n");
    if (place === undefined) throw createShapeError(value, `\`${value.what}\` must have \`n\`, the number of a step`);
    return this.#resolveNumber(place);
  }

  #resolveNumber(place: YamlPlace): string {
    const text = readText(place);
    const digest = this.#digests.get(text) ?? (/^\d+$/.test(text) ? undefined : text);
    if (digest !== undefined) return digest;
    throw createUnknownWordError(place, `step \`${text}\``, text, [...this.#digests.keys()]);
  }

  #readStep(verb: string, digest: string, fields: YamlFields, value: YamlPlace): StepUpdate {
    const known = this.#memory.findStep(digest);
    const at = readTime(fields.get("at"));
    if (verb !== "step" && at === undefined) throw createShapeError(value, `\`${verb}\` must have a time, \`at\``);
    const started = verb === "done" ? readTimeOr(fields.get("started"), known?.started) : at;
    const step = withoutGaps({
      digest,
      inputs: this.#readInputs(fields.get("inputs")) ?? known?.inputs ?? [],
      name: readNameOr(fields.get("name"), known?.name),
      isCached: hasFlag(fields.get("cached")),
      started: verb === "step" ? undefined : started,
      completed: verb === "done" ? at : undefined,
      error: readOr(fields.get("error"), readText),
      group: readOr(fields.get("group"), (place) => JSON.parse(readJsonText(place, "plain")) as StepUpdate["group"]),
    }) as unknown as StepUpdate;
    this.#memory.keepStep(step);
    return step;
  }

  #readInputs(place: YamlPlace | undefined): readonly string[] | undefined {
    return place === undefined ? undefined : readList(place).map((item) => this.#resolveNumber(item));
  }

  #readStatus(digest: string, fields: YamlFields, value: YamlPlace): StepStatus {
    const id = fields.get("id");
    if (id === undefined) throw createShapeError(value, "`status` must have an `id`");
    const known = this.#memory.findStatus(digest, readText(id));
    const status = withoutGaps({
      id: readText(id),
      digest,
      name: readNameOr(fields.get("name"), known?.name),
      current: readOr(fields.get("current"), readInteger),
      total: readOr(fields.get("total"), readInteger),
      timestamp: readTime(fields.get("at")),
      started: readTimeOr(fields.get("started"), known?.started),
      completed: readTime(fields.get("completed")),
    }) as unknown as StepStatus;
    this.#memory.keepStatus(status);
    return status;
  }
}

function readLineFields(verb: string, value: YamlPlace): YamlFields {
  return readFields(value, PROGRESS_VERBS[verb] as readonly string[], `\`${verb}\``);
}

function readLog(digest: string, fields: YamlFields, below: YamlPlace | undefined): StepLog {
  const text = below ?? fields.get("text");
  const base64 = fields.get("base64");
  const stream = readOr(fields.get("stream"), readCount) ?? 1;
  return withoutGaps({
    digest,
    timestamp: readTime(fields.get("at")),
    stream: stream === 0 ? undefined : stream,
    bytes: base64 === undefined ? Buffer.from(text === undefined ? "" : readText(text)) : readBase64(base64),
  }) as unknown as StepLog;
}

function readWarning(fields: YamlFields, value: YamlPlace): StepWarning["message"] {
  const message = fields.get("message");
  if (message === undefined) throw createShapeError(value, "`warning` must have a `message`");
  return readMessageJson(message);
}

function readList(place: YamlPlace): readonly YamlPlace[] {
  return readItems(place, "a list of steps");
}

function readTime(place: YamlPlace | undefined): number | undefined {
  if (place === undefined) return undefined;
  const offset = parseTimeOffset(readText(place));
  if (offset === undefined) throw createValueError(place, "a time since the build's first one, like `39.4ms`");
  return offset;
}

/** `none` says that it has none, though an earlier line said one. */
function readTimeOr(place: YamlPlace | undefined, known: number | undefined): number | undefined {
  if (place === undefined) return known;
  return readText(place) === "none" ? undefined : readTime(place);
}

/** An empty name is none: protobuf has no other. */
function readNameOr(place: YamlPlace | undefined, known: string | undefined): string | undefined {
  return place === undefined ? known : readText(place) || undefined;
}

function readInteger(place: YamlPlace): number {
  const text = readText(place);
  if (!/^-?\d{1,16}$/.test(text)) throw createValueError(place, "a whole number");
  return Number(text);
}

function hasFlag(place: YamlPlace | undefined): boolean {
  return place !== undefined && readFlag(place) === true;
}

function readOr<T>(place: YamlPlace | undefined, read: (place: YamlPlace) => T): T | undefined {
  return place === undefined ? undefined : read(place);
}

function withoutGaps(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
