/**
 * Counts numbers that are allocated from both ends of a range: from the low end for what a client starts, from the high
 * end for what a restart policy starts. So the timing of a restart changes no number of what clients start.
 */
export interface TwoEndedCounter {
  low: number;
  high: number;
}

/** Allocates a number. `count` is how many its end had allocated before. */
export function allocateFromBothEnds(
  counter: TwoEndedCounter,
  isRestart: boolean,
): { readonly end: "low" | "high"; readonly count: number } {
  const end = isRestart ? "high" : "low";
  return { end, count: counter[end]++ };
}
