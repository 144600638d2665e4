import { ProgressMemory } from "../build/progress-memory.ts";
import { StepNumbers } from "../build/step-numbers.ts";
import type { BuildEvent, BuildkitCall } from "../build-model.ts";
import { formatBuildEvent } from "./build-event.ts";
import { formatStatusKeys, spellStatusCode } from "./grpc-status.ts";
import { formatMessageKey, formatMessageList } from "./message.ts";
import { spellWord } from "./spell.ts";

const INDENT = "  ";

/** The events of a build as the items of `build:`. */
export function formatBuildEvents(events: readonly BuildEvent[]): string {
  const steps = new StepNumbers();
  for (const event of events) if (event.kind === "progress") steps.note(event.progress);
  const numbers = steps.number();
  const spellStep = (digest: string): string => spellStepNumber(digest, numbers);
  const context = { memory: new ProgressMemory(), spellStep };
  return events.map((event) => formatBuildEvent(event, context)).join("");
}

/** What is no step of its own is named by its digest. */
export function spellStepNumber(digest: string, numbers: ReadonlyMap<string, number>): string {
  const number = numbers.get(digest);
  return number === undefined ? spellWord(digest, true) : `${number}`;
}

/** `request` and `response` of a single call of BuildKit's API. */
export function formatBuildkitCall(line: string, { request, answers, status }: BuildkitCall): string {
  const isBare = "json" in request && Object.keys(request.json).length === 0;
  const head = spellWord(line, false);
  const requestText = isBare
    ? `request: ${head}\n`
    : `request:\n${INDENT}line: ${head}\n${formatMessageKey(request, INDENT)}`;
  const more =
    formatStatusKeys(status, INDENT) + (answers.length === 0 ? "" : formatMessageList("messages", answers, INDENT));
  const code = spellStatusCode(status.code);
  return `${requestText}${more === "" ? `response: ${code}\n` : `response:\n${INDENT}status: ${code}\n${more}`}`;
}
