/** A replay in memory. */
import { openCassette } from "../../src/cassette/read.ts";
import { control } from "../../src/replay/control.ts";
import { Deck, type DeckOptions } from "../../src/replay/deck/deck.ts";
import type { Miss } from "../../src/replay/miss.ts";
import { missed } from "../../src/replay/misses/missed.ts";
import { type PlaythroughOptions, Playthroughs } from "../../src/replay/playthrough.ts";
import { type ReplayReport, reportOf } from "../../src/replay/report.ts";
import { type ReplayOptions, replay } from "../../src/replay/responder.ts";
import { answerWindowChanges } from "../../src/replay/window.ts";
import type { Connection, Daemon } from "../../src/session/connection.ts";
import { daemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { Peer } from "./peer.ts";
import { quiet } from "./quiet.ts";
import { HEADER } from "./studio.ts";
import { TestClock } from "./test-clock.ts";

export interface TheatreOptions extends Partial<ReplayOptions>, Partial<DeckOptions>, PlaythroughOptions {
  readonly sidecars?: ReadonlyMap<string, Buffer>;
  /** Cassettes that can be inserted, by path. */
  readonly library?: Readonly<Record<string, string>>;
}

export class Theatre {
  readonly clock = new TestClock();
  readonly decks: readonly Deck[];
  readonly problems: unknown[] = [];
  readonly playthroughs: Playthroughs;
  readonly #daemon: Daemon;

  /** Each cassette is the text of one, with or without its header. */
  constructor(cassettes: string | readonly string[], options: TheatreOptions = {}) {
    this.decks = [cassettes]
      .flat()
      .map((text, at) => deckOf(text, at === 0 ? "run.yaml" : `run-${at + 1}.yaml`, options));
    this.playthroughs = new Playthroughs(this.decks, options);
    const load = (path: string): Deck => deckOf(options.library?.[path] ?? "", path, options);
    const onProblem = (problem: unknown): void => void this.problems.push(problem);
    this.#daemon = daemon(
      control({ playthroughs: this.playthroughs, problems: this.problems, load }),
      replay(this.playthroughs.decksFor, { clock: this.clock, onProblem, ...options }),
      answerWindowChanges(this.playthroughs.decksFor),
      missed((call) => this.playthroughs.of(call)),
    );
  }

  client(): Peer {
    return new Peer(this.connect());
  }

  /** What is answered to one request, on a connection of its own; as latin1. */
  async asks(bytes: Buffer): Promise<string> {
    const client = this.client();
    await client.sends(bytes);
    await client.closesItsHalf();
    return client.hearsAll();
  }

  /** A bare connection: each write of the other side is one read. */
  connect(): Connection {
    const [near, far] = connectionPair();
    this.#daemon(far).catch((error: unknown) => this.problems.push(error));
    return near;
  }

  /** Time passes after all that can happen without it has happened. */
  async passes(ms: number): Promise<void> {
    await quiet();
    this.clock.passes(ms);
  }

  get misses(): readonly Miss[] {
    return this.playthroughs.misses;
  }

  get report(): ReplayReport {
    return reportOf(this.playthroughs.decks, this.misses, this.problems);
  }
}

function deckOf(text: string, file: string, options: TheatreOptions): Deck {
  const whole = text.startsWith("---\n") ? HEADER + text : text;
  const pieces = async function* ({ path }: { readonly path: string }): AsyncGenerator<Buffer> {
    yield options.sidecars?.get(path) as Buffer;
  };
  const { isStrict = false, rules = {} } = options;
  const publish = options.publish === undefined ? {} : { publish: options.publish };
  return new Deck(openCassette(Buffer.from(whole), file), {
    isStrict,
    rules,
    pieces: options.pieces ?? pieces,
    ...publish,
  });
}
