/** What a build did, without its times, and without the order of steps that ran side by side. */
import type { BuildEvent, ProgressMessage, RecordedMessage } from "../cassette/build-model.ts";
import type { SidecarRef } from "../cassette/model.ts";
import { toContentText } from "./content-text.ts";

type ReadFile = (file: SidecarRef) => Promise<unknown>;

interface StepContent {
  isCached: boolean;
  isDone: boolean;
  error?: string;
  inputs: readonly string[];
  /** The pieces of what each stream printed. */
  readonly logs: Map<number, Buffer[]>;
  readonly statuses: Set<string>;
  readonly warnings: unknown[];
}

interface BuildContent {
  readonly calls: unknown[];
  readonly answers: Record<string, unknown[]>;
  readonly steps: Map<string, StepContent>;
  readonly transfers: Record<string, unknown>;
  readonly ends: string[];
}

export async function toBuildContent(events: readonly BuildEvent[], readFile: ReadFile): Promise<unknown> {
  const content: BuildContent = { calls: [], answers: {}, steps: new Map(), transfers: {}, ends: [] };
  const names = collectStepNames(events);
  for (const event of events) {
    if (event.kind === "progress") noteProgress(content, event.progress, names);
    else await noteEvent(content, event, readFile);
  }
  const steps = [...content.steps].map(([name, step]) => [name, settleStep(step)]);
  return { ...content, steps: Object.fromEntries(steps), ends: content.ends.sort() };
}

function settleStep({ logs, statuses, ...step }: StepContent): unknown {
  const texts = [...logs].map(([stream, pieces]) => [stream, toContentText(Buffer.concat(pieces))]);
  return { ...step, logs: Object.fromEntries(texts), statuses: [...statuses].sort() };
}

/** A step's digest depends on the session; its name does not. */
function collectStepNames(events: readonly BuildEvent[]): ReadonlyMap<string, string> {
  const steps = events.flatMap((event) => (event.kind === "progress" ? event.progress.steps : []));
  return new Map(steps.flatMap(({ digest, name }) => (name === undefined ? [] : [[digest, name] as const])));
}

function noteProgress(content: BuildContent, progress: ProgressMessage, names: ReadonlyMap<string, string>): void {
  const findName = (digest: string): string => names.get(digest) ?? "a step without a name";
  for (const { digest, inputs, isCached, completed, error } of progress.steps) {
    const step = openStep(content, findName(digest));
    step.isCached ||= isCached;
    step.isDone ||= completed !== undefined;
    if (error !== undefined && error !== "") step.error = error;
    if (inputs.length > 0) step.inputs = inputs.map(findName);
  }
  for (const { digest, id } of progress.statuses) openStep(content, findName(digest)).statuses.add(id);
  for (const { digest, stream = 1, bytes } of progress.logs) {
    const { logs } = openStep(content, findName(digest));
    const pieces = logs.get(stream);
    if (pieces === undefined) logs.set(stream, [bytes]);
    else pieces.push(bytes);
  }
  for (const { digest, message } of progress.warnings) openStep(content, findName(digest)).warnings.push(message);
}

function openStep({ steps }: BuildContent, name: string): StepContent {
  const step = steps.get(name) ?? createStep();
  steps.set(name, step);
  return step;
}

function createStep(): StepContent {
  return { isCached: false, isDone: false, inputs: [], logs: new Map(), statuses: new Set(), warnings: [] };
}

async function noteEvent(content: BuildContent, event: BuildEvent, readFile: ReadFile): Promise<void> {
  switch (event.kind) {
    case "call":
      content.calls.push([event.build, event.method, await toMessage(event.message, readFile)]);
      return;
    case "answer":
      content.answers[`${event.method} ${event.build}`] ??= [];
      content.answers[`${event.method} ${event.build}`]?.push(await toMessage(event.message, readFile));
      return;
    case "transfer":
      content.transfers[`${event.transfer} ${event.as}`] = event.metadata;
      return;
    case "transferred":
      content.transfers[event.as] = await toTransfer(event, readFile);
      return;
    case "line":
      content.ends.push(toContentText(event.json));
      return;
    case "end":
      if (event.status.code !== 0) content.ends.push(`${event.method}: ${event.status.code} ${event.status.message}`);
      return;
    case "cancel":
      content.ends.push(`${event.method}: canceled`);
      return;
    case "secret":
      content.ends.push(`${event.of} ${event.id}`);
      return;
    default:
      if (event.kind === "cut") content.ends.push("cut");
  }
}

/** The graph that BuildKit makes of a Dockerfile is opaque, and names the session. */
async function toMessage(message: RecordedMessage | undefined, readFile: ReadFile): Promise<unknown> {
  if (message === undefined) return null;
  if ("json" in message) return message.json;
  if ("bytes" in message) return toContentText(message.bytes);
  return message.file.path.endsWith(".bin") ? { bytes: message.file.size } : readFile(message.file);
}

async function toTransfer(
  { content, problem }: Extract<BuildEvent, { kind: "transferred" }>,
  readFile: ReadFile,
): Promise<unknown> {
  const files = content.kind === "bytes" ? content.file : content.tar;
  return {
    ...(files === undefined ? {} : { files: await readFile(files) }),
    ...(content.kind === "tree" ? { entries: content.entries } : {}),
    ...(problem === undefined ? {} : { problem }),
  };
}
