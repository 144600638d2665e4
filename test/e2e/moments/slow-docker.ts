/** A client that is as slow as a busy machine makes it: it pauses at random before each request and while it reads. */
import { type IncomingMessage, request } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** At most, in ms. */
const BEFORE_REQUEST = 60;
const BEFORE_READ = 15;

export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a daemon says is looked at by cases that know it
  readonly json: any;
}

export interface SlowDockerOptions {
  readonly socket: string;
  /** The number of the replay, each a session of its own; undefined while it is recorded. */
  readonly replay?: number;
  /** What it calls itself. @default nothing */
  readonly agent?: string;
}

export class SlowDocker {
  readonly isRecorded: boolean;
  /** Twelve hexadecimal digits, others in each run. */
  readonly run: string;
  readonly #options: SlowDockerOptions;
  #seed: number;

  constructor(options: SlowDockerOptions) {
    this.#options = options;
    this.isRecorded = options.replay === undefined;
    this.#seed = (options.replay ?? 0) * 7919 + 17;
    this.run = Array.from({ length: 12 }, () => Math.floor(this.random() * 16).toString(16)).join("");
  }

  get socket(): string {
    return this.#options.socket;
  }

  /** The replay's session; undefined while it is recorded. */
  get session(): string | undefined {
    const { replay } = this.#options;
    return replay === undefined ? undefined : `replay-${replay}`;
  }

  /** Another client of the same run, which calls itself so, and has pauses of its own. */
  as(agent: string): SlowDocker {
    const other = new SlowDocker({ ...this.#options, agent });
    for (const letter of agent) other.#seed += letter.charCodeAt(0) * 7919;
    return other;
  }

  /** As long as a busy machine may take before a request. */
  pause(): Promise<void> {
    return this.#dawdle(BEFORE_REQUEST);
  }

  /** From 0 to 1; the same numbers in each run of one number. */
  random(): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
    return ((this.#seed >>> 8) % 65_536) / 65_536;
  }

  get(path: string): Promise<Answer> {
    return this.#ask("GET", path);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.#ask("POST", path, body);
  }

  put(path: string, body: Buffer): Promise<Answer> {
    return this.#ask("PUT", path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.#ask("DELETE", path);
  }

  /** What a client that was not recorded at this point asks: nothing while it is recorded. */
  async getUnrecorded(path: string, status: number): Promise<number> {
    return this.isRecorded ? status : (await this.get(path)).status;
  }

  /**
   * What the miss says of a request that was not recorded: the fields in which the nearest differs.
   * @param fields what it has to say
   */
  async explainMiss(ask: () => Promise<Answer>, fields: readonly string[]): Promise<readonly string[]> {
    if (this.isRecorded) return fields;
    const { status, text } = await ask();
    if (status !== 501) throw new Error(`Error: no miss, but ${status} ${text}`);
    return [...JSON.parse(text).message.matchAll(/^ {4}(\S+) +recorded /gm)].map(([, field]) => field as string);
  }

  /** Asks until `isEnough`. */
  async poll(path: string, isEnough: (answer: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const answer = await this.get(path);
      if (isEnough(answer)) return answer;
      await sleep(100);
    }
  }

  /** A request by a client with a time limit. Resolves with `left`, or with the status if the answer came in time. */
  async postWithin(ms: number, path: string, body?: unknown): Promise<"left" | number> {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), ms).unref();
    try {
      const response = await this.#send("POST", path, body, { signal: stop.signal });
      await readText(response, () => undefined);
      return response.statusCode as number;
    } catch (error) {
      if (stop.signal.aborted) return "left";
      throw error;
    }
  }

  /** A stream: of an exec or an attach, past HTTP, or of an answer. */
  async open(method: string, path: string, body?: unknown, { isHijack = true } = {}): Promise<Heard> {
    await this.#dawdle(BEFORE_REQUEST);
    const headers = isHijack ? { Connection: "Upgrade", Upgrade: "tcp" } : {};
    return new Heard(await this.#send(method, path, body, { headers }), () => this.#dawdle(BEFORE_READ));
  }

  /** Two or more sides at once, begun in the order of this run. */
  async inAnyOrder<T>(...sides: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
    // By number, for two sides may be one function.
    const numbers = sides.map((_, number) => number);
    const order = this.isRecorded ? numbers : numbers.sort(() => this.random() - 0.5);
    const begun: Promise<T>[] = [];
    for (const number of order) {
      begun[number] = (sides[number] as () => Promise<T>)();
      await sleep(this.isRecorded ? 300 : this.random() * 300);
    }
    return Promise.all(begun);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Answer> {
    await this.#dawdle(BEFORE_REQUEST);
    const response = (await this.#send(method, path, body)) as IncomingMessage;
    const text = await readText(response, () => this.#dawdle(BEFORE_READ));
    return {
      status: response.statusCode as number,
      text,
      json: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : undefined,
    };
  }

  #send(
    method: string,
    path: string,
    body: unknown,
    more: { signal?: AbortSignal; headers?: Record<string, string> } = {},
  ): Promise<IncomingMessage> {
    const { socket, agent } = this.#options;
    const content = Buffer.isBuffer(body)
      ? body
      : body === undefined
        ? Buffer.alloc(0)
        : Buffer.from(JSON.stringify(body));
    const headers = {
      Host: "docker",
      "Content-Type": Buffer.isBuffer(body) ? "application/x-tar" : "application/json",
      "Content-Length": String(content.length),
      ...(this.session === undefined ? {} : { "Whalesong-Session": this.session }),
      ...(agent === undefined ? {} : { "User-Agent": agent }),
      ...more.headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request({
        socketPath: socket,
        method,
        path: `/v1.41${path}`,
        headers,
        agent: false,
        ...(more.signal && { signal: more.signal }),
      });
      sent.on("response", resolve).on("error", reject);
      sent.on("upgrade", (response, stream: Duplex, first: Buffer) => {
        if (first.length > 0) stream.unshift(first);
        resolve(Object.assign(response, { hijacked: stream }));
      });
      sent.end(content);
    });
  }

  async #dawdle(most: number): Promise<void> {
    if (!this.isRecorded) await sleep(this.random() * most);
  }
}

/** What comes on a stream. */
export class Heard {
  readonly status: number;
  /** All of it, with the headers of frames taken off. */
  readonly all: Promise<string>;
  readonly #source: Readable;
  #text = "";
  #hasEnded = false;

  constructor(response: IncomingMessage & { readonly hijacked?: Duplex }, dawdle: () => Promise<void>) {
    this.status = response.statusCode as number;
    const note = (piece: string): void => {
      this.#text += piece;
    };
    this.#source = response.hijacked ?? response;
    this.all = readText(this.#source, dawdle, note).then(() => {
      this.#hasEnded = true;
      return withoutFrames(this.#text);
    });
    // A stream that its client leaves ends in an error, which only a reader of all of it has to hear of.
    this.all.catch(() => undefined);
  }

  leave(): void {
    this.#source.destroy();
  }

  /** What has come up to now. */
  get soFar(): string {
    return this.#text;
  }

  async upTo(mark: string): Promise<void> {
    while (!this.#text.includes(mark)) {
      if (this.#hasEnded) throw new Error(`it ended before ${JSON.stringify(mark)}: ${JSON.stringify(this.#text)}`);
      await sleep(5);
    }
  }
}

async function readText(
  source: Readable,
  dawdle: () => Promise<void> | undefined,
  note: (piece: string) => void = () => undefined,
): Promise<string> {
  let text = "";
  for await (const piece of source) {
    await dawdle();
    text += (piece as Buffer).toString("latin1");
    note((piece as Buffer).toString("latin1"));
  }
  return text;
}

/** The 8 bytes before each frame have three zeros behind the number of their stream. */
function withoutFrames(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: frames begin so
  return text.replace(/[\x01\x02]\0\0\0[\s\S]{4}/g, "");
}
