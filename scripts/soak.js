/**
 * Asks a recorder, the simulated daemon behind it, and a replayer of recorded rounds for an hour, each 20 times a
 * second, and measures their memory and open files. The rate is a schedule: several rounds are under way at a time, and
 * what a busy machine was late with is caught up with. docs/robustness.md has the figures.
 *
 *     node scripts/soak.js [--minutes 60] [--rate 20] [--lanes 8] [--warm-up 10] [--chart soak.svg]
 *
 * Needs no docker; reads /proc. Exits with 1 if a request failed, if the rate was not held, or if the memory of one
 * grows by more than 0.1 MB a minute after the warm-up.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findLowestRate, Pacer } from "./soak/pacer.js";
import { computeSlope, drawChart, formatTable } from "./soak/plot.js";
import { playRound } from "./soak/round.js";
import { startWatched } from "./soak/watched-process.js";

const GOAL_MB_A_MINUTE = 0.1;
const SAMPLE_MS = 10_000;
/** A rate below this part of the one that was asked for was not held. */
const HELD = 0.99;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    rate: { type: "string", default: "20" },
    lanes: { type: "string", default: "8" },
    "warm-up": { type: "string", default: "10" },
    chart: { type: "string" },
  },
});
const [minutes, rate, warmUp] = [Number(values.minutes), Number(values.rate), Number(values["warm-up"])];
/** Rounds under way at a time, each with a container of its own. */
const lanes = Array.from({ length: Number(values.lanes) }, (_, at) => `soak-${at + 1}`);

const folder = mkdtempSync(join(tmpdir(), "whalesong-soak-"));
const path = (/** @type {string} */ name) => join(folder, name);
const listen = (/** @type {string} */ name) => ["--listen", `unix://${path(name)}`];
/** @type {Map<string, import("./soak/watched-process.js").WatchedProcess>} */
const running = new Map();
/** @type {Map<string, number>} */
const faults = new Map();
/** The mock is asked what the recorder is. @type {Map<"recorder" | "replayer", Pacer>} */
const pacers = new Map();
/** @type {Map<string, import("./soak/pacer.js").Mark[]>} */
const marks = new Map();

try {
  process.exitCode = await soak();
} finally {
  for (const started of running.values()) await started.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** @returns {Promise<number>} the exit status */
async function soak() {
  await recordRounds();
  running.set("mock", await startWatched(["mock", ...listen("mock.sock")]));
  const upstream = ["--upstream", `unix://${path("mock.sock")}`];
  running.set("recorder", await startWatched(["record", path("soak.yaml"), ...upstream, ...listen("record.sock")]));
  running.set("replayer", await startWatched(["replay", path("round.yaml"), ...listen("replay.sock")]));
  const end = performance.now() + minutes * 60_000;
  const recorded = askRecorder(end);
  const replayed = askReplayer(end);
  const series = await sampleUntil(end);
  await Promise.all([recorded, replayed]);
  return report(series);
}

/** The cassette that the replayer plays: a round of each lane. */
async function recordRounds() {
  const recorder = await startWatched(["record", path("round.yaml"), "--upstream", "mock", ...listen("first.sock")]);
  for (const lane of lanes) note(await playRound(path("first.sock"), lane, async () => {}));
  await recorder.stop();
}

/** Each lane begins its next round as soon as it has ended one. @param {number} end */
async function askRecorder(end) {
  const pacer = startPace("recorder");
  await Promise.all(
    lanes.map(async (lane) => {
      while (performance.now() < end) await playLane("record.sock", lane, pacer);
    }),
  );
}

/** All lanes begin together, because a rewind is one for all. @param {number} end */
async function askReplayer(end) {
  const pacer = startPace("replayer");
  while (performance.now() < end) {
    await Promise.all(lanes.map((lane) => playLane("replay.sock", lane, pacer)));
    await rewind();
  }
}

/** @param {"recorder" | "replayer"} server */
function startPace(server) {
  const pacer = new Pacer(rate);
  pacers.set(server, pacer);
  marks.set(server, [{ minute: 0, turns: 0 }]);
  return pacer;
}

/** @param {string} socket @param {string} lane @param {Pacer} pacer */
async function playLane(socket, lane, pacer) {
  note(await playRound(path(socket), lane, () => pacer.takeTurn()));
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
    for (const [name, pacer] of pacers) marks.get(name)?.push({ minute, turns: pacer.turns });
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
  const pace = describePace();
  console.log(JSON.stringify({ pace, growth, faults: Object.fromEntries(faults) }));
  const isHeld = Object.values(pace).every((held) => held.rate >= rate * HELD);
  return faults.size > 0 || !isHeld || slopes.some(([, slope]) => slope > GOAL_MB_A_MINUTE) ? 1 : 0;
}

/** Requests a second while memory was measured, and in the slowest five minutes. */
function describePace() {
  const rows = [...marks].map(([name, taken]) => {
    const { minute, turns } = taken.at(-1) ?? { minute: 1, turns: 0 };
    return [name, { requests: turns, rate: round(turns / (minute * 60)), lowest: round(findLowestRate(taken, 5)) }];
  });
  return Object.fromEntries(rows);
}

/** @param {number | undefined} figure */
function round(figure) {
  return figure === undefined ? undefined : Number(figure.toFixed(2));
}
