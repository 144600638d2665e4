/** A replay in memory. */
import { openCassette } from "../../src/cassette/read.ts";
import { createReplayControl } from "../../src/replay/control.ts";
import { Deck, type DeckOptions } from "../../src/replay/deck/deck.ts";
import { answerIncidentalCalls } from "../../src/replay/incidental-calls.ts";
import type { Miss } from "../../src/replay/miss.ts";
import { respondToMiss } from "../../src/replay/misses/respond-to-miss.ts";
import { ReplaySessions, type ReplaySessionsOptions } from "../../src/replay/replay-sessions.ts";
import { createReport, type ReplayReport } from "../../src/replay/report.ts";
import { type ReplayResponderOptions, replay } from "../../src/replay/responder.ts";
import type { Connection, Daemon } from "../../src/session/connection.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { Peer } from "./peer.ts";
import { waitForQuiet } from "./quiet.ts";
import { HEADER } from "./studio.ts";
import { TestClock } from "./test-clock.ts";

export interface TheatreOptions extends Partial<ReplayResponderOptions>, Partial<DeckOptions>, ReplaySessionsOptions {
  readonly sidecars?: ReadonlyMap<string, Buffer>;
  /** Cassettes that can be inserted, by path. */
  readonly library?: Readonly<Record<string, string>>;
}

export class Theatre {
  readonly clock = new TestClock();
  readonly decks: readonly Deck[];
  readonly problems: unknown[] = [];
  readonly playthroughs: ReplaySessions;
  readonly #daemon: Daemon;

  /** Each cassette is the text of one, with or without its header. */
  constructor(cassettes: string | readonly string[], options: TheatreOptions = {}) {
    this.decks = [cassettes]
      .flat()
      .map((text, at) => deckOf(text, at === 0 ? "run.yaml" : `run-${at + 1}.yaml`, options));
    this.playthroughs = new ReplaySessions(this.decks, options);
    const load = (path: string): Deck => deckOf(options.library?.[path] ?? "", path, options);
    const onProblem = (problem: unknown): void => void this.problems.push(problem);
    this.#daemon = createDaemon(
      createReplayControl({ sessions: this.playthroughs, problems: this.problems, loadDeck: load }),
      replay(this.playthroughs.decksFor, { clock: this.clock, onProblem, ...selectReplayOptions(options) }),
      answerIncidentalCalls(this.playthroughs.decksFor),
      respondToMiss((call) => this.playthroughs.findForCall(call)),
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
    await waitForQuiet();
    this.clock.passes(ms);
  }

  get misses(): readonly Miss[] {
    return this.playthroughs.allMisses;
  }

  get report(): ReplayReport {
    return createReport(this.playthroughs.allDecks, this.misses, this.problems);
  }
}

function selectReplayOptions({ clock, tempo, refuse, playBuild, onProblem, onHang }: TheatreOptions) {
  const all = { clock, tempo, refuse, playBuild, onProblem, onHang };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as Partial<ReplayResponderOptions>;
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
