import fc from "fast-check";

const fuzz = process.env.FUZZ;

/**
 * Property tests try the same values on every run, so that one commit has one verdict. `FUZZ=N npm test` tries N new
 * values of each property instead; what it finds becomes a row in a table.
 */
fc.configureGlobal(fuzz === undefined ? { seed: 20_261_121 } : { numRuns: Number(fuzz) });

/** For a property that wants another number of values than the usual 100. */
export function countTries(usual: number): { numRuns: number } {
  return { numRuns: Number(fuzz ?? usual) };
}
