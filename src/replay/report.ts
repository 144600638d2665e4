/** The outcome of a replay: what was played, missed, left over. The CLI and the control paths print it. */
import { toErrorMessage } from "../base/error-message.ts";
import type { PresetName } from "../cassette/rule-names.ts";
import type { Deck } from "./deck/deck.ts";
import type { PlacedExchange } from "./history/place-exchanges.ts";
import type { Miss } from "./miss.ts";

/** The outcome of a replay. */
export interface ReplayReport {
  /** Exchanges on the cassettes. */
  readonly exchanges: number;
  /** How many different exchanges were played. */
  readonly played: number;
  /** Requests that no recorded exchange answered. */
  readonly missed: readonly Miss[];
  /** Exchanges that no client requested: `cassettes/run.yaml:14  POST /v1.41/containers/web/start`. */
  readonly unplayed: readonly string[];
  /** Streams that stand still, and what they wait for. */
  readonly stalled: readonly string[];
  /** Input into a hijack that differed from the recording, and builds whose context or options did. */
  readonly differing: readonly string[];
  /** Faults of a cassette or its sidecars that showed while it was played. */
  readonly problems: readonly unknown[];
  /** Faults for which no request came, and why: `faults.yaml:4  no request matched ...`. @default none were set */
  readonly unusedFaults?: readonly string[];
  /** Rules in the headers of the cassettes that matched nothing: ``run.yaml:2:10  `ignore: query.t` matched nothing: ...``. @default it was not looked for */
  readonly unusedRules?: readonly string[];
  /** The presets that were in force. */
  readonly presets: readonly PresetName[];
  /** What `onMiss` has answered in place of the cassettes. @default nothing can: a miss is an error */
  readonly answeredElsewhere?: AnsweredElsewhere;
}

/** The requests that a live daemon or a simulated one has answered, because no cassette has them. */
export interface AnsweredElsewhere {
  readonly by: "daemon" | "mock";
  readonly requests: number;
}

/** @param inserted all decks; those of one cassette, played beside each other, are reported as one */
export function createReport(
  inserted: Iterable<Deck>,
  missed: readonly Miss[],
  problems: readonly unknown[],
): ReplayReport {
  const decks = [...inserted];
  const cassettes = groupByCassette(decks);
  return {
    exchanges: sum(cassettes.map(([{ exchanges }]) => exchanges.length)),
    played: sum(cassettes.map((copies) => findPlayed(copies).size)),
    missed,
    unplayed: cassettes.flatMap((copies) => formatRequests(copies[0], findUnplayed(copies))),
    stalled: decks.flatMap((deck) => listStalls(deck).map(formatStall)),
    differing: decks.flatMap(({ run, builds }) => [...run.mismatches, ...builds.refusals]),
    problems,
    presets: [...new Set(decks.flatMap(({ today }) => today.options.rules.presets))],
  };
}

/** The whole report as JSON: misses with their nearest exchange and differences. */
export function formatReport(report: ReplayReport): string {
  return `${JSON.stringify({ ...report, problems: report.problems.map(toErrorMessage) })}\n`;
}

/** A stream that stands still. */
export interface StalledStream {
  readonly request: string;
  /** The name of an exchange or of a mark, or what the client has to do. */
  readonly awaits: string;
  /** The request of the exchange that the stream waits for. */
  readonly awaited?: string;
}

export function listStalls(deck: Deck): readonly StalledStream[] {
  const builds = deck.builds.stalled.map(({ title, awaits }) => ({ request: title, awaits }));
  return [...listStreamStalls(deck), ...builds];
}

function listStreamStalls(deck: Deck): readonly StalledStream[] {
  return deck.run.waits.stalls.map(({ exchange, awaits }) => {
    const { method, target } = exchange.request;
    const cued = deck.exchanges.find(({ entry }) => awaits === `\`${entry.name}\``)?.entry;
    const stalled = { request: `${method} ${target}`, awaits };
    return cued === undefined ? stalled : { ...stalled, awaited: `${cued.method} ${cued.target}` };
  });
}

function formatStall({ request, awaits, awaited }: StalledStream): string {
  return `${request} waits for ${awaits}${awaited === undefined ? "" : `, ${awaited}, which was not requested`}`;
}

/** `cassettes/run.yaml:14  POST /v1.41/containers/web/start` */
export function formatRequests({ cassette: { file } }: Deck, exchanges: readonly PlacedExchange[]): readonly string[] {
  return exchanges.map(({ entry }) => `${file}:${entry.line}  ${entry.method} ${entry.target}`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function groupByCassette(decks: readonly Deck[]): readonly DeckCopies[] {
  const groups = new Map<string, [Deck, ...Deck[]]>();
  for (const deck of decks) {
    const others = groups.get(deck.cassette.file);
    if (others === undefined) groups.set(deck.cassette.file, [deck]);
    else others.push(deck);
  }
  return [...groups.values()];
}

type DeckCopies = readonly [Deck, ...Deck[]];

/** The numbers of the exchanges that were played in any of the copies. */
function findPlayed(copies: DeckCopies): ReadonlySet<number> {
  return new Set(copies.flatMap(({ playedExchanges }) => [...playedExchanges].map(({ entry }) => entry.index)));
}

/** The exchanges that were played in none of the copies. */
function findUnplayed([first, ...others]: DeckCopies): readonly PlacedExchange[] {
  const indexes = others.map(({ unplayed }) => new Set(unplayed.list().map(({ entry }) => entry.index)));
  return first.unplayed.list().filter(({ entry }) => indexes.every((index) => index.has(entry.index)));
}
