/** Loads cassettes from disk into decks, ready to be played. */
import { CHECKED_SIZE, checkCassette } from "../cassette/check.ts";
import { type Cassette, openCassette } from "../cassette/read.ts";
import { collectHeap } from "../io/buffer-collector.ts";
import { openSidecar, readBytes } from "../io/disk/read-cassette.ts";
import { publishPort } from "../io/listen/published-port.ts";
import { keepNewSpaceSmall } from "../io/new-space.ts";
import { toTypedPath } from "../io/typed-path.ts";
import type { RuleInput } from "../match/rules/resolve-rules.ts";
import { Deck, type DeckOptions } from "../replay/deck/deck.ts";
import { type PlacedExchange, placeExchanges } from "../replay/history/place-exchanges.ts";
import { warnProcess } from "./service.ts";
import { createUnfinishedError, explainUnfinished } from "./unfinished-cassette.ts";

/**
 * From this size on, what the placing of exchanges leaves (tables that have grown, names by which containers were found)
 * is collected at once: half as many bytes as the file has, which V8 would keep until the heap has grown by as much. It
 * takes 0.1 s.
 */
const COLLECTED_SIZE = 16 * 1024 * 1024;

/** Options of `ReplayOptions` that each deck needs. */
export interface LoadDeckOptions {
  readonly isStrict?: boolean;
  readonly answersPorts?: boolean;
  readonly rules?: RuleInput;
  readonly refusesUnfinished?: boolean;
  readonly recordCommand?: string;
  readonly warn?: (problem: unknown) => void;
}

/**
 * Loads the cassette at `path`. Warns if its recording is unfinished, or refuses it.
 * @throws UsageError `WHALESONG_NO_CASSETTE`; CassetteError `WHALESONG_UNFINISHED_CASSETTE`, or what cannot be parsed
 */
export function loadDeck(path: string, options: LoadDeckOptions): Deck {
  const bytes = readBytes(path);
  if (bytes.length <= CHECKED_SIZE) return loadBytes(bytes, path, options);
  return keepNewSpaceSmall(() => loadBytes(bytes, path, options));
}

function loadBytes(bytes: Buffer, path: string, options: LoadDeckOptions): Deck {
  const { isStrict = false, answersPorts = false, rules } = options;
  const cassette = openCassette(bytes, toTypedPath(path));
  if (cassette.header.isUnfinished) reportUnfinished(cassette, path, options);
  if (bytes.length <= CHECKED_SIZE) assertValid(cassette);
  const exchanges = placeExchanges(cassette);
  if (bytes.length >= COLLECTED_SIZE) collectHeap();
  const deckOptions = {
    isStrict,
    ...(answersPorts ? { publish: publishPort } : {}),
    ...(rules === undefined ? {} : { rules }),
  };
  return createDeck(cassette, path, deckOptions, exchanges);
}

/** A test that replays half a recording may be green. A command's user reads the warning. */
function reportUnfinished(cassette: Cassette, path: string, options: LoadDeckOptions): void {
  const { refusesUnfinished = false, recordCommand, warn = warnProcess } = options;
  if (refusesUnfinished) throw createUnfinishedError(toTypedPath(path), cassette, recordCommand);
  warn(new Error(explainUnfinished(path)));
}

/** @throws CassetteError the first error of the cassette, if it has one */
export function assertValid(cassette: Cassette): void {
  const [fault] = checkCassette(cassette);
  if (fault !== undefined) throw fault;
}

/** A deck verifies each sidecar once, before its first bytes are sent. */
export function createDeck(
  cassette: Cassette,
  path: string,
  options: Omit<DeckOptions, "pieces">,
  exchanges?: readonly PlacedExchange[],
): Deck {
  const verified = new Map<string, Promise<void>>();
  const pieces: DeckOptions["pieces"] = async function* (ref, options) {
    const file = openSidecar(path, ref);
    const check = verified.get(ref.path) ?? file.verify(options?.into);
    verified.set(ref.path, check);
    await check;
    yield* file.pieces(options);
  };
  return new Deck(cassette, { ...options, pieces }, exchanges);
}
