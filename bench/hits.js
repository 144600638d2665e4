/**
 * R1, R2, R4: what a recorded answer costs beside a bare `node:http` server that matches nothing and sends bytes of the same
 * size, and beside other tools that replay: `node bench/hits.js [ROUNDS]`. The ratios are taken within a round.
 */
import { join } from "node:path";
import { CREATES, encodeRequest, HITS, LIST_CONTAINERS, writeCassette } from "./lib/exchanges.js";
import { withFolder, withServers } from "./lib/folder.js";
import { load } from "./lib/generator.js";
import { findPeers } from "./lib/peers.js";
import { BARE, BIN, chooseFreePort, readCpu, startServer } from "./lib/processes.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal } from "./lib/report.js";
import { interleave, medianOf, medianRatio } from "./lib/rounds.js";

const ROUND_MS = 500;
const GET = encodeRequest(LIST_CONTAINERS);
const POST = encodeRequest(CREATES[3] ?? LIST_CONTAINERS);

const CASES = [
  { name: "GET of 2.5 KB", request: GET, isNew: false, goals: { rate: "getRate", cpu: "getCpu" } },
  { name: "POST of 1.9 KB, chosen by its body", request: POST, isNew: false, goals: { rate: "postRate" } },
  { name: "the GET, a connection each", request: GET, isNew: true, goals: { rate: "newRate" } },
];

/** @typedef {import("./lib/processes.js").Server} Server */
/** @typedef {{ rate: number, cpu: number, p50: number }} Measured requests a second; CPU in µs and p50 in s, of a request */

await withFolder((folder) => withServers((keep) => compareAll(folder, keep)));

/**
 * @param {string} folder
 * @param {(starting: Promise<Server>) => Promise<Server>} keep
 */
async function compareAll(folder, keep) {
  const servers = [];
  for (const starting of await listStarts(folder)) servers.push(await keep(starting()));
  printMachine("ratios to node:http on the same transport");
  const rows = [];
  for (const one of CASES) {
    const measure = (/** @type {Server} */ server) => measureRate(server, one, folder);
    await interleave(servers, measure, 1); // V8 compiles.
    const results = await interleave(servers, measure);
    rows.push(...servers.map(({ name, address }) => describeResult(one.name, name, baseOf(address), results)));
    reportCase(one, results);
  }
  console.log();
  printTable(["what", "server", "CPU", "requests", "CPU a request", "requests a second", "p50"], rows);
}

/**
 * @param {string} folder
 * @returns {Promise<(() => Promise<Server>)[]>}
 */
async function listStarts(folder) {
  const place = (/** @type {string} */ name) => join(folder, `${name}.sock`);
  const cassette = writeCassette(folder, HITS);
  const port = await chooseFreePort();
  const own = place("whalesong");
  return [
    () => startServer("node:http", place("bare"), [BARE, "http", place("bare")]),
    () => startServer("node:http, TCP", port, [BARE, "http", String(port)]),
    () => startServer("whalesong", own, [BIN, "replay", cassette, "--listen", `unix://${own}`]),
    ...(await findPeers(["talkback", "mockttp"], folder)),
  ];
}

/**
 * @param {Server} server
 * @param {typeof CASES[number]} one
 * @param {string} folder
 * @returns {Promise<Measured>}
 */
async function measureRate({ address, pid }, { request, isNew }, folder) {
  const before = readCpu(pid);
  const { count, seconds, p50 } = await load(address, [request], { connections: 16, ms: ROUND_MS, isNew, folder });
  return { rate: count / seconds, cpu: (readCpu(pid) - before) / count, p50 };
}

/** @param {string | number} address */
function baseOf(address) {
  return typeof address === "number" ? "node:http, TCP" : "node:http";
}

/**
 * @param {string} what
 * @param {string} name
 * @param {string} base
 * @param {Record<string, Measured[]>} results
 */
function describeResult(what, name, base, results) {
  const ratio = (/** @type {"rate" | "cpu"} */ key) =>
    formatRatio(medianRatio(results[name], results[base], (one) => one[key]));
  const cpu = `${formatNumber(medianOf(results[name], (one) => one.cpu))} µs`;
  const p50 = `${formatNumber(medianOf(results[name], (one) => one.p50) * 1e6)} µs`;
  return [what, name, ratio("cpu"), ratio("rate"), cpu, formatNumber(medianOf(results[name], (one) => one.rate)), p50];
}

/**
 * @param {typeof CASES[number]} one
 * @param {Record<string, Measured[]>} results
 */
function reportCase({ goals }, results) {
  for (const [key, goal] of Object.entries(goals)) {
    const choose = (/** @type {Measured} */ one) => one[/** @type {"rate" | "cpu"} */ (key)];
    reportGoal(
      /** @type {import("./lib/goals.js").GoalName} */ (goal),
      medianRatio(results.whalesong, results["node:http"], choose),
    );
  }
}
