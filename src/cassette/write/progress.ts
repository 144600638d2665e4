/** Writes what a build says of its steps: one line each, without what an earlier line has said. */
import { decodeUtf8 } from "../../base/bytes.ts";
import { quoteText, replaceInvisible } from "../../yaml/visible.ts";
import type { ProgressMemory } from "../build/progress-memory.ts";
import { formatTimeOffset } from "../build/time-offset.ts";
import type { ProgressMessage, StepLog, StepStatus, StepUpdate, StepWarning } from "../build-model.ts";
import { formatBase64 } from "./body.ts";
import { spellPayload, spellWord } from "./spell.ts";

/** How a step is named in a line: by its number, as far as it has one. */
export type SpellStep = (digest: string) => string;

export interface ProgressContext {
  readonly memory: ProgressMemory;
  readonly spellStep: SpellStep;
}

/** What comes at once stands under one verb. */
const TOGETHER = "together";
const ITEM = "  - ";
const INNER_ITEM = "      - ";

/** The items of `build:` for one message, with their line ends. */
export function formatProgress(progress: ProgressMessage, build: number, context: ProgressContext): string {
  const line = new ProgressLine(build === 1 ? [] : [`build: ${build}`], context);
  const { steps, statuses, logs, warnings } = progress;
  const isAlone = steps.length + statuses.length + logs.length + warnings.length === 1;
  const indent = isAlone ? ITEM : INNER_ITEM;
  const lines = [
    ...steps.map((step) => line.formatStep(step)),
    ...statuses.map((status) => line.formatStatus(status)),
    ...logs.map((log) => line.formatLog(log, indent)),
    ...warnings.map((warning) => line.formatWarning(warning)),
  ].map((text) => `${indent}${text}\n`);
  if (lines.length > 0) return isAlone ? lines.join("") : `${ITEM}${TOGETHER}:\n${lines.join("")}`;
  return build === 1 ? `${ITEM}${TOGETHER}: []\n` : `${ITEM}${TOGETHER}: {build: ${build}}\n`;
}

class ProgressLine {
  readonly #suffix: readonly string[];
  readonly #context: ProgressContext;

  constructor(suffix: readonly string[], context: ProgressContext) {
    this.#suffix = suffix;
    this.#context = context;
  }

  formatStep(step: StepUpdate): string {
    const { digest, started, completed, isCached, error, group } = step;
    const known = this.#context.memory.findStep(digest);
    const verb = completed !== undefined ? "done" : started !== undefined ? "start" : "step";
    const at = completed ?? started;
    const text = this.#formatFlow(verb, digest, [
      ...formatOptional("at", at, formatTimeOffset),
      ...(verb === "done" && started !== known?.started ? [`started: ${spellTime(started)}`] : []),
      ...this.#identify(step),
      ...(isCached ? ["cached: true"] : []),
      ...formatOptional("error", error, quoteText),
      ...formatOptional("group", group, formatJsonLine),
    ]);
    this.#context.memory.keepStep(step);
    return text;
  }

  /** Name, digest and inputs, where they are new. */
  #identify({ digest, name, inputs }: StepUpdate): string[] {
    const { memory, spellStep } = this.#context;
    const known = memory.findStep(digest);
    const isSame = known !== undefined && `${known.inputs}` === `${inputs}`;
    return [
      ...(name === known?.name ? [] : [`name: ${quoteText(name ?? "")}`]),
      ...(known === undefined ? [`digest: ${spellWord(digest, true)}`] : []),
      ...(isSame || (known === undefined && inputs.length === 0)
        ? []
        : [`inputs: [${inputs.map(spellStep).join(", ")}]`]),
    ];
  }

  formatStatus(status: StepStatus): string {
    const { digest, id, name, current, total, timestamp, completed, started } = status;
    const known = this.#context.memory.findStatus(digest, id);
    const text = this.#formatFlow("status", digest, [
      `id: ${quoteText(id)}`,
      ...(name === known?.name ? [] : [`name: ${quoteText(name ?? "")}`]),
      ...formatOptional("current", current, String),
      ...formatOptional("total", total, String),
      ...formatOptional("at", timestamp, formatTimeOffset),
      ...(started === known?.started ? [] : [`started: ${spellTime(started)}`]),
      ...formatOptional("completed", completed, formatTimeOffset),
    ]);
    this.#context.memory.keepStatus(status);
    return text;
  }

  /** Several lines of output stand below, as they were printed. */
  formatLog({ digest, timestamp, stream = 0, bytes }: StepLog, indent: string): string {
    const facts = [
      ...formatOptional("at", timestamp, formatTimeOffset),
      ...(stream === 1 ? [] : [`stream: ${stream}`]),
    ];
    const text = decodeUtf8(bytes);
    if (text === undefined) return this.#formatFlow("log", digest, [...facts, formatBase64(bytes)]);
    const inner = " ".repeat(indent.length);
    const payload = spellPayload(text, `${inner}  `);
    if (!payload.startsWith("|")) return this.#formatFlow("log", digest, [...facts, `text: ${payload}`]);
    return `${this.#formatFlow("log", digest, facts)}\n${inner}text: ${payload}`;
  }

  formatWarning({ digest, message }: StepWarning): string {
    return this.#formatFlow("warning", digest, [`message: ${formatJsonLine(message)}`]);
  }

  #formatFlow(verb: string, digest: string, facts: readonly string[]): string {
    return `${verb}: {${[`n: ${this.#context.spellStep(digest)}`, ...facts, ...this.#suffix].join(", ")}}`;
  }
}

function formatOptional<T>(key: string, value: T | undefined, spell: (value: T) => string): string[] {
  return value === undefined ? [] : [`${key}: ${spell(value)}`];
}

function spellTime(offset: number | undefined): string {
  return offset === undefined ? "none" : formatTimeOffset(offset);
}

/** JSON on one line that an editor shows whole. */
export function formatJsonLine(value: unknown): string {
  return replaceInvisible(JSON.stringify(value), escapeAsJson);
}

function escapeAsJson(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}
