/** Parses and checks one instruction of a Dockerfile (buildkit frontend/dockerfile/instructions/parse.go). */
import { type ApiError, badParameter } from "../../model/api-error.ts";
import { parseGoDurationMs } from "../../model/go-time.ts";
import type { Heredoc } from "./heredoc.ts";
import type { DockerfileDialect, DockerfileLine } from "./lines.ts";
import { formatSuggestion } from "./suggest-word.ts";
import { parseJsonWords, parseNamesAndValues, splitQuotedWords, splitWords } from "./words.ts";

export interface DockerfileInstruction {
  /** In lower case. */
  readonly name: string;
  /** The whole line, as the build's output shows it. */
  readonly text: string;
  readonly line: number;
  readonly lastLine: number;
  /** The values of a flag that is repeated are joined by blanks, which no value has. */
  readonly flags: ReadonlyMap<string, string>;
  readonly heredocs: readonly Heredoc[];
  /** Names and values in turn for ENV, LABEL and ARG. */
  readonly args: readonly string[];
  /** The arguments were a JSON list. */
  readonly isJson: boolean;
  /** The text behind the name and the flags. */
  readonly rest: string;
}

type ArgumentShape = "words" | "json" | "list" | "pairs" | "one" | "args" | "health" | "trigger";

interface Kind {
  readonly shape: ArgumentShape;
  readonly flags?: readonly string[];
  /** The flags that only BuildKit knows. */
  readonly newFlags?: readonly string[];
  readonly needs?: "one" | "some" | "two";
}

const KINDS: Readonly<Record<string, Kind>> = {
  add: {
    shape: "list",
    flags: ["chown", "chmod"],
    newFlags: ["link", "keep-git-dir", "checksum", "exclude", "unpack"],
    needs: "two",
  },
  arg: { shape: "args", needs: "some" },
  cmd: { shape: "json" },
  copy: { shape: "list", flags: ["chown", "chmod", "from"], newFlags: ["link", "exclude"], needs: "two" },
  entrypoint: { shape: "json" },
  env: { shape: "pairs", needs: "some" },
  expose: { shape: "words", needs: "some" },
  from: { shape: "words", flags: ["platform"] },
  healthcheck: {
    shape: "health",
    flags: ["interval", "timeout", "start-period", "retries"],
    newFlags: ["start-interval"],
    needs: "some",
  },
  label: { shape: "pairs", needs: "some" },
  maintainer: { shape: "one", needs: "one" },
  onbuild: { shape: "trigger", needs: "some" },
  run: { shape: "json", flags: ["mount", "network", "security"], newFlags: ["device"] },
  shell: { shape: "json", needs: "some" },
  stopsignal: { shape: "one", needs: "one" },
  user: { shape: "one", needs: "one" },
  volume: { shape: "list", needs: "some" },
  workdir: { shape: "one", needs: "one" },
};

const REPEATABLE: ReadonlySet<string> = new Set(["mount", "exclude"]);
/** The flags that need no value. */
const SWITCHES: ReadonlySet<string> = new Set(["link", "keep-git-dir", "unpack"]);

/** @throws ApiError 400. The message does not have the line's number. */
export function parseInstruction(
  { text, number, lastNumber = number, heredocs = [] }: DockerfileLine,
  escapeMark: string,
  dialect: DockerfileDialect = "classic",
): DockerfileInstruction {
  const [, word = "", after = ""] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  const name = word.toLowerCase();
  const kind = KINDS[name];
  if (kind === undefined) throw createUnknownError(word, dialect);
  const { flags = [], newFlags = [] } = kind;
  const parsed =
    dialect === "classic"
      ? parseFlags(after, flags, readClassicFlag)
      : parseFlags(after, [...flags, ...newFlags], readBuildkitFlag);
  const args = parseArgs(name, kind.shape, parsed.rest, escapeMark);
  const instruction = { name, text, line: number, lastLine: lastNumber, heredocs, ...parsed, ...args };
  checkCount(instruction, kind, dialect);
  checkDetails(instruction);
  if (dialect === "buildkit") checkModes(instruction);
  return instruction;
}

function createUnknownError(word: string, dialect: DockerfileDialect): ApiError {
  if (dialect === "classic") return badParameter(`unknown instruction: ${word.toUpperCase()}`);
  return badParameter(`unknown instruction: ${word}${formatSuggestion(word, Object.keys(KINDS), false)}`);
}

interface FlagReading {
  readonly name: string;
  readonly value: string | undefined;
  readonly earlier: string | undefined;
  readonly known: readonly string[];
}

type FlagReader = (flag: FlagReading) => string;

function parseFlags(
  text: string,
  known: readonly string[],
  readFlag: FlagReader,
): { flags: Map<string, string>; rest: string } {
  const flags = new Map<string, string>();
  let rest = text;
  for (;;) {
    const [whole = "", name = "", value] = /^--([^\s=]*)(?:=(\S*))?\s*/.exec(rest) ?? [];
    if (whole === "") return { flags, rest };
    rest = rest.slice(whole.length);
    if (name === "") return { flags, rest };
    flags.set(name, readFlag({ name, value, earlier: flags.get(name), known }));
  }
}

/** The classic builder's checks (moby builder/dockerfile, bflag.go). */
function readClassicFlag({ name, value, earlier, known }: FlagReading): string {
  if (!known.includes(name)) throw badParameter(`Unknown flag: ${name}`);
  if (value === undefined && !SWITCHES.has(name)) throw badParameter(`Missing a value on flag: ${name}`);
  return joinRepeated(name, earlier, value ?? "true");
}

/** BuildKit's own checks (buildkit frontend/dockerfile/instructions/bflag.go). */
function readBuildkitFlag({ name, value, earlier, known }: FlagReading): string {
  if (!known.includes(name)) throw badParameter(`unknown flag: --${name}${formatSuggestion(name, known)}`);
  if (earlier !== undefined && !REPEATABLE.has(name)) throw badParameter(`duplicate flag specified: --${name}`);
  const isSwitch = SWITCHES.has(name);
  if (isSwitch ? value === "" : value === undefined) throw badParameter(`missing a value on flag: --${name}`);
  if (!isSwitch) return joinRepeated(name, earlier, value ?? "");
  if (value !== undefined && !/^(?:true|false)$/i.test(value))
    throw badParameter(`expecting boolean value for flag --${name}, not: ${value}`);
  return value?.toLowerCase() === "true" ? "true" : (value ?? "true");
}

function joinRepeated(name: string, earlier: string | undefined, value: string): string {
  return earlier !== undefined && REPEATABLE.has(name) ? `${earlier} ${value}` : value;
}

function checkModes({ name, flags }: DockerfileInstruction): void {
  const network = flags.get("network") ?? "default";
  const security = flags.get("security") ?? "sandbox";
  if (name !== "run") return;
  if (!["default", "none", "host"].includes(network))
    throw badParameter(`invalid network mode ${JSON.stringify(network)}`);
  if (!["sandbox", "insecure"].includes(security))
    throw badParameter(`security ${JSON.stringify(security)} is not valid`);
}

function parseArgs(
  name: string,
  shape: ArgumentShape,
  rest: string,
  escapeMark: string,
): Pick<DockerfileInstruction, "args" | "isJson"> {
  const json = parseJsonWords(rest);
  switch (shape) {
    case "json":
      return json === undefined ? { args: rest === "" ? [] : [rest], isJson: false } : { args: json, isJson: true };
    case "list":
      return { args: json ?? splitWords(rest), isJson: json !== undefined };
    case "pairs":
      return { args: parsePairs(name, rest, escapeMark), isJson: false };
    case "args":
      return { args: splitQuotedWords(rest, escapeMark), isJson: false };
    case "health":
      return parseHealthArgs(rest);
    case "words":
      return { args: splitWords(rest), isJson: false };
    default:
      return { args: rest === "" ? [] : [rest], isJson: false };
  }
}

function parsePairs(name: string, rest: string, escapeMark: string): readonly string[] {
  const words = parseNamesAndValues(rest, escapeMark);
  if (words !== undefined) return words;
  const isOld = !(splitQuotedWords(rest, escapeMark)[0] ?? "").includes("=");
  const what = isOld
    ? `${name.toUpperCase()} must have two arguments`
    : `Syntax error - can't find = in "${splitQuotedWords(rest, escapeMark).find((word) => !word.includes("="))}". Must be of the form: name=value`;
  throw badParameter(`failed to parse Dockerfile: ${what}`);
}

/** `CMD` or `NONE`, then a command (HEALTHCHECK). */
function parseHealthArgs(rest: string): Pick<DockerfileInstruction, "args" | "isJson"> {
  const [, type = "", command = ""] = /^(\S*)\s*(.*)$/s.exec(rest) ?? [];
  if (type === "") return { args: [], isJson: false };
  const json = parseJsonWords(command);
  if (json !== undefined) return { args: [type.toUpperCase(), ...json], isJson: true };
  return { args: command === "" ? [type.toUpperCase()] : [type.toUpperCase(), command], isJson: false };
}

function checkCount({ name, args }: DockerfileInstruction, { needs }: Kind, dialect: DockerfileDialect): void {
  const upper = name.toUpperCase();
  if (needs === "one" && args.length !== 1) throw badParameter(`${upper} requires exactly one argument`);
  if (needs === "some" && args.length === 0) throw badParameter(`${upper} requires at least one argument`);
  if (needs === "two" && args.length < 2) {
    const why = "but only one was provided. Destination could not be determined";
    throw badParameter(`${upper} requires at least two arguments, ${why}${dialect === "classic" ? "." : ""}`);
  }
}

function checkDetails({ name, args, flags, isJson, rest }: DockerfileInstruction): void {
  if (name === "shell" && !isJson) throw badParameter("SHELL requires the arguments to be in JSON form");
  if (name === "onbuild") checkTrigger(rest);
  if (name === "from" && args.length !== 1 && (args.length !== 3 || args[1]?.toLowerCase() !== "as")) {
    throw badParameter("FROM requires either one or three arguments");
  }
  if (name === "from" && args[2] !== undefined && !/^[a-z][a-z0-9-_.]*$/.test(args[2].toLowerCase())) {
    throw badParameter(`invalid name for build stage: "${args[2]}", name can't start with a number or contain symbols`);
  }
  if ((name === "env" || name === "label") && args.some((arg, index) => index % 2 === 0 && arg === "")) {
    throw badParameter(`${name.toUpperCase()} names can not be blank`);
  }
  if (name === "arg" && args.some((arg) => arg.startsWith("="))) throw badParameter("ARG names can not be blank");
  if (name === "volume" && args.some((arg) => arg.trim() === "")) {
    throw badParameter("VOLUME specified can not be an empty string");
  }
  if (name === "healthcheck") checkHealth(args, flags);
}

function checkTrigger(rest: string): void {
  const name = splitWords(rest)[0]?.toUpperCase() ?? "";
  if (name === "ONBUILD") throw badParameter("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  if (name === "MAINTAINER" || name === "FROM") throw badParameter(`${name} isn't allowed as an ONBUILD trigger`);
}

function checkHealth([type = "", ...command]: readonly string[], flags: ReadonlyMap<string, string>): void {
  if (type === "NONE" && command.length > 0) throw badParameter("HEALTHCHECK NONE takes no arguments");
  if (type === "CMD" && command.length === 0) throw badParameter("Missing command after HEALTHCHECK CMD");
  if (type !== "NONE" && type !== "CMD") throw badParameter(`Unknown type "${type}" in HEALTHCHECK (try CMD)`);
  for (const [flag, value] of flags) {
    if (flag === "retries") checkRetries(value);
    else checkInterval(flag, value);
  }
}

/** Go's strconv.ParseInt of 32 bits. */
function checkRetries(text: string): void {
  if (text === "") return;
  const isNumber = /^[+-]?\d+$/.test(text);
  const isInRange = isNumber && Math.abs(Number(text)) < 2 ** 31;
  if (!isInRange) {
    const why = isNumber ? "value out of range" : "invalid syntax";
    throw badParameter(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  }
  if (Number(text) < 1) throw badParameter(`--retries must be at least 1 (not ${Number(text)})`);
}

function checkInterval(flag: string, text: string): void {
  if (text === "") return;
  const ms = parseGoDurationMs(text);
  if (ms === undefined) throw badParameter(`time: invalid duration ${JSON.stringify(text)}`);
  if (ms < 1) throw badParameter(`Interval ${JSON.stringify(flag)} cannot be less than 1ms`);
}
