/** The events of a stream as lines: output line by line, progress and terminals in their final state. */
import { formatDuration } from "../../base/duration.ts";
import type { SidecarRef, StreamEvent } from "../../cassette/model.ts";
import { describeEvent, describeStats } from "./describe-response.ts";
import { foldProgress } from "./fold-progress.ts";
import { describeGrpcSession } from "./grpc-session.ts";
import { foldZeroValues, getText, parseJsonBytes } from "./json-value.ts";
import type { NameBook } from "./name-book.ts";
import { formatByteSize } from "./shorten-text.ts";
import { SegmentBuilder, type StreamSegment } from "./stream-line.ts";
import { renderScreen, type ScreenSize } from "./tty-screen.ts";

export interface StreamContext {
  /** The name of the operation (wire/operations/routes.ts). */
  readonly operation: string;
  readonly names: NameBook;
  /** Of the terminal, where the request says it. */
  readonly size: Partial<ScreenSize>;
  /** Whether pauses, cues, marks and ends are lines, too, and nothing is folded. */
  readonly isComplete: boolean;
}

/** Cuts a stream into segments of lines. */
export async function digestStream(
  events: readonly StreamEvent[],
  context: StreamContext,
): Promise<readonly StreamSegment[]> {
  const builder = new SegmentBuilder();
  if (context.isComplete) {
    for (const event of events) addCompleteEvent(event, builder, context);
    return builder.build();
  }
  const addFinal = findFinalState(events, context);
  if (addFinal === undefined) {
    for (const event of events) addEvent(event, builder, context);
    return builder.build();
  }
  for (const event of events) addGate(event, builder);
  await addFinal(builder);
  return builder.build();
}

/** How a stream is shown whose last state says all: a terminal, progress, statistics, gRPC. Undefined: line by line. */
function findFinalState(
  events: readonly StreamEvent[],
  { operation, size }: StreamContext,
): ((builder: SegmentBuilder) => Promise<void> | void) | undefined {
  if (operation === "Grpc" || operation === "Session") {
    const lines = describeGrpcSession(events);
    if (lines !== undefined) return (builder) => addLines(builder, "grpc", lines);
  }
  const screen = events.flatMap((event) => (event.kind === "bytes" && event.isTty ? [event.bytes] : []));
  if (screen.length > 0) return async (builder) => addLines(builder, "tty", await renderScreen(screen, size));
  const messages = events.flatMap((event) => (event.kind === "message" ? [event.json] : []));
  if (messages.length === 0 || /^(?:SystemEvents|ContainerWait)$/.test(operation)) return undefined;
  if (operation === "ContainerStats") return (builder) => addStats(builder, messages);
  const textLane = operation === "ImageBuild" ? "build" : "progress";
  return (builder) => {
    for (const { lane, text } of foldProgress(messages, textLane)) builder.addLine(lane, text);
  };
}

function addLines(builder: SegmentBuilder, lane: "grpc" | "tty", lines: readonly string[]): void {
  for (const line of lines) builder.addLine(lane, line);
}

function addStats(builder: SegmentBuilder, samples: readonly Buffer[]): void {
  const count = samples.length === 1 ? "" : `, the last of ${samples.length} samples`;
  builder.addLine("stats", `${describeStats(parseJsonBytes(samples.at(-1)))}${count}`);
}

function addGate(event: StreamEvent, builder: SegmentBuilder): void {
  if (event.kind === "cue") builder.addCue(event.name);
  else if (event.kind === "until") builder.addUntil(event.name);
  else if (event.kind === "mark") builder.addMark(event.name);
}

function addEvent(event: StreamEvent, builder: SegmentBuilder, context: StreamContext): void {
  switch (event.kind) {
    case "frames":
      builder.addText(event.stream === "systemerr" ? "stderr" : event.stream, event.payload.toString("utf8"));
      break;
    case "bytes":
      builder.addText("text", event.bytes.toString("utf8"));
      break;
    case "message":
      addMessage(event.json, builder, context);
      break;
    case "file":
      builder.addLine("text", describeFile(event.file));
      break;
    case "stdin":
      builder.addText("stdin", describeInput(event.content));
      break;
    case "ws":
      if (event.opcode === "text" || event.opcode === "binary")
        builder.addText(event.from === "client" ? "stdin" : "stdout", event.payload.toString("utf8"));
      break;
    case "reset":
      builder.addLine("note", "the daemon broke the connection off");
      break;
    case "cut":
      builder.addLine("note", "the recording stops here");
      break;
    default:
      addGate(event, builder);
      break;
  }
}

function addMessage(bytes: Buffer, builder: SegmentBuilder, { operation, names }: StreamContext): void {
  const json = parseJsonBytes(bytes);
  if (operation === "SystemEvents") builder.addLine("event", describeEvent(json, names));
  else builder.addLine("exit", [getText(json, "StatusCode"), getText(json, "Error", "Message")].join(" ").trim());
}

/** Every event, as it is. */
function addCompleteEvent(event: StreamEvent, builder: SegmentBuilder, context: StreamContext): void {
  switch (event.kind) {
    case "message":
      builder.addLine("text", JSON.stringify(foldZeroValues(parseJsonBytes(event.json))) ?? "{}");
      break;
    case "bytes":
      if (event.isTty) builder.addLine("tty", JSON.stringify(event.bytes.toString("utf8")));
      else builder.addText("text", event.bytes.toString("utf8"));
      break;
    case "wait":
      builder.addLine("note", `... ${formatDuration(event.ms)}`);
      break;
    case "cue":
      builder.addLine("note", `waits for request \`${event.name}\``);
      break;
    case "until":
      builder.addLine("note", `waits for mark \`${event.name}\``);
      break;
    case "mark":
      builder.addLine("note", `mark \`${event.name}\``);
      break;
    case "eof":
      builder.addLine("note", `the ${event.side} closes`);
      break;
    case "hold":
      builder.addLine("note", "silent until the client leaves");
      break;
    case "repeat":
      builder.addLine("note", `repeats after ${formatDuration(event.ms)}, until the client leaves`);
      break;
    case "ws":
      builder.addLine(
        event.from === "client" ? "stdin" : "stdout",
        `websocket ${event.opcode} ${JSON.stringify(event.payload.toString("utf8"))}`,
      );
      break;
    default:
      addEvent(event, builder, context);
      break;
  }
}

function describeInput(content: Buffer | SidecarRef | { readonly redactedSize: number }): string {
  if (Buffer.isBuffer(content)) return content.toString("utf8");
  return "path" in content ? `${describeFile(content)}\n` : `(redacted, ${formatByteSize(content.redactedSize)})\n`;
}

/** `web/context.tar (3.1 kB)`. */
export function describeFile({ path, size }: SidecarRef): string {
  return `${path} (${formatByteSize(size)})`;
}
