/**
 * Random endings that a client glues to a word without a separator: `testnh62kx0q`, from eight of [a-z0-9] behind `test`.
 * Where the word ends, only its equal beginning in both runs can tell. Names that were given have digits as well
 * (`redis7alpine`, `html2pdf4doc`), so that the ending must look random in itself, or stand behind several words of one
 * recording.
 */
import { countSharedCharacters } from "./generated-values.ts";

/** As Python's tempfile and `Math.random().toString(36).slice(2, 10)` make them. */
const ENDING_LENGTH = 8;
const GLUED = /^([A-Za-z]{3,})([a-z0-9]{8})$/;
/** What names of things have beside letters: years, versions, `2` for "to" and `4` for "for", sizes, architectures. */
const USUAL_NUMBERS = /(?:19|20)\d\d|v\d|[a-z]{2}[24][a-z]{2}|32|64|86|128|256|512/;

/** Endings that are known to be random (`collectSharedEndings`). To collect them takes long, and few words ask for them. */
export type SharedEndings = Pick<ReadonlySet<string>, "has">;

/**
 * Whether today's word can be the recorded one with another ending.
 */
export function isGluedAnew(recorded: string, today: string, shared?: SharedEndings): boolean {
  const [, word, ending = ""] = GLUED.exec(recorded) ?? [];
  const [, todaysWord, todaysEnding = ""] = GLUED.exec(today) ?? [];
  if (word === undefined || word !== todaysWord) return false;
  if (countSharedCharacters(ending, todaysEnding) * 2 >= ENDING_LENGTH) return false;
  return isRandomEnding(ending) || shared?.has(ending) === true;
}

/** Letters and digits in turn, without a word among them, and without the numbers that names of things have. */
function isRandomEnding(ending: string): boolean {
  return countPieces(ending) > 3 && !hasWord(ending, 4) && !USUAL_NUMBERS.test(ending);
}

/** Words are pronounced: no four consonants in a row. */
function hasWord(text: string, length: number): boolean {
  const runs = text.match(/[a-z]+/g) ?? [];
  return runs.some((run) => run.length >= length && /[aeiouy]/.test(run) && !/[^aeiouy]{4}/.test(run));
}

/**
 * The endings that stand behind several words of one recording: a client makes up one for each run, and calls several
 * things after it (`testnh62kx0q`, `rennh62kx0q`).
 * @param texts names and paths of recorded requests
 */
export function collectSharedEndings(texts: Iterable<string>): ReadonlySet<string> {
  const wordsOf = new Map<string, Set<string>>();
  for (const word of new Set(splitWords(texts))) {
    const ending = word.slice(-ENDING_LENGTH);
    if (ending.length < ENDING_LENGTH || !canBeShared(ending)) continue;
    const words = wordsOf.get(ending) ?? new Set();
    wordsOf.set(ending, words.add(word.slice(0, -ENDING_LENGTH)));
  }
  return new Set([...wordsOf].flatMap(([ending, words]) => (words.size > 1 ? [ending] : [])));
}

function* splitWords(texts: Iterable<string>): Generator<string> {
  for (const text of texts) yield* text.split(/[^A-Za-z0-9]+/);
}

/** A word with a number is behind others, too: `worker01`, `8080http`. */
function canBeShared(ending: string): boolean {
  return countPieces(ending) > 2 && !hasWord(ending, 5) && !USUAL_NUMBERS.test(ending);
}

/** Runs of letters, and of digits. */
function countPieces(text: string): number {
  return /^[a-z0-9]+$/.test(text) ? (text.match(/[a-z]+|\d+/g) ?? []).length : 0;
}
