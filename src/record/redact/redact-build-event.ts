/** What is written of a build by BuildKit, without its secrets. */
import type { BuildEvent, BuildkitCall, RecordedMessage, StepLog } from "../../cassette/build-model.ts";
import { editJsonValue, type JsonLeaf } from "../../secrets/edit-json.ts";
import { redactBody } from "../../secrets/redact-http.ts";
import type { Redactor } from "../../secrets/redactor.ts";

/** moby.buildkit.v1.Control/Solve, as other rules name it. */
const OPERATION = "BuildSolve";
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\x00-\x7f]*$/;

export function redactBuildEvent(event: BuildEvent, redactor: Redactor): BuildEvent {
  switch (event.kind) {
    case "call":
      return event.message === undefined ? event : { ...event, message: redactMessage(event.message, redactor) };
    case "answer":
      return { ...event, message: redactMessage(event.message, redactor) };
    case "progress":
      return { ...event, progress: redactProgress(event.progress, redactor) };
    case "line":
      return { ...event, json: redactBody(event.json, { operation: "ImageBuild", side: "answer" }, redactor) };
    case "end":
    case "transfer":
      return redactTexts(event, redactor);
    case "transferred":
      return event.problem === undefined ? event : { ...event, problem: redactTexts(event.problem, redactor) };
    default:
      return event;
  }
}

export function redactBuildkitCall({ request, answers, status }: BuildkitCall, redactor: Redactor): BuildkitCall {
  return {
    request: redactMessage(request, redactor),
    answers: answers.map((answer) => redactMessage(answer, redactor)),
    status: redactTexts(status, redactor),
  };
}

/** A message in bytes counts its lengths, so they stay. */
function redactMessage(message: RecordedMessage, redactor: Redactor): RecordedMessage {
  if ("json" in message) return { json: redactTexts(message.json, redactor) };
  return "bytes" in message ? { bytes: redactor.maskBytes(message.bytes) } : message;
}

type Progress = Extract<BuildEvent, { kind: "progress" }>["progress"];

/** The names of steps are commands. */
function redactProgress(progress: Progress, redactor: Redactor): Progress {
  const { logs, ...texts } = progress;
  return { ...redactTexts(texts, redactor, ["command"]), logs: logs.map((log) => redactLog(log, redactor)) };
}

function redactLog(log: StepLog, redactor: Redactor): StepLog {
  const text = log.bytes.toString("latin1");
  const redacted = redactor.redactText(text);
  return redacted === text ? log : { ...log, bytes: Buffer.from(redacted, "latin1") };
}

/** @param path set where all texts stand in one place */
function redactTexts<T>(value: T, redactor: Redactor, path?: readonly string[]): T {
  return editJsonValue(value, (leaf) => redactLeaf(path === undefined ? leaf : { ...leaf, path }, redactor));
}

/** The redactor reads latin1, one character a byte. */
function redactLeaf({ path, value, before }: JsonLeaf, redactor: Redactor): string | undefined {
  const isAscii = ASCII.test(value);
  const text = isAscii ? value : Buffer.from(value).toString("latin1");
  const redacted = redactor.redactPlace({ path, value: text, before, operation: OPERATION });
  return redacted === undefined || isAscii ? redacted : Buffer.from(redacted, "latin1").toString();
}
