/**
 * R5: what a miss costs beside a hit, by the size of the cassette: `node bench/misses.js [ROUNDS [EXCHANGES...]]`. A miss is
 * explained while its client waits. A hit is an exchange that is played for the first time; of ten exchanges there are only
 * ten. All over a connection each, as most clients meet a miss.
 */
import { join } from "node:path";
import { encodeRequest, inspectionOf, writeInspections } from "./lib/exchanges.js";
import { withFolder } from "./lib/folder.js";
import { load } from "./lib/generator.js";
import { BIN, readCpu, startServer } from "./lib/processes.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal } from "./lib/report.js";
import { interleave, median, medianOf } from "./lib/rounds.js";

const SIZES = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [10, 10_000, 100_000];
const REQUESTS = 1000;
const GOALS = new Map(
  /** @type {const} */ ([
    [10, "miss10"],
    [10_000, "miss10000"],
    [100_000, "miss100000"],
  ]),
);

/** @typedef {{ cpu: number, p50: number }} Cost of a request, in µs */
/** @typedef {{ hit: Cost, again: Cost, first: Cost, miss: Cost }} Round */

await withFolder(async (folder) => {
  printMachine();
  const cassettes = new Map(SIZES.map((size) => [size, writeInspections(folder, size)]));
  const candidates = SIZES.map((size) => ({ name: String(size), size }));
  const results = await interleave(candidates, ({ size }) => measure(folder, cassettes.get(size) ?? "", size));
  for (const size of SIZES) {
    const goal = GOALS.get(/** @type {10} */ (size));
    if (goal !== undefined) reportGoal(goal, ratioOf(results[size] ?? [], "cpu"));
  }
  console.log();
  const heads = [
    "exchanges",
    "miss / hit, CPU",
    "miss / hit, p50",
    "hit",
    "played again",
    "the first miss",
    "a miss",
    "hit, p50",
    "miss, p50",
  ];
  printTable(
    heads,
    SIZES.map((size) => describeSize(size, results[size] ?? [])),
  );
});

/**
 * @param {string} folder
 * @param {string} cassette
 * @param {number} size
 * @returns {Promise<Round>}
 */
async function measure(folder, cassette, size) {
  const socket = join(folder, "misses.sock");
  const words = [BIN, "replay", cassette, "--listen", `unix://${socket}`];
  const server = await startServer("replay", socket, words, { limitMs: 120_000 });
  const ask = async (/** @type {number} */ from, /** @type {number} */ count) => {
    const requests = Array.from({ length: count }, (_, at) => encodeRequest(inspectionOf(from + at)));
    const before = readCpu(server.pid);
    const { p50 } = await load(socket, requests, { count, isNew: true, isMiss: from >= size, folder });
    return { cpu: (readCpu(server.pid) - before) / count, p50: p50 * 1e6 };
  };
  const hits = Math.min(REQUESTS, size);
  if (size > 2 * REQUESTS) await ask(REQUESTS, REQUESTS); // V8 compiles.
  const round = {
    hit: await ask(0, hits),
    again: await ask(0, hits),
    first: await ask(size, 1),
    miss: await ask(size + 1, REQUESTS),
  };
  await server.stop();
  return round;
}

/**
 * @param {number} size
 * @param {readonly Round[]} rounds
 */
function describeSize(size, rounds) {
  const cpus = /** @type {const} */ (["hit", "again", "first", "miss"]).map((which) =>
    medianOf(rounds, (one) => one[which].cpu),
  );
  const times = /** @type {const} */ (["hit", "miss"]).map((which) => medianOf(rounds, (one) => one[which].p50));
  const ratios = [ratioOf(rounds, "cpu"), ratioOf(rounds, "p50")].map(formatRatio);
  return [String(size), ...ratios, ...[...cpus, ...times].map((micros) => `${formatNumber(micros)} µs`)];
}

/**
 * @param {readonly Round[]} rounds
 * @param {keyof Cost} key
 */
function ratioOf(rounds, key) {
  return median(rounds.map(({ hit, miss }) => miss[key] / hit[key]));
}
