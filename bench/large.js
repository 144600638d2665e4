/**
 * R5, R6, F1: a cassette of 100,000 exchanges: `node bench/large.js [ROUNDS [EXCHANGES]]`. What a replay needs until it is
 * ready, what its last exchange costs beside its first, and what opening costs beside `JSON.parse` of the same exchanges, which
 * have their bodies as text. JSON is parsed by the byte, a cassette is opened by the exchange: so there are two sizes of them.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { DETAILS, encodeRequest, inspectionOf, writeInspections, writeInspectionsAsJson } from "./lib/exchanges.js";
import { withFolder } from "./lib/folder.js";
import { load } from "./lib/generator.js";
import { BIN, readCpu, readMemory, startServer } from "./lib/processes.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal } from "./lib/report.js";
import { interleave, median, medianOf, medianRatio } from "./lib/rounds.js";

const COUNT = Number(process.argv[3] ?? 100_000);
const PART = Math.min(500, Math.floor(COUNT / 4));
const OPENER = join(import.meta.dirname, "lib/open-once.js");
const runFile = promisify(execFile);

const SHORT = "of 0.1 KB";
const LONG = "of 2 KB";

/** @typedef {{ name: string, cassette: string, json: string }} Kind of exchanges; the same in YAML and in JSON */
/** @typedef {{ seconds: number, cpu: number, now: number, peak: number, first: number, last: number }} Replay s, MB, µs */
/** @typedef {{ ms: number, cpu: number, memory: number }} Opened ms, MB */

await withFolder(async (folder) => {
  printMachine(`${COUNT} exchanges`);
  const kinds = [{ name: SHORT }, { name: LONG, details: DETAILS }].map(({ name, details }) => ({
    name,
    cassette: writeInspections(folder, COUNT, details),
    json: writeInspectionsAsJson(folder, COUNT, details),
  }));
  reportReplays(await interleave(kinds, (kind, round) => measureReplay(folder, kind, round)));
  await measureOpening(kinds);
});

/**
 * @param {string} folder
 * @param {Kind} kind
 * @param {number} round
 * @returns {Promise<Replay>}
 */
async function measureReplay(folder, { cassette }, round) {
  const socket = join(folder, "large.sock");
  const began = performance.now();
  const words = [BIN, "replay", cassette, "--listen", `unix://${socket}`];
  const server = await startServer("replay", socket, words, { limitMs: 120_000 });
  const ready = { seconds: (performance.now() - began) / 1000, cpu: readCpu(server.pid) / 1e6 };
  const memory = { now: readMemory(server.pid, "now"), peak: readMemory(server.pid, "peak") };
  const ends = await measureEnds(server, folder, round % 2 === 1);
  await server.stop();
  return { ...ready, ...memory, ...ends };
}

/** @param {Record<string, Replay[]>} results */
function reportReplays(results) {
  const short = results[SHORT] ?? [];
  const ratioOf = (/** @type {readonly Replay[]} */ all) => median(all.map(({ first, last }) => last / first));
  reportGoal(
    "readyCpu",
    medianOf(short, (one) => one.cpu),
  );
  reportGoal(
    "readyMemory",
    medianOf(short, (one) => one.now),
  );
  reportGoal("lastByFirst", ratioOf(short));
  console.log();
  const heads = [
    "exchanges",
    "ready: CPU, s",
    "time, s",
    "resident, MB",
    "peak, MB",
    "one of the first, µs of CPU",
    "one of the last",
  ];
  const rows = Object.entries(results).map(([name, all]) => {
    const figures = /** @type {const} */ (["cpu", "seconds", "now", "peak", "first", "last"]).map((key) =>
      medianOf(all, (one) => one[key]),
    );
    return [name, ...figures.map(formatNumber), formatRatio(ratioOf(all))];
  });
  printTable([...heads, "last / first"], rows);
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

/** @param {readonly Kind[]} kinds */
async function measureOpening(kinds) {
  const candidates = kinds.flatMap(({ name, cassette, json }) => [
    { name: `openCassette, ${name}`, base: `JSON.parse, ${name}`, how: "openCassette", file: cassette },
    { name: `JSON.parse, ${name}`, base: `JSON.parse, ${name}`, how: "JSON.parse", file: json },
  ]);
  /** @type {Record<string, Opened[]>} */
  const results = await interleave(candidates, async ({ how, file }) => {
    const { stdout } = await runFile(process.execPath, [OPENER, how, file]);
    return JSON.parse(stdout);
  });
  const ratio = (/** @type {string} */ name, /** @type {string} */ base, /** @type {keyof Opened} */ key) =>
    medianRatio(results[name], results[base], (one) => one[key]);
  reportGoal("openCassette", ratio(`openCassette, ${LONG}`, `JSON.parse, ${LONG}`, "ms"));
  console.log();
  const rows = candidates.map(({ name, base }) => {
    const figures = /** @type {const} */ (["ms", "cpu", "memory"]).map((key) =>
      formatNumber(medianOf(results[name], (one) => one[key])),
    );
    return [name, formatRatio(ratio(name, base, "ms")), formatRatio(ratio(name, base, "cpu")), ...figures];
  });
  printTable(["opened", "time", "CPU", "time, ms", "CPU, ms", "memory it takes, MB"], rows);
}
