import { fieldsOf, isText, type Place, shapeError, wrong } from "../../yaml/place.ts";
import { base64Of, choiceOf, textOf } from "../../yaml/values.ts";
import type { WebsocketEvent } from "../model.ts";
import { closePayload } from "../websocket-close.ts";
import { bytesOf } from "./bytes.ts";

const CONTENT_KEYS = ["text", "base64", "close", "ping", "pong"] as const;

/** A websocket message: `{from: client, text: "..."}`. */
export function websocketOf(place: Place): WebsocketEvent {
  const fields = fieldsOf(place, ["from", ...CONTENT_KEYS], "`ws`");
  const from = fields.get("from");
  const [key, second] = CONTENT_KEYS.filter((name) => fields.has(name));
  if (from === undefined || key === undefined || second !== undefined) {
    throw shapeError(place, "`ws` must have a `from` and one of `text`, `base64`, `close`, `ping`, `pong`");
  }
  const side = choiceOf(from, ["client", "daemon"]);
  return { kind: "ws", from: side, ...contentOf(key, fields.get(key) as Place) };
}

function contentOf(key: (typeof CONTENT_KEYS)[number], place: Place): Pick<WebsocketEvent, "opcode" | "payload"> {
  if (key === "base64") return { opcode: "binary", payload: base64Of(place) };
  return { opcode: key, payload: key === "close" && isText(place) ? closeOf(place) : bytesOf(place) };
}

function closeOf(place: Place): Buffer {
  const payload = closePayload(textOf(place));
  if (payload === undefined) throw wrong(place, "a code and a reason like `1000 bye`");
  return payload;
}
