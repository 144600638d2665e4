/** Prints a cassette as a transcript: the client's and the daemon's side, one line an event. */
import { formatDuration } from "../base/duration.ts";
import type { Exchange, RecordedBody, StreamEvent } from "../cassette/model.ts";
import type { Cassette } from "../cassette/read.ts";
import { formatBuildLines, formatCallAnswer } from "./build-lines.ts";
import { styleDim, styleGreen, styleRed, styleYellow } from "./colour.ts";

const SHOWN = 100;

/** The lines of the transcript. What they quote stays within its line. */
export function* formatTranscript(cassette: Cassette): Generator<string> {
  for (const line of formatCassette(cassette)) yield line.replaceAll("\n", "\\n");
}

function* formatCassette(cassette: Cassette): Generator<string> {
  const { recorded, isUnfinished } = cassette.header;
  const facts = [recorded?.from, recorded?.at, recorded?.by, isUnfinished ? "unfinished" : undefined].filter(Boolean);
  yield styleDim(`# ${cassette.file}${facts.length > 0 ? `: ${facts.join(", ")}` : ""}`);
  for (const entry of cassette.entries) yield* formatExchange(entry.readExchange(), entry.index + 1);
  if (cassette.torn !== undefined) yield styleRed(`# broken off at line ${cassette.torn.line}`);
}

function* formatExchange(exchange: Exchange, number: number): Generator<string> {
  const { request, response, name, during = [] } = exchange;
  const remarks = [
    ...(name === undefined ? [] : [name]),
    ...(during.length > 0 ? [`during ${during.join(", ")}`] : []),
  ];
  const remark = remarks.length > 0 ? styleDim(`  [${remarks.join("; ")}]`) : "";
  yield "";
  yield `${styleDim(`${number}`.padStart(3))} ${styleGreen(">")} ${request.method} ${request.target}${remark}`;
  yield* formatBody(request.body, ">");
  if (exchange.call !== undefined) yield formatLine("<", formatCallAnswer(exchange.call));
  else if (response === undefined && request.method !== "GRPC") yield formatLine("<", styleYellow("never answered"));
  else if (response !== undefined)
    yield formatLine("<", `${response.status} ${response.reason}`.trim() + formatWait(response.waitMs));
  yield* formatBody(response?.body, "<");
  for (const event of exchange.stream ?? []) yield formatEvent(event);
  for (const { side, text } of formatBuildLines(exchange.build ?? [])) yield formatLine(side, text);
}

function formatWait(waitMs: number | undefined): string {
  return waitMs === undefined ? "" : styleDim(`  after ${formatDuration(waitMs)}`);
}

function* formatBody(body: RecordedBody | undefined, side: ">" | "<"): Generator<string> {
  if (body !== undefined) yield formatLine(side, styleDim(formatContent(body)));
}

function formatLine(side: ">" | "<" | " ", text: string): string {
  return `    ${side === ">" ? styleGreen(side) : side} ${text}`;
}

function formatEvent(event: StreamEvent): string {
  switch (event.kind) {
    case "frames":
      return formatLine("<", `${event.stream.padEnd(6)} ${quoteBytes(event.payload)}`);
    case "message":
      return formatLine("<", event.json.toString("utf8").slice(0, SHOWN * 2));
    case "bytes":
      return formatLine("<", `${event.isTty ? "tty" : "text"}    ${quoteBytes(event.bytes)}`);
    case "file":
      return formatLine("<", styleDim(formatContent(event.file)));
    case "stdin":
      return formatLine(">", `stdin  ${formatContent(event.content)}`);
    case "ws":
      return formatLine(event.from === "client" ? ">" : "<", `ws     ${event.opcode} ${quoteBytes(event.payload)}`);
    case "wait":
      return formatLine(" ", styleDim(`... ${formatDuration(event.ms)}`));
    case "cue":
      return formatLine(" ", styleYellow(`until ${event.name} is requested`));
    case "mark":
      return formatLine(" ", styleDim(`this is ${event.name}`));
    case "until":
      return formatLine(" ", styleYellow(`until ${event.name}`));
    case "eof":
      return formatLine(event.side === "client" ? ">" : "<", styleDim(`closes (${event.side})`));
    default:
      return formatLine("<", styleRed(event.kind));
  }
}

function formatContent(content: RecordedBody | { readonly redactedSize: number }): string {
  if (Buffer.isBuffer(content)) return quoteBytes(content);
  return "path" in content ? `${content.path} (${content.size} bytes)` : `<redacted> (${content.redactedSize} bytes)`;
}

/** Escapes control characters, because a cassette is untrusted input to the terminal. */
function quoteBytes(bytes: Buffer): string {
  const text = JSON.stringify(bytes.subarray(0, SHOWN * 4).toString("utf8")).replaceAll("\u007f", "\\u007f");
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}... (${bytes.length} bytes)` : text;
}
