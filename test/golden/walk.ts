/**
 * A client made of a cassette: it asks for every exchange in recorded order, each on a connection of its own, and says
 * into the streams what was recorded, when it was. Before it asks for the next one, whatever is under way must have
 * come to its end, or to a cue that is still to be given.
 */
import type { Exchange, StreamEvent } from "../../src/cassette/model.ts";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import type { Connection } from "../../src/session/connection.ts";
import { quiet, soon } from "../playbook/quiet.ts";
import { Script } from "./bytes.ts";
import { Heard } from "./heard.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** What was heard of each exchange, in recorded order. */
export async function walk(cassette: string, rehearsal: Rehearsal): Promise<readonly Heard[]> {
  const progress = new Progress();
  const script = new Script(cassette);
  const roles: Role[] = [];
  for (const entry of readCassette(cassette).entries) {
    const role = new Role(entry.readExchange(), await rehearsal.dial(), script, progress);
    roles.push(role);
    role.act().catch((problem: unknown) => progress.fail(problem));
    await progress.until("everybody to come to rest", () => roles.every((each) => each.isAtRest));
    await quiet(3);
    for (const each of roles) each.hasNotRushed();
  }
  await progress.until("everybody to be done", () => roles.every((each) => each.isDone));
  return roles.map(({ heard }) => heard);
}

/** What has happened so far on this walk, and who waits for what is yet to happen. */
class Progress {
  readonly given = new Set<string>();
  readonly #waiting = new Map<() => boolean, { resolve(): void; reject(problem: unknown): void }>();

  happened(name?: string): void {
    if (name !== undefined) this.given.add(name);
    for (const [condition, { resolve }] of this.#waiting) {
      if (!condition()) continue;
      this.#waiting.delete(condition);
      resolve();
    }
  }

  async until(what: string, condition: () => boolean): Promise<void> {
    if (condition()) return;
    const met = new Promise<void>((resolve, reject) => this.#waiting.set(condition, { resolve, reject }));
    await soon(met, () => what);
  }

  fail(problem: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(problem);
  }
}

/** One exchange, as its client plays it. */
class Role {
  readonly heard = new Heard();
  isDone = false;
  readonly #exchange: Exchange;
  readonly #connection: Connection;
  readonly #script: Script;
  readonly #progress: Progress;
  /** The cues that must be given before anything goes on. */
  #awaits: readonly string[] = [];
  #hasEnded = false;
  #expectedSize = 0;

  constructor(exchange: Exchange, connection: Connection, script: Script, progress: Progress) {
    this.#exchange = exchange;
    this.#connection = connection;
    this.#script = script;
    this.#progress = progress;
  }

  get isAtRest(): boolean {
    return this.isDone || !this.#isFree;
  }

  get #isFree(): boolean {
    return this.#awaits.every((name) => this.#progress.given.has(name));
  }

  /** What stands behind a cue must not come before it is given. */
  hasNotRushed(): void {
    const { length } = this.heard.payload;
    if (this.isDone || length <= this.#expectedSize) return;
    const { method, target } = this.#exchange.request;
    throw new Error(
      `${method} ${target} has said ${length} bytes, before the cue ${this.#awaits.join()} only ${this.#expectedSize}`,
    );
  }

  async act(): Promise<void> {
    void this.#listen();
    await this.#connection.write(await this.#script.request(this.#exchange));
    this.#progress.happened(this.#exchange.name);
    const { response, stream } = this.#exchange;
    await this.#rest(response?.cues ?? []);
    if (response !== undefined) await this.#until("its head", () => this.heard.hasHead);
    for (const event of stream ?? []) await this.#perform(event);
    await this.#leave();
    this.isDone = true;
    this.#progress.happened();
  }

  async #listen(): Promise<void> {
    for (let bytes = await this.#connection.read(); bytes !== undefined; bytes = await this.#connection.read()) {
      this.heard.push(bytes);
      this.#progress.happened();
    }
    this.#hasEnded = true;
    this.#progress.happened();
  }

  async #perform(event: StreamEvent): Promise<void> {
    if (event.kind === "cue" || event.kind === "until") return this.#rest([event.name]);
    if (event.kind === "mark") return this.#progress.happened(event.name);
    if (event.kind === "eof" && event.side === "client") return this.#connection.end();
    const said = await this.#script.said(event);
    if (said.length > 0) await this.#connection.write(said);
    this.#expectedSize += (await this.#script.spoken(event)).length;
    await this.#until(`its ${event.kind}`, () => this.heard.payload.length >= this.#expectedSize);
  }

  /** A stream that is not ended by itself is left when all was heard; anything else ends when we say we are done. */
  async #leave(): Promise<void> {
    const { stream, response } = this.#exchange;
    const isChunkedToItsEnd = !(stream ?? []).some(({ kind }) => kind === "eof" || kind === "cut" || kind === "reset");
    const isHijack = response?.status === 101 || response?.isHijack === true;
    if (stream !== undefined && !isHijack && isChunkedToItsEnd) {
      await this.#until("its end", () => this.heard.isWhole || this.#hasEnded);
    }
    this.#connection.end();
    await this.#until("the daemon to close", () => this.#hasEnded);
  }

  async #rest(names: readonly string[]): Promise<void> {
    this.#awaits = names;
    this.#progress.happened();
    await this.#until(`the cue ${names.join()}`, () => this.#isFree);
    this.#awaits = [];
  }

  #until(what: string, condition: () => boolean): Promise<void> {
    const { method, target } = this.#exchange.request;
    return this.#progress.until(`${what}: ${method} ${target}`, condition);
  }
}
