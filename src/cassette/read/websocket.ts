import { createShapeError, createValueError, isText, readFields, type YamlPlace } from "../../yaml/place.ts";
import { readBase64, readChoice, readText } from "../../yaml/values.ts";
import type { WebsocketEvent } from "../model.ts";
import { parseClose } from "../websocket-close.ts";
import { readPayload } from "./payload.ts";

const CONTENT_KEYS = ["text", "base64", "close", "ping", "pong"] as const;

/** A websocket message: `{from: client, text: "..."}`. */
export function readWebsocket(place: YamlPlace): WebsocketEvent {
  const fields = readFields(place, ["from", ...CONTENT_KEYS], "`ws`");
  const from = fields.get("from");
  const [key, second] = CONTENT_KEYS.filter((name) => fields.has(name));
  if (from === undefined || key === undefined || second !== undefined) {
    throw createShapeError(place, "`ws` must have a `from` and one of `text`, `base64`, `close`, `ping`, `pong`");
  }
  const side = readChoice(from, ["client", "daemon"]);
  return { kind: "ws", from: side, ...readContent(key, fields.get(key) as YamlPlace) };
}

function readContent(key: (typeof CONTENT_KEYS)[number], place: YamlPlace): Pick<WebsocketEvent, "opcode" | "payload"> {
  if (key === "base64") return { opcode: "binary", payload: readBase64(place) };
  return { opcode: key, payload: key === "close" && isText(place) ? readClose(place) : readPayload(place) };
}

function readClose(place: YamlPlace): Buffer {
  const payload = parseClose(readText(place));
  if (payload === undefined) throw createValueError(place, "a code and a reason like `1000 bye`");
  return payload;
}
