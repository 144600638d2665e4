/**
 * M1: what a call costs when the simulated daemon holds many containers: `node bench/mock.js [ROUNDS [CONTAINERS]]`. A tenth
 * of the containers run. What does not grow with the containers is found without looking at each; a list of all has to be
 * written. `dockerd.js` measures the life of a container beside dockerd's.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeRequest } from "./lib/exchanges.js";
import { withFolder, withServers } from "./lib/folder.js";
import { load } from "./lib/generator.js";
import { BIN, readCpu, readMemory, startServer } from "./lib/processes.js";
import { formatNumber, printMachine, printTable, reportGoal } from "./lib/report.js";
import { interleave, medianOf, medianRatio } from "./lib/rounds.js";

const MOST = Number(process.argv[3] ?? 10_000);
const SIZES = [MOST / 100, MOST / 10, MOST];
const LIST = "list of all";

/** @typedef {{ name: string, size: number, server: import("./lib/processes.js").Server, ready: { cpu: number, memory: number } }} Mock */

/**
 * The calls, with how often each is made in a round.
 * @type {readonly { name: string, count: number, method?: string, body?: string, target(at: number, size: number): string }[]}
 */
const CALLS = [
  { name: "ping", count: 200, target: () => "/_ping" },
  { name: LIST, count: 5, target: () => "/v1.41/containers/json?all=1" },
  { name: "list by name", count: 20, target: (at) => `/v1.41/containers/json?all=1&filters=${filterBy(`c${at}$`)}` },
  { name: "inspect by name", count: 200, target: (at, size) => `/v1.41/containers/c${at % size}/json` },
  {
    name: "create",
    count: 20,
    method: "POST",
    body: JSON.stringify({ Image: "busybox" }),
    target: () => "/v1.41/containers/create",
  },
  { name: "past events", count: 50, target: () => "/v1.41/events?since=0&until=1" },
];

await withFolder((folder) =>
  withServers(async (keep) => {
    printMachine();
    /** @type {Mock[]} */
    const mocks = [];
    for (const size of SIZES) mocks.push(await startMock(folder, size, keep));
    await interleave(mocks, (mock) => measureCalls(mock, folder), 1); // V8 compiles.
    report(mocks, await interleave(mocks, (mock) => measureCalls(mock, folder)));
  }),
);

/**
 * @param {string} folder
 * @param {number} size
 * @param {(starting: Promise<import("./lib/processes.js").Server>) => Promise<import("./lib/processes.js").Server>} keep
 * @returns {Promise<Mock>}
 */
async function startMock(folder, size, keep) {
  const [state, socket] = [join(folder, `${size}.yaml`), join(folder, `${size}.sock`)];
  const containers = Array.from({ length: size }, (_, at) => ({
    name: `c${at}`,
    image: "busybox",
    state: at % 10 === 0 ? "running" : "exited",
  }));
  writeFileSync(state, JSON.stringify({ containers }));
  const words = [BIN, "mock", "--state", state, "--listen", `unix://${socket}`];
  const server = await keep(startServer("mock", socket, words, { limitMs: 120_000 }));
  const ready = { cpu: readCpu(server.pid) / 1e6, memory: readMemory(server.pid, "now") };
  return { name: String(size), size, server, ready };
}

/**
 * @param {Mock} mock
 * @param {string} folder
 * @returns {Promise<Record<string, number>>} by name, ms of CPU for a call
 */
async function measureCalls({ size, server }, folder) {
  /** @type {Record<string, number>} */
  const costs = {};
  for (const { name, count, method = "GET", body, target } of CALLS) {
    const requests = Array.from({ length: count }, (_, at) =>
      encodeRequest({ method, target: target(at, size), body }),
    );
    const before = readCpu(server.pid);
    await load(server.address, requests, { count, folder });
    costs[name] = (readCpu(server.pid) - before) / count / 1000;
  }
  return costs;
}

/**
 * @param {readonly Mock[]} mocks
 * @param {Record<string, Record<string, number>[]>} results
 */
function report(mocks, results) {
  const listOf = (/** @type {Record<string, number>} */ costs) => costs[LIST] ?? Number.NaN;
  const growth = medianRatio(results[MOST], results[MOST / 10], listOf);
  reportGoal("mockList", growth / 10);
  console.log();
  const rows = CALLS.map(({ name }) => [
    `${name}, ms of CPU`,
    ...mocks.map((mock) => formatNumber(medianOf(results[mock.name], (costs) => costs[name] ?? Number.NaN))),
  ]);
  const start = [
    ["ready, s of CPU", ...mocks.map(({ ready }) => formatNumber(ready.cpu))],
    ["resident when ready, MB", ...mocks.map(({ ready }) => String(Math.round(ready.memory)))],
  ];
  const lists = mocks.map(({ name, size }) => formatNumber((medianOf(results[name], listOf) / size) * 1000));
  printTable(
    ["containers", ...mocks.map(({ name }) => name)],
    [...start, ...rows, ["list of all, µs a container", ...lists]],
  );
}

/** @param {string} name */
function filterBy(name) {
  return encodeURIComponent(JSON.stringify({ name: [name] }));
}
