import { utf8Text } from "../../base/bytes.ts";
import { formatDuration } from "../../base/duration.ts";
import { quoted } from "../../yaml/visible.ts";
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
import { closeText } from "../websocket-close.ts";
import { base64Flow, bytesFlow, flowJson, sidecarFlow } from "./body.ts";
import { payload, word } from "./spell.ts";

const ITEM = "  - ";
const FURTHER_KEY = "    ";
const LITERAL = "      ";

/** One event as an item of `stream:`, with its line end. */
export function eventText(event: StreamEvent): string {
  switch (event.kind) {
    case "wait":
      return item(`wait: ${formatDuration(event.ms)}`);
    case "cue":
      return item(`cue: ${word(event.name, false)}`);
    case "mark":
    case "until":
      return item(`${event.kind}: ${word(event.name, false)}`);
    case "eof":
      return item(`eof: ${event.side}`);
    case "reset":
    case "cut":
    case "hold":
      return item(event.kind);
    case "repeat":
      return item(`repeat: ${formatDuration(event.ms)}`);
    case "file":
      return item(`file: ${sidecarFlow(event.file)}`);
    case "stdin":
      return item(`stdin: ${stdinValue(event.content)}`);
    case "ws":
      return item(`ws: {from: ${event.from}, ${websocketFlow(event)}}`);
    default:
      return daemonText(event) + (event.joined === true ? `${FURTHER_KEY}joined: true\n` : "");
  }
}

function daemonText(event: FramesEvent | MessageEvent | BytesEvent): string {
  if (event.kind === "message") return messageText(event);
  return event.kind === "frames" ? framesText(event) : bytesText(event);
}

function item(text: string): string {
  return `${ITEM}${text}\n`;
}

function framesText({ stream, payload, cut }: FramesEvent): string {
  const verb = stream === "stdin" ? "echo" : stream;
  return (
    item(`${verb}: ${bytesValue(payload)}`) + (cut === undefined ? "" : `${FURTHER_KEY}frames: ${cutValue(cut)}\n`)
  );
}

function cutValue(cut: NonNullable<FramesEvent["cut"]>): string {
  return cut === "lines" ? cut : spellSizes(cut);
}

/** A message whose JSON no flow YAML can hold is told by the bytes it had on the wire. */
function messageText({ dialect, json }: MessageEvent): string {
  const flow = flowJson(json);
  return flow === undefined
    ? bytesText({ isTty: false, bytes: wireBytes(dialect, json) })
    : item(`${dialect}: ${flow}`);
}

function wireBytes(dialect: MessageEvent["dialect"], json: Buffer): Buffer {
  if (dialect === "json-seq") return Buffer.concat([Buffer.from("\x1e"), json, Buffer.from("\n")]);
  return Buffer.concat([json, Buffer.from(dialect === "progress" ? "\r\n" : "\n")]);
}

function bytesText({ isTty, bytes }: Pick<BytesEvent, "isTty" | "bytes">): string {
  const text = utf8Text(bytes);
  if (text !== undefined) return item(`${isTty ? "tty" : "text"}: ${payload(text, LITERAL)}`);
  const base64 = item(base64Flow(bytes));
  return isTty ? `${base64}${FURTHER_KEY}tty: true\n` : base64;
}

function stdinValue(content: StdinEvent["content"]): string {
  if (Buffer.isBuffer(content)) return bytesValue(content);
  if ("redactedSize" in content) return `{redacted: ${content.redactedSize}}`;
  return `{file: ${sidecarFlow(content as SidecarRef)}}`;
}

function bytesValue(bytes: Buffer): string {
  const text = utf8Text(bytes);
  return text === undefined ? `{${base64Flow(bytes)}}` : payload(text, LITERAL);
}

function websocketFlow({ opcode, payload }: WebsocketEvent): string {
  if (opcode === "binary") return base64Flow(payload);
  if (opcode === "text" && utf8Text(payload) !== undefined) return bytesFlow(payload);
  const text = opcode === "close" ? closeText(payload) : utf8Text(payload);
  return `${opcode}: ${text === undefined ? `{${base64Flow(payload)}}` : closeOrQuoted(opcode, text)}`;
}

function closeOrQuoted(opcode: WebsocketEvent["opcode"], text: string): string {
  return opcode === "close" && /^\d+$/.test(text) ? text : quoted(text);
}
