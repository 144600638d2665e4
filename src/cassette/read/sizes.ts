import { createShapeError, createValueError, readItems, type YamlPlace } from "../../yaml/place.ts";
import { readText } from "../../yaml/values.ts";
import { parseSizeRun, type SizeRun } from "../sizes.ts";

/** No recording has more pieces; a typing error like `1x10000000000` must not exhaust the memory. */
const PIECE_LIMIT = 10_000_000;
const EXPECTED = "a list of sizes like `[512, 32768x31]`";

/** Sizes in order, runs expanded. If `total` is known they must add up to it. */
export function readSizes(place: YamlPlace, total?: number): readonly number[] {
  const runs = readItems(place, EXPECTED).map((item) => readSizeRun({ ...item, what: place.what }));
  const count = runs.reduce((sum, run) => sum + run.count, 0);
  if (count > PIECE_LIMIT)
    throw createShapeError(place, `\`${place.what}\` lists ${count} pieces, the most is ${PIECE_LIMIT}`);
  const sum = runs.reduce((bytes, run) => bytes + run.size * run.count, 0);
  if (total !== undefined && sum !== total) {
    throw createShapeError(place, `\`${place.what}\` add up to ${sum} bytes, but there are ${total}`);
  }
  return runs.flatMap((run) => new Array<number>(run.count).fill(run.size));
}

function readSizeRun(item: YamlPlace): SizeRun {
  const run = parseSizeRun(readText(item, EXPECTED));
  if (run === undefined) throw createValueError(item, EXPECTED);
  return run;
}
