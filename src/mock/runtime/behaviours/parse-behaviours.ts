/** Parses behaviours from YAML. Every error has its place: `file:line:col`. */
import { UsageError, WhalesongError } from "../../../base/errors.ts";
import { parseSignal } from "../../../userland/process/signals.ts";
import {
  createShapeError,
  createValueError,
  isFieldMap,
  isList,
  isText,
  parseYamlDocument,
  readEntries,
  readFields,
  readItems,
  readOptional,
  type YamlFields,
  type YamlPlace,
} from "../../../yaml/place.ts";
import { readChoice, readDuration, readFlag, readText, readWord } from "../../../yaml/values.ts";
import type { Behaviour, BehaviourStep, LineAnswers } from "./behaviour.ts";
import { readPorts } from "./read-ports.ts";
import { readAnswers, readNumber, readTexts } from "./read-values.ts";

const KEYS = ["image", "container", "command", "does", "exit", "stays", "signals", "health", "files", "ports"];
const LAST_EXIT_CODE = 255;
const STEPS = ["stdout", "stderr", "wait", "stdin", "answers", "writes"];

/**
 * Parses behaviours of the simulated daemon.
 * @param text a YAML list
 * @param file the name in errors
 * @throws UsageError `WHALESONG_BAD_BEHAVIOURS`, with the place in the file
 * @example
 * const behaviours = parseBehaviours("- {image: web, does: [stdout: ready]}", "inline");
 */
export function parseBehaviours(text: string, file: string): readonly Behaviour[] {
  try {
    return readBehaviours(parseYamlDocument({ file, text, firstLine: 1 }, "behaviours"));
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    throw new UsageError("WHALESONG_BAD_BEHAVIOURS", error.message, { cause: error, fields: error.fields });
  }
}

/** @throws CassetteError with the place of the error */
export function readBehaviours(place: YamlPlace): readonly Behaviour[] {
  return readItems(place, "a list of behaviours").map(readBehaviour);
}

function readBehaviour(place: YamlPlace): Behaviour {
  const fields = readFields(place, KEYS, "a behaviour");
  const field = (name: string): YamlPlace | undefined => fields.get(name);
  checkMatch(place, fields);
  return {
    ...readOptional("image", field("image"), (value) => readWord(value, "an image's name")),
    ...readOptional("container", field("container"), (value) => readWord(value, "a container's name")),
    ...readOptional("command", field("command"), (value) => readWord(value, "a command")),
    ...readOptional("does", field("does"), readSteps),
    ...readOptional("exit", field("exit"), readExit),
    ...readOptional("stays", field("stays"), readFlag),
    ...readOptional("signals", field("signals"), readSignals),
    ...readOptional("health", field("health"), readHealth),
    ...readOptional("files", field("files"), readFiles),
    ...readOptional("ports", field("ports"), readPorts),
  };
}

function checkMatch(place: YamlPlace, fields: YamlFields): void {
  if (["image", "container", "command"].some((name) => fields.has(name))) return;
  throw createShapeError(place, "a behaviour must say whose it is: `image`, `container` or `command`");
}

/** One text is a line on stdout. */
function readSteps(place: YamlPlace): readonly BehaviourStep[] {
  return isList(place) ? readItems(place).map(readStep) : [readStep(place)];
}

function readStep(place: YamlPlace): BehaviourStep {
  if (isText(place)) return readText(place);
  const fields = [...readFields(place, STEPS, "a step")];
  const [first] = fields;
  if (first === undefined || fields.length > 1)
    throw createShapeError(place, "a step is one thing: a text, or a map of one key");
  return toStep(...first);
}

function toStep(name: string, value: YamlPlace): BehaviourStep {
  if (name === "stdout") return { stdout: readText(value) };
  if (name === "stderr") return { stderr: readText(value) };
  if (name === "stdin") return { stdin: readText(value, "a line") };
  if (name === "wait") return { waitMs: readDuration(value) };
  if (name === "answers") return { answers: readAnswers(value) as LineAnswers };
  return { writes: readFiles(value) };
}

function readExit(place: YamlPlace): number | "oom" {
  return isText(place) && readText(place) === "oom" ? "oom" : readNumber(place, LAST_EXIT_CODE);
}

function readSignals(place: YamlPlace): Record<string, number | "ignore"> {
  const signals = [...readEntries(place, "a map of signals")].map(([name, value]) => {
    if (parseSignal(name) === undefined)
      throw createShapeError(value, `\`${name}\` is no signal; write it like \`TERM\``);
    const what = readText(value, "`ignore` or an exit code");
    return [
      name.toUpperCase().replace(/^SIG/, ""),
      what === "ignore" ? what : readNumber(value, LAST_EXIT_CODE),
    ] as const;
  });
  return Object.fromEntries(signals);
}

function readHealth(place: YamlPlace): readonly ("healthy" | "unhealthy")[] {
  const words = isList(place) ? readItems(place) : [place];
  return words.map((word) => readChoice(word, ["healthy", "unhealthy"]));
}

function readFiles(place: YamlPlace): Record<string, string> {
  if (!isFieldMap(place)) throw createValueError(place, "a map of paths");
  return readTexts(place, "a file's text");
}
