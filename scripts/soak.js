/**
 * Asks a recorder, the simulated daemon behind it, and a replayer of one recorded round for an hour, at 20 requests a
 * second, and measures their memory and open files. docs/robustness.md has the figures.
 *
 *     node scripts/soak.js [--minutes 60] [--rate 20] [--warm-up 10] [--chart soak.svg]
 *
 * Needs no docker; reads /proc. Exits with 1 if a request failed or the memory of one grows by more than 0.1 MB a
 * minute after the warm-up.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { computeSlope, drawChart, formatTable } from "./soak/plot.js";
import { playRound, REQUESTS_A_ROUND } from "./soak/round.js";
import { startWatched } from "./soak/watched-process.js";

const GOAL_MB_A_MINUTE = 0.1;
const SAMPLE_MS = 10_000;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    rate: { type: "string", default: "20" },
    "warm-up": { type: "string", default: "10" },
    chart: { type: "string" },
  },
});
const [minutes, rate, warmUp] = [Number(values.minutes), Number(values.rate), Number(values["warm-up"])];

const folder = mkdtempSync(join(tmpdir(), "whalesong-soak-"));
const path = (/** @type {string} */ name) => join(folder, name);
const listen = (/** @type {string} */ name) => ["--listen", `unix://${path(name)}`];
/** @type {Map<string, import("./soak/watched-process.js").WatchedProcess>} */
const running = new Map();
/** @type {Map<string, number>} */
const faults = new Map();
let rounds = 0;

try {
  process.exitCode = await soak();
} finally {
  for (const started of running.values()) await started.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** @returns {Promise<number>} the exit status */
async function soak() {
  await recordOneRound();
  running.set("mock", await startWatched(["mock", ...listen("mock.sock")]));
  const upstream = ["--upstream", `unix://${path("mock.sock")}`];
  running.set("recorder", await startWatched(["record", path("soak.yaml"), ...upstream, ...listen("record.sock")]));
  running.set("replayer", await startWatched(["replay", path("round.yaml"), ...listen("replay.sock")]));
  const end = performance.now() + minutes * 60_000;
  const recorded = repeatUntil(end, () => playRound(path("record.sock"), 1000 / rate));
  const replayed = repeatUntil(end, async () => {
    const missed = await playRound(path("replay.sock"), 1000 / rate);
    await rewind();
    return missed;
  });
  const series = await sampleUntil(end);
  await Promise.all([recorded, replayed]);
  return report(series);
}

/** The cassette that the replayer plays. */
async function recordOneRound() {
  const recorder = await startWatched(["record", path("round.yaml"), "--upstream", "mock", ...listen("first.sock")]);
  note(await playRound(path("first.sock"), 0));
  await recorder.stop();
}

/** @param {number} end @param {() => Promise<string[]>} play */
async function repeatUntil(end, play) {
  while (performance.now() < end) {
    note(await play());
    rounds += 1;
  }
}

/** @param {readonly string[]} more */
function note(more) {
  for (const fault of more) faults.set(fault, (faults.get(fault) ?? 0) + 1);
}

/** Another round of the replay. */
function rewind() {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: path("replay.sock"), method: "POST", path: "/_whalesong/rewind" }, (answer) => {
      answer.on("end", resolve).resume();
    });
    sent.on("error", reject).end();
  });
}

/** @param {number} end */
async function sampleUntil(end) {
  /** @type {Map<string, import("./soak/plot.js").Sample[]>} */
  const series = new Map([...running.keys()].map((name) => [name, []]));
  const begin = performance.now();
  while (performance.now() < end) {
    await sleep(Math.min(SAMPLE_MS, Math.max(0, end - performance.now())));
    const minute = (performance.now() - begin) / 60_000;
    for (const [name, started] of running) series.get(name)?.push({ minute, ...started.measure() });
    if (values.chart !== undefined) writeFileSync(values.chart, drawChart(series));
  }
  return series;
}

/** @param {Map<string, import("./soak/plot.js").Sample[]>} series @returns {number} the exit status */
function report(series) {
  console.log(formatTable(series, Math.max(1, Math.round(minutes / 12))));
  const slopes = [...series].map(([name, samples]) => {
    return /** @type {const} */ ([name, computeSlope(samples.filter(({ minute }) => minute >= warmUp))]);
  });
  const growth = Object.fromEntries(slopes.map(([name, slope]) => [name, Number(slope.toFixed(3))]));
  console.log(
    JSON.stringify({ rounds, requests: rounds * REQUESTS_A_ROUND, growth, faults: Object.fromEntries(faults) }),
  );
  return faults.size > 0 || slopes.some(([, slope]) => slope > GOAL_MB_A_MINUTE) ? 1 : 0;
}
