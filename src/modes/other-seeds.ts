/**
 * Seeds of simulated daemons that go on where a recording ends. With the seed of the recording its ids would come again,
 * and requests about a new thing would be answered as the recorded ones.
 */
import { statSync } from "node:fs";

/** Of the daemon that answers what a replay cannot. */
export const ON_MISS_SEED = "on miss";

/** Of the daemon of what is appended to `cassette`, which grows with each recording. */
export function makeAppendSeed(cassette: string): string {
  return `append to ${statSync(cassette, { throwIfNoEntry: false })?.size ?? 0}`;
}
