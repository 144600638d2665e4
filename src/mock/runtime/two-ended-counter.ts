/**
 * Counts numbers that are handed out from both ends of a range: from the low end to what a client starts, from the high
 * end to what a restart policy starts. So a restart that comes sooner or later changes no number of what clients start.
 */
export interface TwoEndedCounter {
  low: number;
  high: number;
}

/** `count`: how many numbers that end had handed out before. */
export function allocateFromBothEnds(
  counter: TwoEndedCounter,
  isRestart: boolean,
): { readonly end: "low" | "high"; readonly count: number } {
  const end = isRestart ? "high" : "low";
  return { end, count: counter[end]++ };
}
