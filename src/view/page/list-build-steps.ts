/** The steps of a build, each with all that was reported of it. */
import { StepNumbers } from "../../cassette/build/step-numbers.ts";
import type { BuildEvent, ProgressMessage } from "../../cassette/build-model.ts";

export interface BuildStep {
  /** As docker numbers them. */
  readonly number: number;
  readonly name: string;
  /** The numbers of the steps that it needs. */
  readonly inputs: readonly number[];
  readonly isCached: boolean;
  /** Undefined if it did not end. */
  readonly seconds?: number;
  readonly error?: string;
  readonly log: string;
}

interface StepDraft {
  name: string;
  inputs: readonly string[];
  isCached: boolean;
  started?: number;
  completed?: number;
  error?: string;
  log: string;
}

const SECOND = 1e9;

export function listBuildSteps(events: readonly BuildEvent[]): readonly BuildStep[] {
  const numbers = new StepNumbers();
  const drafts = new Map<string, StepDraft>();
  for (const event of events) {
    if (event.kind !== "progress") continue;
    numbers.note(event.progress);
    addProgress(event.progress, drafts);
  }
  const numbered = numbers.number();
  const steps = [...drafts].map(([digest, draft]) => toStep(numbered.get(digest) ?? 0, draft, numbered));
  return steps.filter(({ number }) => number > 0).sort((one, other) => one.number - other.number);
}

function addProgress({ steps, logs }: ProgressMessage, drafts: Map<string, StepDraft>): void {
  for (const { digest, name, inputs, isCached, started, completed, error } of steps) {
    const draft = getDraft(drafts, digest);
    draft.name = name ?? draft.name;
    if (inputs.length > 0) draft.inputs = inputs;
    draft.isCached ||= isCached;
    if (started !== undefined) draft.started = started;
    if (completed !== undefined) draft.completed = completed;
    if (error !== undefined) draft.error = error;
  }
  for (const { digest, bytes } of logs) getDraft(drafts, digest).log += bytes.toString("utf8");
}

function getDraft(drafts: Map<string, StepDraft>, digest: string): StepDraft {
  const draft = drafts.get(digest) ?? { name: digest, inputs: [], isCached: false, log: "" };
  drafts.set(digest, draft);
  return draft;
}

function toStep(number: number, draft: StepDraft, numbers: ReadonlyMap<string, number>): BuildStep {
  const { name, isCached, started, completed, error, log } = draft;
  const inputs = draft.inputs.flatMap((digest) => numbers.get(digest) ?? []);
  return {
    number,
    name,
    inputs,
    isCached,
    log,
    ...(completed === undefined ? {} : { seconds: (completed - (started ?? completed)) / SECOND }),
    ...(error === undefined ? {} : { error }),
  };
}
