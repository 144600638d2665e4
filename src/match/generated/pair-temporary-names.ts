/** Pairs names of two texts that are made up by the same grammar (temporary-names.ts). */
import { countSharedCharacters } from "./generated-values.ts";
import { COUNTERS, isRandomDecimal, type NamePlace, TEMPORARY_NAMES, type TemporaryName } from "./temporary-names.ts";
import type { ValuePair } from "./value-pair.ts";

export interface TemporaryNames {
  readonly pairs: readonly ValuePair[];
  /** The texts without the names that are paired. */
  readonly recorded: string;
  readonly today: string;
}

/** Stands in for a name, so that its parts are not taken for words. */
const PLACEHOLDER = "\u0001";

/**
 * Pairs the made-up names of two texts in their order.
 * @param place where the texts stand
 */
export function pairTemporaryNames(recorded: string, today: string, place: NamePlace): TemporaryNames {
  let names: TemporaryNames = { pairs: [], recorded, today };
  for (const grammar of TEMPORARY_NAMES) {
    if (isMadeFor(place, grammar)) names = pairByGrammar(names, grammar);
  }
  return names;
}

function isMadeFor(place: NamePlace, { isPlain = false, isImageName = false }: TemporaryName): boolean {
  return isImageName ? place === "image-name" : isPlain || place !== "other";
}

function pairByGrammar(names: TemporaryNames, grammar: TemporaryName): TemporaryNames {
  const { pattern, isMadeUp = () => true } = grammar;
  const [all, others] = [[...names.recorded.matchAll(pattern)], [...names.today.matchAll(pattern)]];
  if (all.length !== others.length) return names;
  // A name of the same grammar that was given is no match: it has to be equal in both texts.
  const matches = all
    .map((was, at) => [was, others[at] as RegExpMatchArray] as const)
    .filter(([was]) => isMadeUp(getVarying(was)));
  if (!matches.every(([was, is]) => areTwoRuns(was, is, grammar))) return names;
  const pairs = matches.map(([was, is]): ValuePair => [was[0], is[0]]);
  return {
    pairs: [...names.pairs, ...pairs.filter(([was, is]) => was !== is)],
    recorded: replaceMatches(
      names.recorded,
      matches.map(([was]) => was),
    ),
    today: replaceMatches(
      names.today,
      matches.map(([, is]) => is),
    ),
  };
}

function areTwoRuns(was: RegExpMatchArray, is: RegExpMatchArray, grammar: TemporaryName): boolean {
  if (getFixed(was) !== getFixed(is)) return false;
  const [one, other] = [getVarying(was), getVarying(is)];
  if (grammar.isNumber !== true || one === other) return true;
  return grammar.hasCounter === true ? areCounted(one, other) : areUnlike(one, other);
}

/** A counter is equal in both; where it ends and the number begins only the pair can tell. */
function areCounted(one: string, other: string): boolean {
  return COUNTERS.some((length) => {
    const [number, today] = [one.slice(length), other.slice(length)];
    const isSame = one.slice(0, length) === other.slice(0, length);
    return isSame && isRandomDecimal(number) && isUint32(today) && areUnlike(number, today);
  });
}

function areUnlike(one: string, other: string): boolean {
  return countSharedCharacters(one, other) * 2 < one.length;
}

function isUint32(digits: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(digits) && Number(digits) < 2 ** 32;
}

function getVarying(match: RegExpMatchArray): string {
  return match[0].slice(getFixed(match).length);
}

/** The part of a name that is not made up: the pattern's first group that took part. */
function getFixed(match: RegExpMatchArray): string {
  return match.slice(1).find((group) => group !== undefined) ?? "";
}

function replaceMatches(text: string, matches: readonly RegExpMatchArray[]): string {
  let end = 0;
  const kept = matches.map((match) => {
    const { index = 0 } = match;
    const before = text.slice(end, index);
    end = index + match[0].length;
    return before + PLACEHOLDER;
  });
  return kept.join("") + text.slice(end);
}
