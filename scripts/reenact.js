/**
 * A client made from a cassette: it sends the recorded requests and input, each as soon as the recorded client could
 * have sent it. The cassette's cues say what that client had received by then. It reads all at once, byte by byte, or
 * with delays.
 */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Chunker, encodeOutput } from "../build/replay/play/encode.js";

const LONGEST_DELAY_MS = 20;
const END_OF_HEAD = "\r\n\r\n";
const DAEMON_OUTPUT = ["frames", "message", "bytes"];

/**
 * @typedef {import("../build/cassette/model.js").Exchange} Exchange
 * @typedef {import("../build/cassette/model.js").StreamEvent} StreamEvent
 * @typedef {"as it comes" | "byte by byte" | "with delays"} Mood
 * @typedef {{ readonly mood: Mood, readonly random: () => number }} Manner
 */

/** @type {readonly Mood[]} */
export const MOODS = ["as it comes", "byte by byte", "with delays"];

/**
 * Returns all received bytes, request by request.
 * @param {readonly Exchange[]} exchanges
 * @param {string} path the socket's
 * @param {Manner} manner
 */
export async function reenact(exchanges, path, manner) {
  /** @type {ReenactedRequest[]} */
  const requests = [];
  for (const exchange of exchanges) {
    await Promise.all(requests.map((earlier) => earlier.allows(exchange)));
    await dither(manner);
    requests.push(new ReenactedRequest(exchange, path, manner, requests));
  }
  const isLeft = ({ exchange }) => leaves(exchange);
  await Promise.all(requests.filter((one) => !isLeft(one)).map(({ ended }) => ended));
  await Promise.all(requests.filter(isLeft).map((one) => one.leave()));
  return requests.map(({ transcript }) => transcript).join("\n");
}

/** One request, on a connection of its own. */
class ReenactedRequest {
  /** @type {Buffer[]} */
  #pieces = [];
  #size = 0;
  /** @type {number | undefined} */
  #headSize;
  #isOver = "";
  /** @type {Set<() => void>} */
  #wakers = new Set();

  /**
   * @param {Exchange} exchange
   * @param {string} path
   * @param {Manner} manner
   * @param {readonly ReenactedRequest[]} before the earlier requests; later ones are added
   */
  constructor(exchange, path, manner, before) {
    this.exchange = exchange;
    this.manner = manner;
    this.all = before;
    this.socket = listener(path, manner, (bytes) => this.#receive(bytes));
    this.socket.once("end", () => this.#end("(eof)")).once("error", ({ message }) => this.#end(`(${message})`));
    this.socket.write(requestBytes(exchange));
    this.ended = this.#until(() => this.#isOver !== "");
    this.sending = this.#sendInput();
  }

  get transcript() {
    const { method, target } = this.exchange.request;
    return `> ${method} ${target}\n${JSON.stringify(Buffer.concat(this.#pieces).toString("latin1"))} ${this.#isOver}`;
  }

  /**
   * Resolves when a client at this point would request `next`: after a response, with a stream's head,
   * or where it stands in the stream.
   * @param {Exchange} next
   */
  async allows(next) {
    const { stream } = this.exchange;
    if (stream === undefined) return this.ended;
    const cue = stream.findIndex((event) => event.kind === "cue" && event.name === next.name);
    if (cue !== -1) return this.#hasReceivedUpTo(cue);
    // A stream without a cue for a change ended before that change; so did one whose outcome is requested.
    if (next.name !== undefined || isOutcome(this.exchange, next)) return this.ended;
    return this.#hasReceivedUpTo(0);
  }

  /** Receives what is left, and disconnects. */
  async leave() {
    await this.#hasReceivedUpTo(this.exchange.stream?.length ?? 0);
    this.socket.destroy();
    this.#end("(left)");
  }

  /** Sends the client's recorded input into a hijack, after it has received what came before. */
  async #sendInput() {
    const { stream = [], response } = this.exchange;
    if (response?.status !== 101) return;
    for (const [at, event] of stream.entries()) {
      const isEnd = event.kind === "eof" && event.side === "client";
      if (!isEnd && event.kind !== "stdin") continue;
      await this.#hasReceivedUpTo(at);
      await Promise.all(this.all.filter((one) => isCued(stream.slice(0, at), one)).map(({ ended }) => ended));
      if (isEnd) this.socket.end();
      else await this.#send(/** @type {Buffer} */ (event.content));
    }
  }

  /** @param {Buffer} bytes */
  async #send(bytes) {
    for (const piece of this.manner.mood === "with delays" ? pieces(bytes, this.manner) : [bytes]) {
      await dither(this.manner);
      this.socket.write(piece);
    }
  }

  /** @param {number} at the index of an event */
  #hasReceivedUpTo(at) {
    const size = sizeOf(this.exchange, at);
    return this.#until(
      () => this.#isOver !== "" || (this.#headSize !== undefined && this.#size >= this.#headSize + size),
    );
  }

  /** @param {() => boolean} hasCome */
  async #until(hasCome) {
    while (!hasCome()) await new Promise((resolve) => this.#wakers.add(() => resolve(undefined)));
  }

  /** @param {Buffer} bytes */
  #receive(bytes) {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    if (this.#headSize === undefined) this.#lookForHead();
    this.#wake();
  }

  #lookForHead() {
    const received = Buffer.concat(this.#pieces);
    const end = received.indexOf(END_OF_HEAD);
    if (end !== -1) this.#headSize = end + END_OF_HEAD.length;
  }

  /** @param {string} how */
  #end(how) {
    this.#isOver ||= how;
    this.#wake();
  }

  #wake() {
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }
}

/** @param {Exchange} exchange */
function leaves({ response, stream = [] }) {
  return response?.status !== 101 && stream.some((event) => event.kind === "eof" && event.side === "client");
}

/**
 * `GET /exec/ID/json` after `POST /exec/ID/start`
 * @param {Exchange} done
 * @param {Exchange} next
 */
function isOutcome(done, next) {
  const thing = ({ request: { target } }) => target.split("/").slice(0, -1).join("/");
  return done.response?.status === 101 && next.request.method === "GET" && thing(done) === thing(next);
}

/**
 * @param {readonly StreamEvent[]} events
 * @param {ReenactedRequest} request
 */
function isCued(events, { exchange: { name } }) {
  return name !== undefined && events.some((event) => event.kind === "cue" && event.name === name);
}

/**
 * How many bytes the daemon sends before an event, without the head.
 * @param {Exchange} exchange
 * @param {number} at
 */
function sizeOf({ response, stream = [] }, at) {
  const chunker = new Chunker();
  let size = 0;
  for (const event of stream.slice(0, at)) {
    if (!DAEMON_OUTPUT.includes(event.kind)) continue;
    const output = /** @type {import("../build/replay/run/substitution.js").OutputEvent} */ (event);
    size += (response?.status === 101 ? encodeOutput(output) : chunker.encode(output)).length;
  }
  return size;
}

/**
 * @param {string} path
 * @param {Manner} manner
 * @param {(bytes: Buffer) => void} onBytes
 */
function listener(path, { mood }, onBytes) {
  if (mood !== "byte by byte") return connect({ path, allowHalfOpen: true }).on("data", onBytes);
  // A buffer of one byte: each byte is a read of its own.
  const callback = (/** @type {number} */ size, /** @type {Uint8Array} */ buffer) => {
    onBytes(Buffer.from(buffer.subarray(0, size)));
    return true;
  };
  return connect({ path, allowHalfOpen: true, onread: { buffer: Buffer.alloc(1), callback } });
}

/** @param {Exchange} exchange */
function requestBytes({ request: { method, target, headers, body }, response }) {
  if (body !== undefined && !Buffer.isBuffer(body))
    throw new Error(`\`${method} ${target}\` sends a file, which is not re-enacted`);
  const fields = [
    "Host: docker",
    response?.status === 101 ? "Connection: Upgrade\r\nUpgrade: tcp" : "Connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ["Content-Type: application/json", `Content-Length: ${body.length}`]),
  ];
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${fields.join("\r\n")}\r\n\r\n`),
    body ?? Buffer.alloc(0),
  ]);
}

/**
 * @param {Buffer} bytes
 * @param {Manner} manner
 */
function* pieces(bytes, { random }) {
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + Math.floor(random() * 5);
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** @param {Manner} manner */
async function dither({ mood, random }) {
  if (mood === "with delays") await sleep(random() * LONGEST_DELAY_MS);
}
