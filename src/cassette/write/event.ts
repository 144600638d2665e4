import { decodeUtf8 } from "../../base/bytes.ts";
import { formatDuration } from "../../base/duration.ts";
import { quoteText } from "../../yaml/visible.ts";
import type {
  BytesEvent,
  FramesEvent,
  MessageEvent,
  SidecarRef,
  StdinEvent,
  StreamEvent,
  WebsocketEvent,
} from "../model.ts";
import { spellSizes } from "../sizes.ts";
import { formatClose } from "../websocket-close.ts";
import { formatBase64, formatBytes, formatSidecar, toFlowJson } from "./body.ts";
import { spellPayload, spellWord } from "./spell.ts";

const ITEM = "  - ";
const FURTHER_KEY = "    ";
const LITERAL = "      ";

/** One event as an item of `stream:`, with its line end. */
export function formatEvent(event: StreamEvent): string {
  switch (event.kind) {
    case "wait":
      return formatItem(`wait: ${formatDuration(event.ms)}`);
    case "cue":
      return formatItem(`cue: ${spellWord(event.name, false)}`);
    case "mark":
    case "until":
      return formatItem(`${event.kind}: ${spellWord(event.name, false)}`);
    case "eof":
      return formatItem(`eof: ${event.side}`);
    case "reset":
    case "cut":
    case "hold":
      return formatItem(event.kind);
    case "repeat":
      return formatItem(`repeat: ${formatDuration(event.ms)}`);
    case "file":
      return formatItem(`file: ${formatSidecar(event.file)}`);
    case "stdin":
      return formatItem(`stdin: ${formatStdin(event.content)}`);
    case "ws":
      return formatItem(`ws: {from: ${event.from}, ${formatWebsocket(event)}}`);
    default:
      return formatDaemonEvent(event) + (event.joined === true ? `${FURTHER_KEY}joined: true\n` : "");
  }
}

function formatDaemonEvent(event: FramesEvent | MessageEvent | BytesEvent): string {
  if (event.kind === "message") return formatMessage(event);
  return event.kind === "frames" ? formatFrames(event) : formatBytesEvent(event);
}

function formatItem(text: string): string {
  return `${ITEM}${text}\n`;
}

function formatFrames({ stream, payload, cut }: FramesEvent): string {
  const verb = stream === "stdin" ? "echo" : stream;
  return (
    formatItem(`${verb}: ${formatPayload(payload)}`) +
    (cut === undefined ? "" : `${FURTHER_KEY}frames: ${formatCut(cut)}\n`)
  );
}

function formatCut(cut: NonNullable<FramesEvent["cut"]>): string {
  return cut === "lines" ? cut : spellSizes(cut);
}

/** A message whose JSON does not fit in flow YAML is written as the bytes of the wire. */
function formatMessage({ dialect, json }: MessageEvent): string {
  const flow = toFlowJson(json);
  return flow === undefined
    ? formatBytesEvent({ isTty: false, bytes: toWireBytes(dialect, json) })
    : formatItem(`${dialect}: ${flow}`);
}

function toWireBytes(dialect: MessageEvent["dialect"], json: Buffer): Buffer {
  if (dialect === "json-seq") return Buffer.concat([Buffer.from("\x1e"), json, Buffer.from("\n")]);
  return Buffer.concat([json, Buffer.from(dialect === "progress" ? "\r\n" : "\n")]);
}

function formatBytesEvent({ isTty, bytes }: Pick<BytesEvent, "isTty" | "bytes">): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return formatItem(`${isTty ? "tty" : "text"}: ${spellPayload(text, LITERAL)}`);
  const base64 = formatItem(formatBase64(bytes));
  return isTty ? `${base64}${FURTHER_KEY}tty: true\n` : base64;
}

function formatStdin(content: StdinEvent["content"]): string {
  if (Buffer.isBuffer(content)) return formatPayload(content);
  if ("redactedSize" in content)
    return `{redacted: ${content.redactedSize}${content.isLine === true ? ", line: true" : ""}}`;
  return `{file: ${formatSidecar(content as SidecarRef)}}`;
}

function formatPayload(bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  return text === undefined ? `{${formatBase64(bytes)}}` : spellPayload(text, LITERAL);
}

function formatWebsocket({ opcode, payload }: WebsocketEvent): string {
  if (opcode === "binary") return formatBase64(payload);
  if (opcode === "text" && decodeUtf8(payload) !== undefined) return formatBytes(payload);
  const text = opcode === "close" ? formatClose(payload) : decodeUtf8(payload);
  return `${opcode}: ${text === undefined ? `{${formatBase64(payload)}}` : formatClosePayload(opcode, text)}`;
}

function formatClosePayload(opcode: WebsocketEvent["opcode"], text: string): string {
  return opcode === "close" && /^\d+$/.test(text) ? text : quoteText(text);
}
