/** A recording in memory: clients on one side, a daemon that says what the playbook says on the other. */
import { formatHeader } from "../../src/cassette/write.ts";
import { NO_RULES } from "../../src/match/rules/header-rules.ts";
import { Recording, type RecordingOptions } from "../../src/record/recording.ts";
import { type Connect, relay } from "../../src/record/relay.ts";
import type { RecordingStore } from "../../src/record/store.ts";
import type { RecordingReport } from "../../src/record/write/tape.ts";
import type { Daemon } from "../../src/session/connection.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { RECORDED_AT } from "./http.ts";
import { MemoryStore } from "./memory-store.ts";
import { Peer } from "./peer.ts";
import { waitForQuiet } from "./quiet.ts";
import { TestClock } from "./test-clock.ts";

export interface Line {
  readonly client: Peer;
  readonly daemon: Peer;
}

/** What a client sends, and what the daemon answers. */
export type StudioExchange = readonly [question: Buffer, answer: Buffer | string];

export class Studio {
  readonly clock = new TestClock();
  readonly store = new MemoryStore();
  readonly recording: Recording;
  readonly warnings: unknown[] = [];
  readonly #upstreams: Peer[] = [];
  readonly #daemon: Daemon;

  constructor(
    options: Partial<RecordingOptions> & { store?: RecordingStore } = {},
    mode: (connect: Connect, recording: Recording) => Daemon = relay,
  ) {
    const warn = (problem: unknown): void => void this.warnings.push(problem);
    const recorded = { at: RECORDED_AT, by: "a test" };
    this.recording = new Recording({ store: this.store, clock: this.clock, recorded, warn, ...options });
    this.#daemon = mode(() => this.#connect(), this.recording);
  }

  /** Opens a connection through the recorder; `daemon` is the far end of it. */
  async line(): Promise<Line> {
    const client = this.client();
    await waitForQuiet();
    return { client, daemon: this.#upstreams.at(-1) as Peer };
  }

  /** Has one client send each question when the answer before it has come. */
  async recordExchanges(exchanges: readonly StudioExchange[]): Promise<void> {
    const { client, daemon } = await this.line();
    for (const [question, answer] of exchanges) {
      await client.sends(question);
      await daemon.hears(question);
      await daemon.sends(answer);
      await client.hears(answer);
    }
  }

  client(): Peer {
    const [near, far] = connectionPair();
    this.#daemon(far).catch((error: unknown) => this.warnings.push(error));
    return new Peer(near);
  }

  /** Time passes after all that can happen without it has happened. */
  async passes(ms: number): Promise<void> {
    await waitForQuiet();
    this.clock.passes(ms);
  }

  /** The connections that were opened to the daemon. */
  get upstreams(): readonly Peer[] {
    return this.#upstreams;
  }

  /** Ends the recording; the exchanges' text without the header. */
  async exchanges(): Promise<string> {
    await this.finish();
    return this.store.text.slice(this.store.text.indexOf("---\n"));
  }

  async finish(): Promise<RecordingReport> {
    await waitForQuiet();
    return this.recording.finish();
  }

  async #connect(): ReturnType<Connect> {
    const [near, far] = connectionPair();
    this.#upstreams.push(new Peer(far));
    return near;
  }
}

/** The header that every cassette of a playbook has. */
export const HEADER: string = formatHeader({
  version: 1,
  recorded: { at: RECORDED_AT, by: "a test" },
  everyResponse: [
    ["Api-Version", "1.41"],
    ["Docker-Experimental", "false"],
    ["Ostype", "linux"],
    ["Server", "Docker/20.10.24 (linux)"],
  ],
  rules: NO_RULES,
  isUnfinished: false,
});
