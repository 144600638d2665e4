/**
 * E1: how long the command line takes to print its version and to listen: `node bench/start.js [ROUNDS]`. Beside them, what
 * Node takes for nothing at all (`node -e 0`), and for a bare `node:http` server.
 */
import { join } from "node:path";
import { HITS, writeCassette } from "./lib/exchanges.js";
import { withFolder } from "./lib/folder.js";
import { runProgram } from "./lib/generator.js";
import { BIN, readCpu, readMemory, startServer } from "./lib/processes.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal } from "./lib/report.js";
import { interleave, medianOf, medianRatio } from "./lib/rounds.js";

/** Processes are started three times a round: one start says little. */
const STARTS = 3;
const RECORDED = join(import.meta.dirname, "../cassettes/run-hello.yaml");

/** @typedef {{ seconds: number, cpu: number, memory: number }} Start `cpu` in seconds, `memory` in MB */
/** @typedef {{ name: string, start(): Promise<Start> }} Candidate */

await withFolder(async (folder) => {
  const socket = join(folder, "start.sock");
  const replay = (/** @type {string} */ cassette) => [BIN, "replay", cassette, "--listen", `unix://${socket}`];
  const candidates = [
    { name: "node -e 0", start: () => runNode(["-e", "0"]) },
    { name: "whalesong --version", start: () => runNode([BIN, "--version"]) },
    { name: "bare node:http, socket ready", start: () => listen(socket, ["-e", bareServer(socket)]) },
    { name: "replay of 6 exchanges, socket ready", start: () => listen(socket, replay(writeCassette(folder, HITS))) },
    { name: "replay of a recorded cassette, socket ready", start: () => listen(socket, replay(RECORDED)) },
  ];
  printMachine(`${STARTS} starts a round`);
  await interleave(candidates, startSeveral, 1); // The files are read from the disk.
  report(candidates, await interleave(candidates, startSeveral));
});

/** @param {Candidate} candidate */
async function startSeveral({ start }) {
  /** @type {Start[]} */
  const starts = [];
  for (let count = 0; count < STARTS; count += 1) starts.push(await start());
  const sumOf = (/** @type {keyof Start} */ key) => starts.reduce((sum, one) => sum + one[key], 0) / STARTS;
  return { seconds: sumOf("seconds"), cpu: sumOf("cpu"), memory: sumOf("memory") };
}

/** @param {string} socket */
function bareServer(socket) {
  return `require("node:http").createServer((_, response) => response.end()).listen(${JSON.stringify(socket)})`;
}

/**
 * @param {readonly string[]} words
 * @returns {Promise<Start>}
 */
async function runNode(words) {
  const { status, seconds, cpu } = await runProgram([process.execPath, ...words]);
  if (status !== 0) throw new Error(`\`node ${words.join(" ")}\` exited with ${status}`);
  return { seconds, cpu, memory: Number.NaN };
}

/**
 * @param {string} socket
 * @param {readonly string[]} words
 * @returns {Promise<Start>}
 */
async function listen(socket, words) {
  const began = performance.now();
  const server = await startServer("it", socket, words);
  const seconds = (performance.now() - began) / 1000;
  const [cpu, memory] = [readCpu(server.pid) / 1e6, readMemory(server.pid, "now")];
  await server.stop("SIGTERM"); // What ends well leaves its compiled code for the next start.
  return { seconds, cpu, memory };
}

/**
 * @param {readonly Candidate[]} candidates
 * @param {Record<string, Start[]>} results
 */
function report(candidates, results) {
  const ratio = (/** @type {string} */ name, /** @type {string} */ base, /** @type {"seconds" | "cpu"} */ key) =>
    medianRatio(results[name], results[base], (one) => one[key]);
  const [nothing, version, bare, , recorded] = candidates.map(({ name }) => name);
  reportGoal("version", ratio(version ?? "", nothing ?? "", "seconds"));
  reportGoal("socketReady", ratio(recorded ?? "", bare ?? "", "seconds"));
  console.log();
  const rows = candidates.map(({ name }) => {
    const base = name.endsWith("ready") ? bare : nothing;
    const [seconds, cpu, memory] = /** @type {const} */ (["seconds", "cpu", "memory"]).map((key) =>
      medianOf(results[name], (one) => one[key]),
    );
    const ratios = [
      ratio(name, base ?? "", "seconds"),
      ratio(name, base ?? "", "cpu"),
      ratio(name, nothing ?? "", "cpu"),
    ];
    return [
      name,
      ...ratios.map(formatRatio),
      ...[seconds, cpu].map(formatMs),
      memory ? `${Math.round(memory)} MB` : "",
    ];
  });
  printTable(
    ["what", "time beside its base", "CPU beside its base", "CPU beside node -e 0", "time", "CPU", "resident"],
    rows,
  );
}

/** @param {number | undefined} seconds */
function formatMs(seconds = Number.NaN) {
  return `${formatNumber(seconds * 1000)} ms`;
}
