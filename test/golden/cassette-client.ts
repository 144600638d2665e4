/**
 * A client made of a cassette. It requests every exchange in recorded order, each on its own connection (those of BuildKit:
 * ./builder-clients.ts), and writes the
 * recorded input into the streams. Before each request, all exchanges under way must have ended, or wait at a cue.
 */
import type { Exchange, StreamEvent } from "../../src/cassette/model.ts";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import type { Connection } from "../../src/session/connection.ts";
import { waitForQuiet, waitSoon } from "../playbook/quiet.ts";
import { BuilderClients, type DocumentClient } from "./builder-clients.ts";
import { ClientOutput } from "./client-output.ts";
import { ExpectedBytes } from "./expected-bytes.ts";
import type { ReplayTarget } from "./replay-targets.ts";

/** The output of each exchange, in recorded order. */
export async function playCassette(cassette: string, target: ReplayTarget): Promise<readonly ClientOutput[]> {
  const progress = new Progress();
  const script = new ExpectedBytes(cassette);
  const builders = new BuilderClients(cassette, target);
  const clients: DocumentClient[] = [];
  for (const entry of readCassette(cassette).entries) {
    const client =
      entry.method === "GRPC"
        ? builders.createClient(entry.index, () => progress.notify())
        : new ExchangeClient(entry.readExchange(), await target.dial(), script, progress);
    clients.push(client);
    client.play().catch((problem: unknown) => progress.fail(problem));
    await progress.until("every exchange to end or to wait at a cue", () => clients.every((each) => each.isAtRest));
    await waitForQuiet(3);
    for (const each of clients) each.expectNotEarly();
  }
  await progress.until("every exchange to end", () => clients.every((each) => each.isDone));
  await builders.close();
  return clients.map(({ output: heard }) => heard);
}

/** The cues and marks that have fired, and the conditions that wait for more. */
class Progress {
  readonly fired = new Set<string>();
  readonly #waiting = new Map<() => boolean, { resolve(): void; reject(problem: unknown): void }>();

  notify(name?: string): void {
    if (name !== undefined) this.fired.add(name);
    for (const [condition, { resolve }] of this.#waiting) {
      if (!condition()) continue;
      this.#waiting.delete(condition);
      resolve();
    }
  }

  async until(what: string, condition: () => boolean): Promise<void> {
    if (condition()) return;
    const met = new Promise<void>((resolve, reject) => this.#waiting.set(condition, { resolve, reject }));
    await waitSoon(met, () => what);
  }

  fail(problem: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(problem);
  }
}

/** The client of one exchange. */
class ExchangeClient implements DocumentClient {
  readonly output = new ClientOutput();
  isDone = false;
  readonly #exchange: Exchange;
  readonly #connection: Connection;
  readonly #script: ExpectedBytes;
  readonly #progress: Progress;
  /** The cues that this exchange waits for. */
  #awaits: readonly string[] = [];
  #hasEnded = false;
  #expectedSize = 0;

  constructor(exchange: Exchange, connection: Connection, script: ExpectedBytes, progress: Progress) {
    this.#exchange = exchange;
    this.#connection = connection;
    this.#script = script;
    this.#progress = progress;
  }

  get isAtRest(): boolean {
    return this.isDone || !this.#isFree;
  }

  get #isFree(): boolean {
    return this.#awaits.every((name) => this.#progress.fired.has(name));
  }

  /** Output behind a cue must not arrive before the cue fires. */
  expectNotEarly(): void {
    const { length } = this.output.payload;
    if (this.isDone || length <= this.#expectedSize) return;
    const { method, target } = this.#exchange.request;
    throw new Error(
      `${method} ${target} has said ${length} bytes, before the cue ${this.#awaits.join()} only ${this.#expectedSize}`,
    );
  }

  async play(): Promise<void> {
    void this.#listen();
    await this.#connection.write(await this.#script.encodeRequest(this.#exchange));
    this.#progress.notify(this.#exchange.name);
    const { response, stream } = this.#exchange;
    await this.#rest(response?.cues ?? []);
    if (response !== undefined) await this.#until("its head", () => this.output.hasHead);
    for (const event of stream ?? []) await this.#perform(event);
    await this.#leave();
    this.isDone = true;
    this.#progress.notify();
  }

  async #listen(): Promise<void> {
    for (let bytes = await this.#connection.read(); bytes !== undefined; bytes = await this.#connection.read()) {
      this.output.push(bytes);
      this.#progress.notify();
    }
    this.#hasEnded = true;
    this.#progress.notify();
  }

  async #perform(event: StreamEvent): Promise<void> {
    if (event.kind === "cue" || event.kind === "until") return this.#rest([event.name]);
    if (event.kind === "mark") return this.#progress.notify(event.name);
    if (event.kind === "eof" && event.side === "client") return this.#connection.end();
    const said = await this.#script.encodeInput(event);
    if (said.length > 0) await this.#connection.write(said);
    this.#expectedSize += (await this.#script.encodeOutput(event)).length;
    await this.#until(`its ${event.kind}`, () => this.output.payload.length >= this.#expectedSize);
  }

  /** Waits for the end of a chunked stream. Any other exchange ends when the client closes its half. */
  async #leave(): Promise<void> {
    const { stream, response } = this.#exchange;
    const isChunkedToItsEnd = !(stream ?? []).some(({ kind }) => kind === "eof" || kind === "cut" || kind === "reset");
    const isHijack = response?.status === 101 || response?.isHijack === true;
    if (stream !== undefined && !isHijack && isChunkedToItsEnd) {
      await this.#until("its end", () => this.output.isWhole || this.#hasEnded);
    }
    this.#connection.end();
    await this.#until("the daemon to close", () => this.#hasEnded);
  }

  async #rest(names: readonly string[]): Promise<void> {
    this.#awaits = names;
    this.#progress.notify();
    await this.#until(`the cue ${names.join()}`, () => this.#isFree);
    this.#awaits = [];
  }

  #until(what: string, condition: () => boolean): Promise<void> {
    const { method, target } = this.#exchange.request;
    return this.#progress.until(`${what}: ${method} ${target}`, condition);
  }
}
