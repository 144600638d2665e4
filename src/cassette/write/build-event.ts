import { formatDuration } from "../../base/duration.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import { quoteText } from "../../yaml/visible.ts";
import type {
  BuildAnswerEvent,
  BuildCallEvent,
  BuildEndEvent,
  BuildEvent,
  BuildLineEvent,
  TransferEndEvent,
  TransferStartEvent,
  UntarredEntry,
} from "../build-model.ts";
import { formatSidecar, toFlowJson } from "./body.ts";
import { formatStatusKeys, spellStatusCode } from "./grpc-status.ts";
import { formatMessageKey } from "./message.ts";
import { formatProgress, type ProgressContext } from "./progress.ts";
import { spellWord } from "./spell.ts";

const ITEM = "  - ";
const FURTHER_KEY = "    ";
/** The verbs for the end of a transfer. */
export const TRANSFER_ENDS = { sync: "synced", upload: "uploaded", export: "exported" } as const;

/** One event as an item of `build:`, with its line end. */
export function formatBuildEvent(event: BuildEvent, context: ProgressContext): string {
  switch (event.kind) {
    case "call":
      return formatCall(event);
    case "answer":
      return formatAnswer(event);
    case "end":
      return formatEnd(event);
    case "cancel":
      return formatItem(`cancel: ${spellMethod(event)}`);
    case "progress":
      return formatProgress(event.progress, event.build, context);
    case "line":
      return formatLine(event);
    case "response-end":
      return formatItem("end: response");
    case "transfer":
      return formatTransfer(event);
    case "transferred":
      return formatTransferEnd(event);
    case "secret":
      return formatItem(`${event.of}: ${spellWord(event.id, false)}`);
    case "wait":
      return formatItem(`wait: ${formatDuration(event.ms)}`);
    case "cut":
      return formatItem("cut");
  }
}

function formatItem(text: string): string {
  return `${ITEM}${text}\n`;
}

/** `Control/Solve`, or with the number of its build where that is not the first one. */
function spellMethod({ method, build }: { readonly method: string; readonly build: number }): string {
  return build === 1 ? spellWord(method, false) : `{method: ${spellWord(method, true)}, build: ${build}}`;
}

function formatCall(event: BuildCallEvent): string {
  const message = event.message === undefined ? "" : formatMessageKey(event.message, FURTHER_KEY);
  return formatItem(`call: ${spellMethod(event)}`) + message;
}

function formatAnswer(event: BuildAnswerEvent): string {
  const { message } = event;
  const isEmpty = "json" in message && Object.keys(message.json).length === 0;
  return formatItem(`answer: ${spellMethod(event)}`) + (isEmpty ? "" : formatMessageKey(message, FURTHER_KEY));
}

function formatEnd(event: BuildEndEvent): string {
  const { status } = event;
  const isPlain = status.code === 0 && status.message === "" && status.details.length === 0;
  if (isPlain) return formatItem(`end: ${spellMethod(event)}`);
  const code = `${FURTHER_KEY}grpc: ${spellStatusCode(status.code)}\n`;
  return formatItem(`failed: ${spellMethod(event)}`) + code + formatStatusKeys(status, FURTHER_KEY);
}

/** JSON that YAML cannot hold on one line is written as text. */
function formatLine({ json }: BuildLineEvent): string {
  const flow = toFlowJson(json);
  return formatItem(flow === undefined ? `text: ${quoteText(json.toString("utf8"))}` : `progress: ${flow}`);
}

function formatTransfer({ transfer, as, session, metadata }: TransferStartEvent): string {
  const facts = [
    `as: ${spellWord(as, true)}`,
    ...(session === 1 ? [] : [`session: ${session}`]),
    ...(metadata.length === 0 ? [] : [`metadata: {${formatMetadata(metadata)}}`]),
  ];
  return formatItem(`${transfer}: {${facts.join(", ")}}`);
}

/** The values of one name stand in a list. */
function formatMetadata(metadata: readonly HeaderField[]): string {
  const names = [...new Set(metadata.map(([name]) => name))];
  return names
    .map((name) => {
      const values = metadata.filter((field) => field[0] === name).map(([, value]) => spellWord(value, true));
      return `${spellWord(name, true)}: ${values.length === 1 ? values[0] : `[${values.join(", ")}]`}`;
    })
    .join(", ");
}

function formatTransferEnd({ transfer, as, content, problem }: TransferEndEvent): string {
  const facts = [
    `as: ${spellWord(as, true)}`,
    ...(content.kind === "bytes" ? [`file: ${formatSidecar(content.file)}`] : []),
    ...(content.kind === "tree" && content.tar !== undefined ? [`tree: ${formatSidecar(content.tar)}`] : []),
    ...(problem === undefined ? [] : [`problem: ${quoteText(problem)}`]),
  ];
  const entries = content.kind === "tree" ? content.entries : [];
  const list = entries.map((entry) => `${FURTHER_KEY}  - ${formatEntry(entry)}\n`).join("");
  return (
    formatItem(`${TRANSFER_ENDS[transfer]}: {${facts.join(", ")}}`) +
    (entries.length === 0 ? "" : `${FURTHER_KEY}entries:\n${list}`)
  );
}

function formatEntry({ path, type, mode, size, link, sha256 }: UntarredEntry): string {
  const facts = [
    `path: ${spellWord(path, true)}`,
    ...(type === "file" ? [] : [`type: ${type}`]),
    `mode: ${mode.toString(8).padStart(3, "0")}`,
    ...(size === 0 ? [] : [`size: ${size}`]),
    ...(link === undefined ? [] : [`link: ${spellWord(link, true)}`]),
    ...(sha256 === undefined ? [] : [`sha256: ${spellWord(sha256, true)}`]),
  ];
  return `{${facts.join(", ")}}`;
}
