/**
 * R5, R6, F1: a cassette of 100,000 exchanges: `node bench/large.js [ROUNDS [EXCHANGES]]`. What a replay needs until it is
 * ready, what its last exchange costs beside its first, and what opening costs beside `JSON.parse` of the same exchanges.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { encodeRequest, inspectionOf, writeInspections, writeInspectionsAsJson } from "./lib/exchanges.js";
import { withFolder } from "./lib/folder.js";
import { load } from "./lib/generator.js";
import { BIN, readCpu, readMemory, startServer } from "./lib/processes.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal } from "./lib/report.js";
import { interleave, median, medianOf, medianRatio } from "./lib/rounds.js";

const COUNT = Number(process.argv[3] ?? 100_000);
const PART = Math.min(500, Math.floor(COUNT / 4));
const OPENER = join(import.meta.dirname, "lib/open-once.js");
const runFile = promisify(execFile);

await withFolder(async (folder) => {
  printMachine(`${COUNT} exchanges`);
  const cassette = writeInspections(folder, COUNT);
  await measureReplay(folder, cassette);
  await measureOpening(cassette, writeInspectionsAsJson(folder, COUNT));
});

/**
 * @param {string} folder
 * @param {string} cassette
 */
async function measureReplay(folder, cassette) {
  const socket = join(folder, "large.sock");
  const words = [BIN, "replay", cassette, "--listen", `unix://${socket}`];
  const { replay = [] } = await interleave([{ name: "replay" }], async (_, round) => {
    const began = performance.now();
    const server = await startServer("replay", socket, words, { limitMs: 120_000 });
    const ready = { seconds: (performance.now() - began) / 1000, cpu: readCpu(server.pid) / 1e6 };
    const memory = { now: readMemory(server.pid, "now"), peak: readMemory(server.pid, "peak") };
    const ends = await measureEnds(server, folder, round % 2 === 1);
    await server.stop();
    return { ...ready, ...memory, ...ends };
  });
  const [cpu, now, ratio] = [
    medianOf(replay, (one) => one.cpu),
    medianOf(replay, (one) => one.now),
    median(replay.map(({ first, last }) => last / first)),
  ];
  reportGoal("readyCpu", cpu);
  reportGoal("readyMemory", now);
  reportGoal("lastByFirst", ratio);
  const rest = [
    medianOf(replay, (one) => one.seconds),
    medianOf(replay, (one) => one.peak),
    medianOf(replay, (one) => one.first),
    medianOf(replay, (one) => one.last),
  ];
  const [seconds, peak, first, last] = rest.map(formatNumber);
  console.log();
  printTable(
    [
      "ready: CPU",
      "time",
      "resident",
      "its peak",
      `one of the first ${PART}`,
      `one of the last ${PART}`,
      "last / first",
    ],
    [
      [
        `${formatNumber(cpu)} s`,
        `${seconds} s`,
        `${Math.round(now)} MB`,
        `${peak} MB`,
        `${first} µs`,
        `${last} µs`,
        formatRatio(ratio),
      ],
    ],
  );
}

/**
 * CPU in µs of one of the first and of one of the last exchanges, each played once.
 * @param {import("./lib/processes.js").Server} server
 * @param {string} folder
 * @param {boolean} isLastFirst rounds take turns in what is asked for first
 */
async function measureEnds({ address, pid }, folder, isLastFirst) {
  const ask = async (/** @type {number} */ from) => {
    const requests = Array.from({ length: PART }, (_, at) => encodeRequest(inspectionOf(from + at)));
    const before = readCpu(pid);
    const { count } = await load(address, requests, { count: PART, folder });
    return (readCpu(pid) - before) / count;
  };
  for (const middle of [1, 2]) await ask(Math.floor(COUNT / 4) * middle); // V8 compiles.
  if (isLastFirst) return { last: await ask(COUNT - PART), first: await ask(0) };
  return { first: await ask(0), last: await ask(COUNT - PART) };
}

/**
 * @param {string} cassette
 * @param {string} json
 */
async function measureOpening(cassette, json) {
  const candidates = [
    { name: "openCassette", file: cassette },
    { name: "JSON.parse", file: json },
  ];
  /** @type {Record<string, { ms: number, cpu: number, memory: number }[]>} */
  const results = await interleave(candidates, async ({ name, file }) => {
    const { stdout } = await runFile(process.execPath, [OPENER, name, file]);
    return JSON.parse(stdout);
  });
  const base = results["JSON.parse"];
  reportGoal(
    "openCassette",
    medianRatio(results.openCassette, base, ({ ms }) => ms),
  );
  console.log();
  const rows = candidates.map(({ name }) => {
    const ratios = [
      medianRatio(results[name], base, ({ ms }) => ms),
      medianRatio(results[name], base, ({ cpu }) => cpu),
    ];
    const [ms, cpu, memory] = [
      medianOf(results[name], (one) => one.ms),
      medianOf(results[name], (one) => one.cpu),
      medianOf(results[name], (one) => one.memory),
    ];
    return [
      name,
      ...ratios.map(formatRatio),
      `${formatNumber(ms)} ms`,
      `${formatNumber(cpu)} ms`,
      `${Math.round(memory)} MB`,
    ];
  });
  printTable(["opened by", "time", "CPU", "time", "CPU", "memory it takes"], rows);
}
