/** Parses behaviours from YAML. Every error has its place: `file:line:col`. */
import { UsageError, WhalesongError } from "../../../base/errors.ts";
import { signalNumber } from "../../../userland/process/signals.ts";
import {
  documentOf,
  entriesOf,
  type Fields,
  fieldsOf,
  isFieldMap,
  isList,
  isText,
  itemsOf,
  type Place,
  present,
  shapeError,
  wrong,
} from "../../../yaml/place.ts";
import { choiceOf, durationOf, flagOf, textOf, wordOf } from "../../../yaml/values.ts";
import type { Behaviour, BehaviourStep, LineAnswers } from "./behaviour.ts";
import { readPorts } from "./read-ports.ts";
import { readAnswers, readNumber, readTexts } from "./read-values.ts";

const KEYS = ["image", "container", "command", "does", "exit", "stays", "signals", "health", "files", "ports"];
const LAST_EXIT_CODE = 255;
const STEPS = ["stdout", "stderr", "wait", "stdin", "answers", "writes"];

/** @throws UsageError `WHALESONG_BAD_BEHAVIOURS`, with the place in the file */
export function parseBehaviours(text: string, file: string): readonly Behaviour[] {
  try {
    return readBehaviours(documentOf({ file, text, firstLine: 1 }, "behaviours"));
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    throw new UsageError("WHALESONG_BAD_BEHAVIOURS", error.message, { cause: error, fields: error.fields });
  }
}

/** @throws CassetteError with the place of the error */
export function readBehaviours(place: Place): readonly Behaviour[] {
  return itemsOf(place, "a list of behaviours").map(readBehaviour);
}

function readBehaviour(place: Place): Behaviour {
  const fields = fieldsOf(place, KEYS, "a behaviour");
  const field = (name: string): Place | undefined => fields.get(name);
  checkMatch(place, fields);
  return {
    ...present("image", field("image"), (value) => wordOf(value, "an image's name")),
    ...present("container", field("container"), (value) => wordOf(value, "a container's name")),
    ...present("command", field("command"), (value) => wordOf(value, "a command")),
    ...present("does", field("does"), readSteps),
    ...present("exit", field("exit"), readExit),
    ...present("stays", field("stays"), flagOf),
    ...present("signals", field("signals"), readSignals),
    ...present("health", field("health"), readHealth),
    ...present("files", field("files"), readFiles),
    ...present("ports", field("ports"), readPorts),
  };
}

function checkMatch(place: Place, fields: Fields): void {
  if (["image", "container", "command"].some((name) => fields.has(name))) return;
  throw shapeError(place, "a behaviour must say whose it is: `image`, `container` or `command`");
}

/** One text is a line on stdout. */
function readSteps(place: Place): readonly BehaviourStep[] {
  return isList(place) ? itemsOf(place).map(readStep) : [readStep(place)];
}

function readStep(place: Place): BehaviourStep {
  if (isText(place)) return textOf(place);
  const fields = [...fieldsOf(place, STEPS, "a step")];
  const [first] = fields;
  if (first === undefined || fields.length > 1)
    throw shapeError(place, "a step is one thing: a text, or a map of one key");
  return toStep(...first);
}

function toStep(name: string, value: Place): BehaviourStep {
  if (name === "stdout") return { stdout: textOf(value) };
  if (name === "stderr") return { stderr: textOf(value) };
  if (name === "stdin") return { stdin: textOf(value, "a line") };
  if (name === "wait") return { waitMs: durationOf(value) };
  if (name === "answers") return { answers: readAnswers(value) as LineAnswers };
  return { writes: readFiles(value) };
}

function readExit(place: Place): number | "oom" {
  return isText(place) && textOf(place) === "oom" ? "oom" : readNumber(place, LAST_EXIT_CODE);
}

function readSignals(place: Place): Record<string, number | "ignore"> {
  const signals = [...entriesOf(place, "a map of signals")].map(([name, value]) => {
    if (signalNumber(name) === undefined) throw shapeError(value, `\`${name}\` is no signal; write it like \`TERM\``);
    const what = textOf(value, "`ignore` or an exit code");
    return [
      name.toUpperCase().replace(/^SIG/, ""),
      what === "ignore" ? what : readNumber(value, LAST_EXIT_CODE),
    ] as const;
  });
  return Object.fromEntries(signals);
}

function readHealth(place: Place): readonly ("healthy" | "unhealthy")[] {
  const words = isList(place) ? itemsOf(place) : [place];
  return words.map((word) => choiceOf(word, ["healthy", "unhealthy"]));
}

function readFiles(place: Place): Record<string, string> {
  if (!isFieldMap(place)) throw wrong(place, "a map of paths");
  return readTexts(place, "a file's text");
}
