import type { PresetName } from "../cassette/rule-names.ts";
import type { Deck } from "./deck/deck.ts";
import type { Scene } from "./history/history.ts";
import type { Miss } from "./miss.ts";

/** What a replay came to. */
export interface ReplayReport {
  /** Exchanges on the cassettes, and how many different ones of them were played. */
  readonly exchanges: number;
  readonly played: number;
  readonly missed: readonly Miss[];
  /** Who was never asked for: `cassettes/run.yaml:14  POST /v1.41/containers/web/start`. */
  readonly unplayed: readonly string[];
  /** Streams that stand still, and what they wait for. */
  readonly stalled: readonly string[];
  /** Clients that said something else into a hijack than was recorded. */
  readonly differing: readonly string[];
  /** Faults of a cassette or its sidecars that showed while it was played. */
  readonly problems: readonly unknown[];
  /** The clients whose habits were allowed for. */
  readonly presets: readonly PresetName[];
}

/** @param inserted all decks; those of one cassette, played beside each other, are told of as one */
export function reportOf(
  inserted: Iterable<Deck>,
  missed: readonly Miss[],
  problems: readonly unknown[],
): ReplayReport {
  const decks = [...inserted];
  const cassettes = copiesOf(decks);
  return {
    exchanges: sum(cassettes.map(([{ scenes }]) => scenes.length)),
    played: sum(cassettes.map((copies) => playedIn(copies).size)),
    missed,
    unplayed: cassettes.flatMap((copies) => requestsOf(copies[0], unplayedIn(copies))),
    stalled: decks.flatMap((deck) => stallsOf(deck).map(stallText)),
    differing: decks.flatMap(({ vigil }) => vigil.complaints.map(({ complaint }) => complaint.message)),
    problems,
    presets: [...new Set(decks.flatMap(({ reading }) => reading.ruling.presets))],
  };
}

/** The whole report for programs: misses with their nearest exchange and differences. */
export function reportJson(report: ReplayReport): string {
  return `${JSON.stringify({ ...report, problems: report.problems.map(problemText) })}\n`;
}

export function problemText(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

/** A stream that stands still. */
export interface Stalled {
  readonly request: string;
  /** The name of an exchange or of a mark, or what the client is to do. */
  readonly awaits: string;
  /** The request that an awaited exchange consists of. */
  readonly awaited?: string;
}

export function stallsOf(deck: Deck): readonly Stalled[] {
  return deck.vigil.stalls.map(({ exchange, awaits }) => {
    const { method, target } = exchange.request;
    const cued = deck.scenes.find(({ entry }) => awaits === `\`${entry.name}\``)?.entry;
    const stalled = { request: `${method} ${target}`, awaits };
    return cued === undefined ? stalled : { ...stalled, awaited: `${cued.method} ${cued.target}` };
  });
}

function stallText({ request, awaits, awaited }: Stalled): string {
  return `${request} waits for ${awaits}${awaited === undefined ? "" : `, ${awaited}, which was not requested`}`;
}

/** `cassettes/run.yaml:14  POST /v1.41/containers/web/start` */
export function requestsOf({ cassette: { file } }: Deck, scenes: readonly Scene[]): readonly string[] {
  return scenes.map(({ entry }) => `${file}:${entry.line}  ${entry.method} ${entry.target}`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Decks by their cassette. */
function copiesOf(decks: readonly Deck[]): readonly Copies[] {
  const copies = new Map<string, [Deck, ...Deck[]]>();
  for (const deck of decks) {
    const others = copies.get(deck.cassette.file);
    if (others === undefined) copies.set(deck.cassette.file, [deck]);
    else others.push(deck);
  }
  return [...copies.values()];
}

type Copies = readonly [Deck, ...Deck[]];

/** The numbers of the exchanges that were played in any of the copies. */
function playedIn(copies: Copies): ReadonlySet<number> {
  return new Set(copies.flatMap(({ playedScenes }) => [...playedScenes].map(({ entry }) => entry.index)));
}

/** What was played in none of them. */
function unplayedIn([first, ...others]: Copies): readonly Scene[] {
  const indexes = others.map(({ unplayed }) => new Set(unplayed.map(({ entry }) => entry.index)));
  return first.unplayed.filter(({ entry }) => indexes.every((unplayed) => unplayed.has(entry.index)));
}
