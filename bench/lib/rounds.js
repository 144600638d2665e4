/** Interleaved rounds, and what is made of them. */

/** How many rounds: the first argument of each part. */
export const ROUNDS = Number(process.argv[2] ?? 7);

/**
 * Measures each candidate once a round, in random order, so that a busy machine is busy for all of them.
 * @template Result
 * @template {{ name: string }} Candidate
 * @param {readonly Candidate[]} candidates
 * @param {(candidate: Candidate, round: number) => Promise<Result>} measure
 * @param {number} [rounds] (default: the first argument, else 7)
 * @returns {Promise<Record<string, Result[]>>} by name, a result for each round
 */
export async function interleave(candidates, measure, rounds = ROUNDS) {
  /** @type {Record<string, Result[]>} */
  const results = Object.fromEntries(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const candidate of shuffle(candidates)) results[candidate.name]?.push(await measure(candidate, round));
  }
  return results;
}

/**
 * The middle one.
 * @param {readonly number[]} values
 */
export function median(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

/**
 * The median of one figure of a candidate.
 * @template Result
 * @param {readonly Result[] | undefined} results
 * @param {(result: Result) => number} choose
 */
export function medianOf(results, choose) {
  return median((results ?? []).map(choose));
}

/**
 * The median of the ratios within the rounds.
 * @template Result
 * @param {readonly Result[] | undefined} results
 * @param {readonly Result[] | undefined} base
 * @param {(result: Result) => number} choose
 */
export function medianRatio(results, base, choose) {
  return median((results ?? []).map((result, at) => choose(result) / choose(/** @type {Result} */ (base?.[at]))));
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @returns {Item[]}
 */
function shuffle(items) {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);
}
