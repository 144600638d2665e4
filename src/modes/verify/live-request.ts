/** One recorded request, sent to a live daemon over a recorder of its own: what comes back is an exchange again. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange, StreamEvent } from "../../cassette/model.ts";
import type { SidecarReader } from "../../compare/answer-content.ts";
import type { Connection } from "../../session/connection.ts";
import { encodeRequestHead, type HeaderField } from "../../wire/http/head.ts";

/** A silence after which a client goes on that has not got all that was recorded. */
const SILENCE_MS = 1500;
const END_OF_HEAD = "\r\n\r\n";

export class LiveRequest {
  readonly ended: Promise<void>;
  readonly #exchange: Exchange;
  readonly #connection: Connection;
  #size = 0;
  #head = "";
  #lastAt = Date.now();
  #isOver = false;

  constructor(exchange: Exchange, connection: Connection) {
    this.#exchange = exchange;
    this.#connection = connection;
    this.ended = this.#receive();
  }

  /** Sends the request, and then the recorded input as the output before it arrives. */
  async send(read: SidecarReader): Promise<void> {
    const { request } = this.#exchange;
    const head = encodeHead(this.#exchange);
    // In one piece: a daemon that refuses a request and closes with bytes unread would lose its own answer.
    await this.#connection.write(Buffer.isBuffer(request.body) ? Buffer.concat([head, request.body]) : head);
    if (request.body !== undefined && !Buffer.isBuffer(request.body))
      for await (const piece of read(request.body)) await this.#connection.write(piece);
    void this.#sendInput(read);
  }

  /** Waits for the head of the answer. */
  async awaitHead(): Promise<void> {
    await this.#until(() => this.#head.includes(END_OF_HEAD));
  }

  /** Whether it ends within a silence. A stream that does not may wait for later requests. */
  async hasEndedSoon(): Promise<boolean> {
    while (!this.#isOver && Date.now() - this.#lastAt < SILENCE_MS) await sleep(10);
    return this.#isOver;
  }

  /** Waits for the end; a daemon that does not end by then is left. */
  async finish(patienceMs: number): Promise<void> {
    await Promise.race([this.ended, sleep(patienceMs, undefined, { ref: false })]);
    if (!this.#isOver) this.#connection.reset();
    await this.ended;
  }

  async #sendInput(read: SidecarReader): Promise<void> {
    const { stream = [], response } = this.#exchange;
    const isHijack = response?.status === 101 || response?.isHijack === true;
    let expected = 0;
    for (const event of stream) {
      expected += sizeOf(event);
      const isEnd = (event.kind === "eof" && event.side === "client") || event.kind === "cut";
      if (event.kind !== "stdin" && !isEnd) continue;
      await this.awaitHead();
      await this.#until(() => this.#size >= expected);
      if (event.kind === "stdin") await this.#write(event.content, read);
      else if (isHijack && event.kind === "eof") this.#connection.end();
      else this.#connection.reset();
    }
  }

  async #write(content: Extract<StreamEvent, { kind: "stdin" }>["content"], read: SidecarReader): Promise<void> {
    if (Buffer.isBuffer(content)) await this.#connection.write(content);
    else if ("path" in content) for await (const piece of read(content)) await this.#connection.write(piece);
  }

  /** Goes on after a silence, too. */
  async #until(hasCome: () => boolean): Promise<void> {
    while (!hasCome() && !this.#isOver && Date.now() - this.#lastAt < SILENCE_MS) await sleep(10);
  }

  async #receive(): Promise<void> {
    for (;;) {
      const bytes = await this.#connection.read();
      if (bytes === undefined) break;
      this.#lastAt = Date.now();
      if (this.#head.includes(END_OF_HEAD)) this.#size += bytes.length;
      else this.#noteHead(bytes);
    }
    this.#isOver = true;
    this.#connection.end();
  }

  #noteHead(bytes: Buffer): void {
    this.#head += bytes.toString("latin1");
    const end = this.#head.indexOf(END_OF_HEAD);
    if (end !== -1) this.#size = this.#head.length - end - END_OF_HEAD.length;
  }
}

/** What the daemon has sent of an event, at least; frames and chunks add to it. */
function sizeOf(event: StreamEvent): number {
  if (event.kind === "frames") return event.payload.length;
  if (event.kind === "bytes") return event.bytes.length;
  return event.kind === "message" ? event.json.length : 0;
}

function encodeHead({ request, response }: Exchange): Buffer {
  const { method, target, headers, body } = request;
  const isUpgrade = response?.status === 101;
  const own = headers.filter(
    ([name, value]) => !value.includes("<redacted>") && !/^(?:content-length|connection|upgrade)$/i.test(name),
  );
  const size = Buffer.isBuffer(body) ? body.length : body?.size;
  const hasType = own.some(([name]) => name.toLowerCase() === "content-type");
  const fields: HeaderField[] = [
    ["Host", "docker"],
    ["User-Agent", "whalesong"],
    ...(isUpgrade
      ? ([
          ["Connection", "Upgrade"],
          ["Upgrade", "tcp"],
        ] as HeaderField[])
      : [["Connection", "close"] as HeaderField]),
    ...own,
    ...(size === undefined || hasType
      ? []
      : [["Content-Type", Buffer.isBuffer(body) ? "application/json" : "application/x-tar"] as HeaderField]),
    ...(size === undefined && method === "POST" ? [["Content-Length", "0"] as HeaderField] : []),
    ...(size === undefined ? [] : [["Content-Length", String(size)] as HeaderField]),
  ];
  return encodeRequestHead({ method, target, version: "HTTP/1.1", fields });
}
