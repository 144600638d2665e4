/**
 * R7: one exchange - GET of a small JSON - answered on every road there is in one process: `node bench/in-process.js
 * [ROUNDS]`. Client and server share the process, so the CPU of both counts. Each round has a process of its own for each
 * road, as some of the tools slow down all that comes after them.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { withFolder } from "./lib/folder.js";
import { isInstalled } from "./lib/peers.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal } from "./lib/report.js";
import { CLIENTS, ROADS } from "./lib/roads.js";
import { interleave, medianOf, medianRatio } from "./lib/rounds.js";

const OWN = "whalesong, in-process";
const ROAD = join(import.meta.dirname, "lib/road-once.js");
const runFile = promisify(execFile);

/** @typedef {import("./lib/road-once.js").Measured} Measured */

await withFolder(async (folder) => {
  printMachine();
  const roads = ROADS.filter(({ peer }) => peer === undefined || isInstalled(peer));
  /** @type {Record<string, Measured[][]>} */
  const results = await interleave(roads, async ({ name }) => {
    const { stdout } = await runFile(process.execPath, ["--no-warnings", ROAD, name, folder]);
    return JSON.parse(stdout);
  });
  const select = (/** @type {number} */ at) =>
    Object.fromEntries(roads.map(({ name }) => [name, (results[name] ?? []).flatMap((round) => round[at] ?? [])]));
  reportGoals(select(0));
  for (const [at, clients] of CLIENTS.entries()) {
    console.log();
    printTable(
      [
        `${clients} at a time`,
        "requests beside whalesong, in-process",
        "CPU beside it",
        "requests a second",
        "CPU a request",
      ],
      roads.map(({ name }) => describeRoad(name, select(at))),
    );
  }
});

/** @param {Record<string, Measured[]>} results one at a time */
function reportGoals(results) {
  const goals = /** @type {const} */ ({ inProcess: "whalesong, unix socket", besideMsw: "msw", besideNock: "nock" });
  for (const [goal, name] of Object.entries(goals)) {
    const key = /** @type {keyof typeof goals} */ (goal);
    reportGoal(
      key,
      medianRatio(results[OWN], results[name], ({ rate }) => rate),
    );
  }
}

/**
 * @param {string} name
 * @param {Record<string, Measured[]>} results
 */
function describeRoad(name, results) {
  const ratio = (/** @type {keyof Measured} */ key) =>
    formatRatio(medianRatio(results[name], results[OWN], (one) => one[key]));
  const [rate, cpu] = /** @type {const} */ (["rate", "cpu"]).map((key) =>
    formatNumber(medianOf(results[name], (one) => one[key])),
  );
  return [name, ratio("rate"), ratio("cpu"), `${rate}`, `${cpu} µs`];
}
