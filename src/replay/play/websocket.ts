/** Hears the client's side of a websocket, message by message, and compares it with what was recorded. */
import type { WebsocketEvent } from "../../cassette/model.ts";
import { WebsocketDecoder, type WebsocketFrame } from "../../wire/websocket.ts";
import type { Stage } from "./stage.ts";
import { complaintOf } from "./stdin.ts";
import type { Complaint } from "./vigil.ts";

const READ = 64 * 1024;

export class WebsocketEar {
  readonly #decoder: WebsocketDecoder = new WebsocketDecoder();
  readonly #heard: WebsocketFrame[] = [];

  /** Waits for the message that was recorded; undefined if it came so. Pings and pongs come of themselves. */
  async hear(stage: Stage, { opcode, payload }: WebsocketEvent): Promise<Complaint | undefined> {
    if (opcode === "ping" || opcode === "pong") return undefined;
    const frame = await this.#next(stage);
    if (frame === undefined) return opcode === "close" ? undefined : complaintOf(payload, undefined);
    // Why a client closes differs with how it is told to; that it closes is what counts.
    if (opcode === "close" && frame.opcode === "close") return undefined;
    return frame.opcode !== "close" && opcode !== "close" && frame.payload.equals(payload)
      ? undefined
      : complaintOf(payload, frame.payload);
  }

  async #next(stage: Stage): Promise<WebsocketFrame | undefined> {
    for (;;) {
      const frame = this.#heard.shift();
      if (frame !== undefined && frame.opcode !== "ping" && frame.opcode !== "pong") return frame;
      if (frame !== undefined) continue;
      const bytes = await stage.hear(READ);
      if (bytes === undefined) return undefined;
      this.#heard.push(...this.#decoder.push(bytes));
    }
  }
}
