/** Reads what a client of the control door wants to be inserted (docs/cli.md, "serve"). */

import { parseDuration } from "../../base/duration.ts";
import { UsageError } from "../../base/errors.ts";
import { findNearestWord } from "../../base/nearest-word.ts";
import { parseBoundedJson } from "../../base/parse-json.ts";
import { ALLOWANCES, PRESETS } from "../../cassette/rule-names.ts";
import type { RuleInput } from "../../match/rules/resolve-rules.ts";
import { ENGINE_NAMES, type EngineName } from "../../mock/model/engine-release.ts";
import { MODES, type Mode } from "../../modes/mode.ts";
import { parseTempo, type Tempo } from "../../replay/play/tempo.ts";
import { CALLER_NAMES, type Caller, type CallerWords, findCallerWords } from "./caller-words.ts";

/** Modes of `POST /_whalesong/cassettes`: those of a test, and a simulated daemon without a cassette. */
export type InsertionMode = Mode | "mock";

/** What is inserted, and how. What is left out has the default of the command line's flag of the same name. */
export interface InsertionRequest {
  readonly cassette?: string;
  readonly mode?: InsertionMode;
  /** An address, or `mock`. @default the server's `--upstream` */
  readonly upstream?: string;
  /** Where clients connect. @default a unix socket in a new private folder */
  readonly listen?: string;
  readonly rules?: RuleInput;
  readonly tempo?: Tempo;
  readonly strict?: boolean;
  readonly ports?: boolean;
  readonly exactTiming?: boolean;
  readonly contexts?: "files" | "digests";
  /** What is kept out of a recording, and what is no secret though it looks like one (docs/secrets.md). */
  readonly redact?: readonly string[];
  readonly allowSecrets?: readonly string[];
  readonly allowUnplayed?: boolean;
  /** Whose words messages use. @default "http" */
  readonly caller?: Caller;
  /** The command that records this cassette anew, for the text of a miss and the verdict. @default a sentence */
  readonly recordCommand?: string;
  readonly keepFailed?: boolean;
  readonly faults?: string;
  readonly failOnUnusedFaults?: boolean;
  readonly seed?: string;
  readonly state?: string;
  readonly now?: Date;
  readonly engine?: EngineName;
  readonly behaviours?: readonly string[];
  readonly anyImage?: boolean;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** A kind of value: what it is called in errors, and how it is read; undefined if the value is of another kind. */
interface FieldKind {
  readonly expected: string;
  readonly read: (value: unknown) => unknown;
}

const text: FieldKind = { expected: "a text", read: (value) => (value === "" ? undefined : selectText(value)) };
const flag: FieldKind = {
  expected: "true or false",
  read: (value) => (typeof value === "boolean" ? value : undefined),
};
const texts: FieldKind = {
  expected: "a list of texts",
  read: (value) => (isTextList(value) ? value : undefined),
};

const FIELDS: Readonly<Record<string, FieldKind>> = {
  cassette: text,
  mode: choice([...MODES, "mock"]),
  upstream: text,
  listen: text,
  ignore: texts,
  bind: texts,
  match: texts,
  exact: choices(ALLOWANCES),
  preset: choices([...PRESETS, "none"]),
  tempo: text,
  maxWait: text,
  strict: flag,
  ports: flag,
  exactTiming: flag,
  contexts: choice(["files", "digests"]),
  redact: texts,
  allowSecrets: texts,
  allowUnplayed: flag,
  recordCommand: text,
  caller: choice(CALLER_NAMES),
  keepFailed: flag,
  faults: text,
  failOnUnusedFaults: flag,
  seed: text,
  state: text,
  now: { expected: "a time like `2026-11-20T12:00:00Z`", read: readTime },
  engine: choice(ENGINE_NAMES),
  behaviours: texts,
  anyImage: flag,
};

/** Options that people write: a kit sends the others by itself. */
const NAMES = Object.keys(FIELDS).filter((name) => name !== "caller" && name !== "recordCommand");
const HTTP = findCallerWords("http");

/**
 * @throws UsageError `WHALESONG_BAD_CONTROL` if the text is no JSON object of known fields
 * @throws UsageError `WHALESONG_BAD_TEMPO`, `WHALESONG_BAD_DURATION`
 */
export function parseInsertion(body: string): InsertionRequest {
  const members = parseObject(body);
  const words = findCallerWords(members.caller);
  const fields = Object.entries(members).map(([name, value]) => [name, readField(name, value, words)] as const);
  const { ignore, bind, match, exact, preset, tempo, maxWait, ...rest } = Object.fromEntries(fields);
  const insertion: InsertionRequest = {
    ...rest,
    ...toTempo(words, tempo as string | undefined, maxWait as string | undefined),
    ...toRules({ ignore, bind, match, exact, presets: selectPresets(preset) }),
  };
  if (insertion.cassette !== undefined || insertion.mode === "mock" || insertion.mode === "passthrough")
    return insertion;
  throw createBadControlError("a cassette", "nothing", `\`${words.spell("cassette")}\``, words);
}

function parseObject(body: string): JsonObject {
  try {
    const value: unknown = parseBoundedJson(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // The error below says what is expected.
  }
  throw createBadControlError("a JSON object", body === "" ? "nothing" : `\`${body.slice(0, 100)}\``, "the body", HTTP);
}

function readField(name: string, value: unknown, words: CallerWords): unknown {
  const kind = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (kind === undefined) throw createUnknownError(name, words);
  const read = kind.read(value);
  if (read !== undefined) return read;
  throw createBadControlError(kind.expected, `\`${JSON.stringify(value)}\``, `\`${words.spell(name)}\``, words);
}

function createUnknownError(name: string, { place, spell }: CallerWords): UsageError {
  const near = findNearestWord(name, NAMES);
  const hint = near === undefined ? `it has ${NAMES.map(spell).join(", ")}` : `did you mean \`${spell(near)}\`?`;
  const message = `${place} has no \`${spell(name)}\`; ${hint}`;
  return new UsageError("WHALESONG_BAD_CONTROL", message, { fields: { where: place, name } });
}

function createBadControlError(expected: string, got: string, where: string, { example }: CallerWords): UsageError {
  const message = `${where} must be ${expected}, as in \`${example}\`, got ${got}`;
  return new UsageError("WHALESONG_BAD_CONTROL", message, { fields: { where, expected } });
}

function choice(words: readonly string[]): FieldKind {
  return {
    expected: `one of ${words.join(", ")}`,
    read: (value) => (words.includes(value as string) ? value : undefined),
  };
}

function choices(words: readonly string[]): FieldKind {
  const isChosen = (value: unknown): boolean => isTextList(value) && value.every((word) => words.includes(word));
  return { expected: `a list of ${words.join(", ")}`, read: (value) => (isChosen(value) ? value : undefined) };
}

function selectText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function readTime(value: unknown): Date | undefined {
  const date = typeof value === "string" ? new Date(value) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function toTempo({ spell }: CallerWords, tempo: string | undefined, maxWait: string | undefined): { tempo?: Tempo } {
  if (tempo === undefined && maxWait === undefined) return {};
  const limit = maxWait === undefined ? undefined : parseDuration(maxWait, spell("maxWait"));
  return { tempo: parseTempo(tempo ?? "none", limit) };
}

/** `none` stands for no preset at all. */
function selectPresets(preset: unknown): unknown {
  return Array.isArray(preset) ? preset.filter((name) => name !== "none") : undefined;
}

function toRules(rules: JsonObject): { rules?: RuleInput } {
  const stated = Object.entries(rules).filter(([, value]) => value !== undefined);
  return stated.length === 0 ? {} : { rules: Object.fromEntries(stated) as RuleInput };
}
