/**
 * The bytes that the wire must carry for a cassette. They are encoded here anew from the protocol, so that a wrong encoder
 * in src/ is not its own witness.
 */

import type { Exchange, FramesEvent, SidecarRef, StreamEvent, WebsocketEvent } from "../../src/cassette/model.ts";
import { openSidecar } from "../../src/io/disk/read-cassette.ts";

const STREAMS = ["stdin", "stdout", "stderr", "systemerr"];
const OPCODES = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
const MASKED = 0x80;
export const WEBSOCKET_KEY = "d2hhbGVzb25nIHdoYWxlcw==";

export class ExpectedBytes {
  readonly #cassette: string;

  constructor(cassette: string) {
    this.#cassette = cassette;
  }

  /** The request as a client could send it. What a cassette does not keep is invented. */
  async encodeRequest({ request, response }: Exchange): Promise<Buffer> {
    const body = request.body === undefined ? undefined : await this.readContent(request.body);
    const fields = [
      ["Host", "docker"],
      ...request.headers,
      ...(response?.status === 101 ? createUpgradeFields(request.headers) : []),
      ...(body === undefined ? [] : [["Content-Length", String(body.length)]]),
    ];
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const head = `${request.method} ${request.target} HTTP/1.1\r\n${lines}\r\n`;
    return Buffer.concat([Buffer.from(head, "latin1"), body ?? Buffer.alloc(0)]);
  }

  /** The daemon's bytes of one event, without HTTP's chunks. Other events have none. */
  async encodeOutput(event: StreamEvent): Promise<Buffer> {
    if (event.kind === "bytes") return event.bytes;
    if (event.kind === "file") return this.readContent(event.file);
    if (event.kind === "frames") return Buffer.concat(encodeFrames(event));
    if (event.kind === "ws" && event.from === "daemon") return encodeWebsocketFrame(event, 0);
    if (event.kind !== "message") return Buffer.alloc(0);
    const [lead, end] = { progress: ["", "\r\n"], jsonl: ["", "\n"], "json-seq": ["\x1e", "\n"] }[event.dialect];
    return Buffer.concat([Buffer.from(lead as string), event.json, Buffer.from(end as string)]);
  }

  /** The client's bytes of one event. Other events have none. */
  async encodeInput(event: StreamEvent): Promise<Buffer> {
    if (event.kind === "ws" && event.from === "client") return encodeWebsocketFrame(event, MASKED);
    if (event.kind !== "stdin") return Buffer.alloc(0);
    return "redactedSize" in event.content ? Buffer.alloc(event.content.redactedSize) : this.readContent(event.content);
  }

  async readContent(content: Buffer | SidecarRef): Promise<Buffer> {
    return Buffer.isBuffer(content) ? content : openSidecar(this.#cassette, content).readAll();
  }
}

function createUpgradeFields(headers: Exchange["request"]["headers"]): string[][] {
  const own = headers.find(([name]) => name === "Upgrade");
  const key =
    own?.[1] === "websocket"
      ? [
          ["Sec-WebSocket-Key", WEBSOCKET_KEY],
          ["Sec-WebSocket-Version", "13"],
        ]
      : [];
  return [["Connection", "Upgrade"], ...(own === undefined ? [["Upgrade", "tcp"]] : []), ...key];
}

function encodeFrames({ stream, payload, cut = [payload.length] }: FramesEvent): Buffer[] {
  const pieces =
    cut === "lines"
      ? payload
          .toString("latin1")
          .split(/(?<=\n)/)
          .map(({ length }) => length)
      : cut;
  let at = 0;
  return pieces.map((size) => {
    const frame = Buffer.alloc(8 + size, payload.subarray(at, at + size));
    frame.fill(0, 0, 8).writeUInt8(STREAMS.indexOf(stream), 0);
    frame.writeUInt32BE(size, 4);
    payload.copy(frame, 8, at, at + size);
    at += size;
    return frame;
  });
}

/** Short frames only. A mask of zeros leaves the payload as it is. */
function encodeWebsocketFrame({ opcode, payload }: WebsocketEvent, mask: number): Buffer {
  const lead = [0x80 | OPCODES[opcode], mask | payload.length, ...(mask === MASKED ? [0, 0, 0, 0] : [])];
  return Buffer.concat([Buffer.from(lead), payload]);
}
