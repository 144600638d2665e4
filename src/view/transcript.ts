/** A cassette as people read a conversation: who said what, one line an event. */
import { formatDuration } from "../base/duration.ts";
import type { Body, Exchange, StreamEvent } from "../cassette/model.ts";
import type { Cassette } from "../cassette/read.ts";
import { dim, green, red, yellow } from "./colour.ts";

const SHOWN = 100;

export function* transcript(cassette: Cassette): Generator<string> {
  const { recorded, isUnfinished } = cassette.header;
  const facts = [recorded?.from, recorded?.at, recorded?.by, isUnfinished ? "unfinished" : undefined].filter(Boolean);
  yield dim(`# ${cassette.file}${facts.length > 0 ? `: ${facts.join(", ")}` : ""}`);
  for (const entry of cassette.entries) yield* exchangeLines(entry.exchange(), entry.index + 1);
  if (cassette.torn !== undefined) yield red(`# broken off at line ${cassette.torn.line}`);
}

function* exchangeLines(exchange: Exchange, number: number): Generator<string> {
  const { request, response, name, during = [] } = exchange;
  const remarks = [
    ...(name === undefined ? [] : [name]),
    ...(during.length > 0 ? [`during ${during.join(", ")}`] : []),
  ];
  const remark = remarks.length > 0 ? dim(`  [${remarks.join("; ")}]`) : "";
  yield "";
  yield `${dim(`${number}`.padStart(3))} ${green(">")} ${request.method} ${request.target}${remark}`;
  yield* bodyLines(request.body, ">");
  if (response === undefined) yield line("<", yellow("never answered"));
  else yield line("<", `${response.status} ${response.reason}`.trim() + bodyRemark(response.waitMs));
  yield* bodyLines(response?.body, "<");
  for (const event of exchange.stream ?? []) yield eventLine(event);
}

function bodyRemark(waitMs: number | undefined): string {
  return waitMs === undefined ? "" : dim(`  after ${formatDuration(waitMs)}`);
}

function* bodyLines(body: Body | undefined, side: ">" | "<"): Generator<string> {
  if (body !== undefined) yield line(side, dim(contentText(body)));
}

function line(side: ">" | "<" | " ", text: string): string {
  return `    ${side === ">" ? green(side) : side} ${text}`;
}

function eventLine(event: StreamEvent): string {
  switch (event.kind) {
    case "frames":
      return line("<", `${event.stream.padEnd(6)} ${quoted(event.payload)}`);
    case "message":
      return line("<", event.json.toString("utf8").slice(0, SHOWN * 2));
    case "bytes":
      return line("<", `${event.isTty ? "tty" : "text"}    ${quoted(event.bytes)}`);
    case "file":
      return line("<", dim(contentText(event.file)));
    case "stdin":
      return line(">", `stdin  ${contentText(event.content)}`);
    case "ws":
      return line(event.from === "client" ? ">" : "<", `ws     ${event.opcode} ${quoted(event.payload)}`);
    case "wait":
      return line(" ", dim(`... ${formatDuration(event.ms)}`));
    case "cue":
      return line(" ", yellow(`until ${event.name} is requested`));
    case "mark":
      return line(" ", dim(`this is ${event.name}`));
    case "until":
      return line(" ", yellow(`until ${event.name}`));
    case "eof":
      return line(event.side === "client" ? ">" : "<", dim(`closes (${event.side})`));
    default:
      return line("<", red(event.kind));
  }
}

function contentText(content: Body | { readonly redactedSize: number }): string {
  if (Buffer.isBuffer(content)) return quoted(content);
  return "path" in content ? `${content.path} (${content.size} bytes)` : `<redacted> (${content.redactedSize} bytes)`;
}

/** Control characters must not reach the terminal as such: a cassette may come from anywhere. */
function quoted(bytes: Buffer): string {
  const text = JSON.stringify(bytes.subarray(0, SHOWN * 4).toString("utf8")).replaceAll("\u007f", "\\u007f");
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}... (${bytes.length} bytes)` : text;
}
