/** What behaviours in code may be; parse-behaviours.ts reads those of a file. */
import {
  amountKind,
  anyTextKind,
  contentKind,
  createNumberKind,
  exitCodeKind,
  flagKind,
  functionKind,
  textKind,
  textMapKind,
} from "../../../base/options/common-kinds.ts";
import {
  choiceOf,
  chosenKind,
  defineKind,
  isRecord,
  listOf,
  mapOf,
  type OptionKind,
  type OptionTable,
  recordOf,
  withCode,
} from "../../../base/options/option-kind.ts";
import type { Behaviour, BehaviourMatch, HttpPage } from "./behaviour.ts";

/** Every name of any member of a union. */
type AllNames<T> = T extends unknown ? keyof T : never;
type StepTable = OptionTable<Record<AllNames<Exclude<BehaviourStepOf<Behaviour["does"]>, string>>, unknown>>;
type BehaviourStepOf<T> = T extends readonly (infer Step)[] ? Step : never;
type PortTable = OptionTable<Record<"greets" | "answers" | "http", unknown>>;

const MATCHES: readonly (keyof BehaviourMatch)[] = ["image", "container", "command"];
const LAST_STATUS = 599;

const answersKind: OptionKind = chosenKind("`echo`, or a map of lines and their answers", (value) =>
  typeof value === "string" ? choiceOf(["echo"]) : isRecord(value) ? textMapKind : undefined,
);

const STEP: StepTable = {
  stdout: anyTextKind,
  stderr: anyTextKind,
  waitMs: amountKind,
  stdin: anyTextKind,
  answers: answersKind,
  writes: textMapKind,
};
const stepRecordKind: OptionKind = recordOf(STEP, "a step (an object)");
const stepKind: OptionKind = chosenKind("a step: a text, or an object of one member", (value) => {
  if (typeof value === "string") return anyTextKind;
  return isRecord(value) && Object.keys(value).length === 1 ? stepRecordKind : undefined;
});
const stepsKind: OptionKind = listOf(stepKind, "a list of steps");
const doesKind: OptionKind = chosenKind("a list of steps, or a function", (value) =>
  typeof value === "function" ? functionKind : Array.isArray(value) ? stepsKind : undefined,
);

const pageKind: OptionKind = recordOf<HttpPage>(
  { status: createNumberKind(LAST_STATUS), headers: textMapKind, body: contentKind },
  "a page (an object)",
);
const pagesKind: OptionKind = chosenKind("a page, or a map of pages by path", (value) => {
  if (!isRecord(value)) return undefined;
  return Object.keys(value).some(isPagePath) ? mapOf(pageKind, "a map of pages by path") : pageKind;
});
const PORT: PortTable = { greets: anyTextKind, answers: answersKind, http: pagesKind };
const portRecordKind: OptionKind = recordOf(PORT, "what a port does (an object)");
const portKind: OptionKind = chosenKind("one of `echo`, `silent`, `closes`, an object or a function", (value) => {
  if (typeof value === "string") return choiceOf(["echo", "silent", "closes"]);
  return typeof value === "function" ? functionKind : isRecord(value) ? portRecordKind : undefined;
});

const signalKind: OptionKind = createExitKind("ignore");
const exitKind: OptionKind = createExitKind("oom");

const behaviourRecordKind: OptionKind = recordOf<Behaviour>(
  {
    image: textKind,
    container: textKind,
    command: textKind,
    does: doesKind,
    exit: exitKind,
    stays: flagKind,
    signals: mapOf(signalKind, "a map of signals"),
    health: listOf(choiceOf(["healthy", "unhealthy"]), "a list of `healthy` and `unhealthy`"),
    files: textMapKind,
    ports: mapOf(portKind, "a map of ports"),
  },
  "a behaviour (an object)",
);

const matchingKind: OptionKind = defineKind(
  "one that says whose it is: `image`, `container` or `command`",
  (value) => isRecord(value) && MATCHES.some((name) => value[name] !== undefined),
);

const behaviourKind: OptionKind = {
  ...behaviourRecordKind,
  findProblem: (value, path) => behaviourRecordKind.findProblem(value, path) ?? matchingKind.findProblem(value, path),
};

export const behavioursKind: OptionKind = withCode(
  listOf(behaviourKind, "a list of behaviours (`readBehaviours` reads those of a file)"),
  "WHALESONG_BAD_BEHAVIOURS",
);

function createExitKind(word: string): OptionKind {
  const accepts = (value: unknown): boolean => value === word || exitCodeKind.findProblem(value, "") === undefined;
  return defineKind(`${exitCodeKind.expected}, or \`${word}\``, accepts);
}

function isPagePath(name: string): boolean {
  return name.startsWith("/") || name === "*";
}
