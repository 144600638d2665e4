/** The messages of `attach/ws` as a stream of bytes (moby api/server/router/container, wsContainersAttach). */
import type { HeaderField } from "../../../wire/http/head.ts";
import { encodeWebsocketFrame, WebsocketDecoder, type WebsocketFrame } from "../../../wire/streams/websocket.ts";
import type { AttachedClient } from "../../runtime/streams/relay-streams.ts";
import type { HijackedConnection } from "./hijacked-connection.ts";

/** Status 1000, a normal closure. */
const CLOSE = encodeWebsocketFrame("close", Buffer.from([0x03, 0xe8]));

/** `opcode` is the type of the daemon's messages: text before API 1.28, binary since. */
export class WebsocketStream implements AttachedClient {
  readonly whenGone: Promise<void>;
  readonly #connection: HijackedConnection;
  readonly #opcode: "text" | "binary";
  readonly #decoder = new WebsocketDecoder();
  readonly #frames: WebsocketFrame[] = [];

  constructor(connection: HijackedConnection, opcode: "text" | "binary") {
    this.#connection = connection;
    this.#opcode = opcode;
    this.whenGone = connection.whenGone;
  }

  async read(): Promise<Buffer | undefined> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame === undefined) {
        const bytes = await this.#connection.read();
        if (bytes === undefined) return undefined;
        this.#frames.push(...this.#decoder.push(bytes));
      } else if (frame.opcode === "close") return undefined;
      else if (frame.opcode === "ping") await this.#connection.write(encodeWebsocketFrame("pong", frame.payload));
      else if (frame.opcode !== "pong") return frame.payload;
    }
  }

  write(bytes: Buffer): Promise<void> {
    return this.#connection.write(encodeWebsocketFrame(this.#opcode, bytes));
  }

  async close(): Promise<void> {
    await this.#connection.write(CLOSE);
  }
}

/** The headers of the handshake's response, with the client's own protocol. */
export function handshakeHeaders(accept: string, protocol: string | undefined): readonly HeaderField[] {
  const fields: HeaderField[] = [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Accept", accept],
  ];
  return protocol === undefined ? fields : [...fields, ["Sec-WebSocket-Protocol", protocol]];
}
