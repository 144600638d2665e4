/**
 * C1, C2: what a recorder costs beside a bare pipe of bytes in Node, and beside other proxies: `node bench/recorder.js
 * [ROUNDS [MIB]]`. Small exchanges go to a bare `node:http` server; large bodies come from and go to memory.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { encodeRequest, LIST_CONTAINERS } from "./lib/exchanges.js";
import { withFolder, withServers } from "./lib/folder.js";
import { buildGenerator, download, load, upload } from "./lib/generator.js";
import { findProxies } from "./lib/peers.js";
import { BARE, BIN, chooseFreePort, finishServer, readCpu, startServer } from "./lib/processes.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal } from "./lib/report.js";
import { interleave, medianOf, medianRatio } from "./lib/rounds.js";

const MIB = Number(process.argv[3] ?? 1024);
const [WARM_UP, WARM_UP_MS] = [10_000, 3000];
const ROUND_MS = 700;
const GET = encodeRequest(LIST_CONTAINERS);
const LARGE = "/v1.41/containers/big/export";
const ARCHIVE = "/v1.41/containers/big/archive?path=/";

/** @typedef {import("./lib/processes.js").Server} Server */
/** @typedef {{ cpu: number, rate: number, p50: number, oneCpu: number }} Small µs an exchange; `p50` and `oneCpu` are one at a time */
/** @typedef {{ seconds: number, cpu: number, peak: number, whole: number }} Large `cpu` while it passes, `whole` of its life, in s; MB */

await withFolder(async (folder) => {
  printMachine(`bodies of ${MIB} MiB`);
  await withServers((keep) => compareSmall(folder, keep));
  await withServers((keep) => compareLarge(folder, keep));
});

/**
 * @param {string} folder
 * @param {(starting: Promise<Server>) => Promise<Server>} keep
 */
async function compareSmall(folder, keep) {
  const upstream = { socket: join(folder, "daemon.sock"), port: await chooseFreePort() };
  await keep(startServer("origin", upstream.socket, [BARE, "http", upstream.socket]));
  await keep(startServer("origin", upstream.port, [BARE, "http", String(upstream.port)]));
  const servers = [];
  for (const start of [...listOwn(folder, upstream.socket), ...(await findProxies(folder, upstream))])
    servers.push(await keep(start()));
  for (const { address } of servers)
    await load(address, [GET], { connections: 16, count: WARM_UP, ms: WARM_UP_MS, folder });
  const results = await interleave(servers, (server) => measureSmall(server, folder));
  reportGoal(
    "recordCpu",
    medianRatio(results.whalesong, results["node pipe"], (one) => one.cpu),
  );
  reportGoal(
    "recordTime",
    medianRatio(results.whalesong, results["node pipe"], (one) => one.p50),
  );
  console.log();
  const heads = [
    "2.5 KB through",
    "CPU, 16 at a time",
    "p50, one at a time",
    "CPU",
    "exchanges a second",
    "p50",
    "CPU, one at a time",
  ];
  printTable(
    heads,
    servers.map(({ name }) => describeSmall(name, results)),
  );
}

/**
 * @param {string} folder
 * @param {string} upstream
 * @returns {(() => Promise<Server>)[]}
 */
function listOwn(folder, upstream) {
  const [pipe, own] = [join(folder, "pipe.sock"), join(folder, "own.sock")];
  const words = ["record", join(folder, "own.yaml"), "--upstream", `unix://${upstream}`, "--listen", `unix://${own}`];
  return [
    () => startServer("node pipe", pipe, [BARE, "pipe", pipe, upstream]),
    () => startServer("whalesong", own, [BIN, ...words]),
  ];
}

/**
 * @param {Server} server
 * @param {string} folder
 * @returns {Promise<Small>}
 */
async function measureSmall({ address, pid }, folder) {
  const ask = async (/** @type {number} */ connections, /** @type {number} */ ms) => {
    const before = readCpu(pid);
    const { count, seconds, p50 } = await load(address, [GET], { connections, ms, folder });
    await new Promise((resolve) => setTimeout(resolve, 20)); // Processes of socat end.
    return { cpu: (readCpu(pid) - before) / count, rate: count / seconds, p50: p50 * 1e6 };
  };
  const many = await ask(16, ROUND_MS);
  const one = await ask(1, ROUND_MS / 2);
  return { cpu: many.cpu, rate: many.rate, p50: one.p50, oneCpu: one.cpu };
}

/**
 * @param {string} name
 * @param {Record<string, Small[]>} results
 */
function describeSmall(name, results) {
  const ratio = (/** @type {keyof Small} */ key) =>
    formatRatio(medianRatio(results[name], results["node pipe"], (one) => one[key]));
  const [cpu, rate, p50, oneCpu] = /** @type {const} */ (["cpu", "rate", "p50", "oneCpu"]).map((key) =>
    formatNumber(medianOf(results[name], (one) => one[key])),
  );
  return [name, ratio("cpu"), ratio("p50"), `${cpu} µs`, `${rate}`, `${p50} µs`, `${oneCpu} µs`];
}

/**
 * @param {string} folder
 * @param {(starting: Promise<Server>) => Promise<Server>} keep
 */
async function compareLarge(folder, keep) {
  const origin = join(folder, "memory.sock");
  const [bytes, program] = [MIB * 1024 ** 2, buildGenerator()];
  await keep(startServer("memory", origin, ["serve", origin, String(bytes)], { program }));
  const transfers = {
    down: (/** @type {string | number} */ address) => download(address, LARGE),
    up: (/** @type {string | number} */ address) => upload(address, ARCHIVE, bytes),
  };
  for (const [way, transfer] of Object.entries(transfers)) {
    const candidates = ["node pipe", "whalesong"].map((name, at) => ({ name, at }));
    const results = await interleave(candidates, ({ at }) =>
      measureLarge(join(folder, `large-${at}`), origin, at, transfer),
    );
    reportLarge(way, results);
  }
}

/**
 * In a process and a folder of its own each time.
 * @param {string} folder
 * @param {string} origin
 * @param {number} at of `listOwn`
 * @param {(address: string | number) => Promise<import("./lib/generator.js").Transfer>} transfer
 * @returns {Promise<Large>}
 */
async function measureLarge(folder, origin, at, transfer) {
  mkdirSync(folder);
  const start = /** @type {() => Promise<Server>} */ (listOwn(folder, origin)[at]);
  const server = await start();
  const before = readCpu(server.pid);
  const { seconds } = await transfer(server.address);
  const cpu = (readCpu(server.pid) - before) / 1e6;
  const { peak, cpu: whole } = await finishServer(server);
  rmSync(folder, { recursive: true });
  return { seconds, cpu, peak, whole: whole / 1e6 };
}

/**
 * @param {string} way
 * @param {Record<string, Large[]>} results
 */
function reportLarge(way, results) {
  const base = results["node pipe"];
  if (way === "down") {
    reportGoal(
      "recordLarge",
      medianRatio(results.whalesong, base, (one) => one.seconds),
    );
    reportGoal("recordMemory", Math.max(...(results.whalesong ?? []).map(({ peak }) => peak)));
    console.log();
  }
  const rows = Object.entries(results).map(([name, all]) => {
    const ratio = (/** @type {keyof Large} */ key) => formatRatio(medianRatio(all, base, (one) => one[key]));
    const [seconds, cpu, whole] = /** @type {const} */ (["seconds", "cpu", "whole"]).map(
      (key) => `${formatNumber(medianOf(all, (one) => one[key]))} s`,
    );
    return [
      name,
      ratio("seconds"),
      ratio("cpu"),
      `${seconds}`,
      `${cpu}`,
      `${whole}`,
      `${Math.round(Math.max(...all.map(({ peak }) => peak)))} MB`,
    ];
  });
  printTable(
    [`${MIB} MiB ${way}`, "time", "CPU while it passes", "time", "CPU while it passes", "CPU to the end", "peak"],
    rows,
  );
}
