/**
 * A client made of a cassette: it asks what was asked and says what was said, each as soon as the one that was recorded
 * could have. What it had heard by then, the cassette's cues tell. It reads as it is told to: all at once, byte by
 * byte, or with delays.
 */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Chunker, spokenBytes } from "../build/replay/play/encode.js";

const LONGEST_DELAY_MS = 20;
const END_OF_HEAD = "\r\n\r\n";
const SPOKEN = ["frames", "message", "bytes"];

/**
 * @typedef {import("../build/cassette/model.js").Exchange} Exchange
 * @typedef {import("../build/cassette/model.js").StreamEvent} StreamEvent
 * @typedef {"as it comes" | "byte by byte" | "with delays"} Mood
 * @typedef {{ readonly mood: Mood, readonly random: () => number }} Manner
 */

/** @type {readonly Mood[]} */
export const MOODS = ["as it comes", "byte by byte", "with delays"];

/**
 * Returns all that was heard, request by request.
 * @param {readonly Exchange[]} exchanges
 * @param {string} path the socket's
 * @param {Manner} manner
 */
export async function reenact(exchanges, path, manner) {
  /** @type {Asked[]} */
  const asked = [];
  for (const exchange of exchanges) {
    await Promise.all(asked.map((earlier) => earlier.lets(exchange)));
    await dither(manner);
    asked.push(new Asked(exchange, path, manner, asked));
  }
  const isLeft = ({ exchange }) => leaves(exchange);
  await Promise.all(asked.filter((one) => !isLeft(one)).map(({ ended }) => ended));
  await Promise.all(asked.filter(isLeft).map((one) => one.leave()));
  return asked.map(({ transcript }) => transcript).join("\n");
}

/** One request, on a connection of its own. */
class Asked {
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
   * @param {readonly Asked[]} before what was asked before it; what is asked later is added
   */
  constructor(exchange, path, manner, before) {
    this.exchange = exchange;
    this.manner = manner;
    this.all = before;
    this.socket = listener(path, manner, (bytes) => this.#hear(bytes));
    this.socket.once("end", () => this.#end("(eof)")).once("error", ({ message }) => this.#end(`(${message})`));
    this.socket.write(requestBytes(exchange));
    this.ended = this.#until(() => this.#isOver !== "");
    this.speaking = this.#speak();
  }

  get transcript() {
    const { method, target } = this.exchange.request;
    return `> ${method} ${target}\n${JSON.stringify(Buffer.concat(this.#pieces).toString("latin1"))} ${this.#isOver}`;
  }

  /**
   * Resolves when a client that has come so far would ask for `next`: with an answer before it, with a stream's head,
   * or where it stands in the stream.
   * @param {Exchange} next
   */
  async lets(next) {
    const { stream } = this.exchange;
    if (stream === undefined) return this.ended;
    const cue = stream.findIndex((event) => event.kind === "cue" && event.name === next.name);
    if (cue !== -1) return this.#hasHeardUpTo(cue);
    // A stream that has no cue for a change was over when that was asked for; so was one whose outcome is looked at.
    if (next.name !== undefined || isOutcome(this.exchange, next)) return this.ended;
    return this.#hasHeardUpTo(0);
  }

  /** Hears what there is to hear, and hangs up. */
  async leave() {
    await this.#hasHeardUpTo(this.exchange.stream?.length ?? 0);
    this.socket.destroy();
    this.#end("(left)");
  }

  /** Says what the client said into a hijack, once it has heard and seen what came before. */
  async #speak() {
    const { stream = [], response } = this.exchange;
    if (response?.status !== 101) return;
    for (const [at, event] of stream.entries()) {
      const isEnd = event.kind === "eof" && event.side === "client";
      if (!isEnd && event.kind !== "stdin") continue;
      await this.#hasHeardUpTo(at);
      await Promise.all(this.all.filter((one) => isCued(stream.slice(0, at), one)).map(({ ended }) => ended));
      if (isEnd) this.socket.end();
      else await this.#say(/** @type {Buffer} */ (event.content));
    }
  }

  /** @param {Buffer} bytes */
  async #say(bytes) {
    for (const piece of this.manner.mood === "with delays" ? pieces(bytes, this.manner) : [bytes]) {
      await dither(this.manner);
      this.socket.write(piece);
    }
  }

  /** @param {number} at the index of an event */
  #hasHeardUpTo(at) {
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
  #hear(bytes) {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    if (this.#headSize === undefined) this.#lookForHead();
    this.#wake();
  }

  #lookForHead() {
    const heard = Buffer.concat(this.#pieces);
    const end = heard.indexOf(END_OF_HEAD);
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
 * @param {Asked} asked
 */
function isCued(events, { exchange: { name } }) {
  return name !== undefined && events.some((event) => event.kind === "cue" && event.name === name);
}

/**
 * How many bytes the daemon says before an event, its head aside.
 * @param {Exchange} exchange
 * @param {number} at
 */
function sizeOf({ response, stream = [] }, at) {
  const chunker = new Chunker();
  let size = 0;
  for (const event of stream.slice(0, at)) {
    if (!SPOKEN.includes(event.kind)) continue;
    const spoken = /** @type {import("../build/replay/play/encode.js").Spoken} */ (event);
    size += (response?.status === 101 ? spokenBytes(spoken) : chunker.chunks(spoken)).length;
  }
  return size;
}

/**
 * @param {string} path
 * @param {Manner} manner
 * @param {(bytes: Buffer) => void} hear
 */
function listener(path, { mood }, hear) {
  if (mood !== "byte by byte") return connect({ path, allowHalfOpen: true }).on("data", hear);
  // A buffer of one byte: the kernel is asked for every byte anew.
  const callback = (/** @type {number} */ size, /** @type {Uint8Array} */ buffer) => {
    hear(Buffer.from(buffer.subarray(0, size)));
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
