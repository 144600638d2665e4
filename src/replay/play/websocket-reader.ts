/** Reads the client's side of a websocket message by message, and compares it with what was recorded. */
import type { WebsocketEvent } from "../../cassette/model.ts";
import { WebsocketDecoder, type WebsocketFrame } from "../../wire/streams/websocket.ts";
import { createMismatch, type StdinMismatch } from "../run/stdin-mismatch.ts";
import type { ClientStream } from "./client-stream.ts";

const READ_SIZE = 64 * 1024;

export class WebsocketReader {
  readonly #decoder: WebsocketDecoder = new WebsocketDecoder();
  readonly #unread: WebsocketFrame[] = [];

  /** Waits for the recorded message. Resolves with undefined if it is the same. Pings and pongs are not compared. */
  async compare(stream: ClientStream, { opcode, payload }: WebsocketEvent): Promise<StdinMismatch | undefined> {
    if (opcode === "ping" || opcode === "pong") return undefined;
    const frame = await this.#readMessage(stream);
    if (frame === undefined) return opcode === "close" ? undefined : createMismatch(payload, undefined);
    // The reason of a close depends on how the client is ended; only the close itself counts.
    if (opcode === "close" && frame.opcode === "close") return undefined;
    return frame.opcode !== "close" && opcode !== "close" && frame.payload.equals(payload)
      ? undefined
      : createMismatch(payload, frame.payload);
  }

  /** What the client says before it closes its side; undefined if nothing. */
  async readSurplus(stream: ClientStream): Promise<Buffer | undefined> {
    const frame = await this.#readMessage(stream);
    return frame === undefined || frame.opcode === "close" ? undefined : frame.payload;
  }

  async #readMessage(stream: ClientStream): Promise<WebsocketFrame | undefined> {
    for (;;) {
      const frame = this.#unread.shift();
      if (frame !== undefined && frame.opcode !== "ping" && frame.opcode !== "pong") return frame;
      if (frame !== undefined) continue;
      const bytes = await stream.read(READ_SIZE);
      if (bytes === undefined) return undefined;
      this.#unread.push(...this.#decoder.push(bytes));
    }
  }
}
