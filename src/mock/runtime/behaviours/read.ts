/** Behaviours written in YAML: a list of them. Every complaint says where it stands: `file:line:col`. */
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
import type { Answers, Behaviour, Step } from "./behaviour.ts";
import { portsOf } from "./read-ports.ts";
import { answersOf, numberOf, textsOf } from "./read-values.ts";

const KEYS = ["image", "container", "command", "does", "exit", "stays", "signals", "health", "files", "ports"];
const LAST_EXIT_CODE = 255;
const STEPS = ["stdout", "stderr", "wait", "stdin", "answers", "writes"];

/** @throws UsageError `WHALESONG_BAD_BEHAVIOURS`, with the place in the file */
export function behavioursIn(text: string, file: string): readonly Behaviour[] {
  try {
    return behavioursOf(documentOf({ file, text, firstLine: 1 }, "behaviours"));
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    throw new UsageError("WHALESONG_BAD_BEHAVIOURS", error.message, { cause: error, fields: error.fields });
  }
}

/** @throws CassetteError, at the place of what is wrong */
export function behavioursOf(place: Place): readonly Behaviour[] {
  return itemsOf(place, "a list of behaviours").map(behaviourOf);
}

function behaviourOf(place: Place): Behaviour {
  const fields = fieldsOf(place, KEYS, "a behaviour");
  const says = (name: string): Place | undefined => fields.get(name);
  checkMatch(place, fields);
  return {
    ...present("image", says("image"), (value) => wordOf(value, "an image's name")),
    ...present("container", says("container"), (value) => wordOf(value, "a container's name")),
    ...present("command", says("command"), (value) => wordOf(value, "a command")),
    ...present("does", says("does"), stepsOf),
    ...present("exit", says("exit"), exitOf),
    ...present("stays", says("stays"), flagOf),
    ...present("signals", says("signals"), signalsOf),
    ...present("health", says("health"), healthOf),
    ...present("files", says("files"), filesOf),
    ...present("ports", says("ports"), portsOf),
  };
}

function checkMatch(place: Place, fields: Fields): void {
  if (["image", "container", "command"].some((name) => fields.has(name))) return;
  throw shapeError(place, "a behaviour must say whose it is: `image`, `container` or `command`");
}

/** One text is a line on stdout. */
function stepsOf(place: Place): readonly Step[] {
  return isList(place) ? itemsOf(place).map(stepOf) : [stepOf(place)];
}

function stepOf(place: Place): Step {
  if (isText(place)) return textOf(place);
  const fields = [...fieldsOf(place, STEPS, "a step")];
  const [first] = fields;
  if (first === undefined || fields.length > 1)
    throw shapeError(place, "a step is one thing: a text, or a map of one key");
  return stepSaid(...first);
}

function stepSaid(name: string, value: Place): Step {
  if (name === "stdout") return { stdout: textOf(value) };
  if (name === "stderr") return { stderr: textOf(value) };
  if (name === "stdin") return { stdin: textOf(value, "a line") };
  if (name === "wait") return { waitMs: durationOf(value) };
  if (name === "answers") return { answers: answersOf(value) as Answers };
  return { writes: filesOf(value) };
}

function exitOf(place: Place): number | "oom" {
  return isText(place) && textOf(place) === "oom" ? "oom" : numberOf(place, LAST_EXIT_CODE);
}

function signalsOf(place: Place): Record<string, number | "ignore"> {
  const signals = [...entriesOf(place, "a map of signals")].map(([name, value]) => {
    if (signalNumber(name) === undefined) throw shapeError(value, `\`${name}\` is no signal; write it like \`TERM\``);
    const what = textOf(value, "`ignore` or an exit code");
    return [
      name.toUpperCase().replace(/^SIG/, ""),
      what === "ignore" ? what : numberOf(value, LAST_EXIT_CODE),
    ] as const;
  });
  return Object.fromEntries(signals);
}

function healthOf(place: Place): readonly ("healthy" | "unhealthy")[] {
  const words = isList(place) ? itemsOf(place) : [place];
  return words.map((word) => choiceOf(word, ["healthy", "unhealthy"]));
}

function filesOf(place: Place): Record<string, string> {
  if (!isFieldMap(place)) throw wrong(place, "a map of paths");
  return textsOf(place, "a file's text");
}
