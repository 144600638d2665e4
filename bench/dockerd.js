/**
 * C2, M1: beside a real daemon: `node bench/dockerd.js [ROUNDS [MIB]]`. An export of 1 GiB through the recorder and direct,
 * and the life of a container - create, start, wait, remove - in the simulated daemon and in dockerd. It starts an Engine
 * 20.10 of its own, which needs Linux and root; elsewhere it says so.
 */
import { mkdirSync, rmSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { importBusybox, startPrivateDaemon } from "../scripts/private-daemon.js";
import { withFolder, withServers } from "./lib/folder.js";
import { download } from "./lib/generator.js";
import { BIN, finishServer, startServer } from "./lib/processes.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal, skipGoal } from "./lib/report.js";
import { interleave, medianOf, medianRatio } from "./lib/rounds.js";

const MIB = Number(process.argv[3] ?? 1024);
const LIVES = 5;
const EXPORT = "/v1.41/containers/big/export";
const FILL = `dd if=/dev/urandom of=/big bs=1M count=${MIB}`;

/** @typedef {{ seconds: number, cpu: number, peak: number }} Exported `cpu` of the recorder to its end, in s; MB */

const daemon = await startPrivateDaemon().catch((/** @type {Error} */ error) => error);
if (daemon instanceof Error) {
  for (const goal of /** @type {const} */ (["recordDaemon", "mockCycle"]))
    skipGoal(goal, `no dockerd: ${daemon.message}`);
} else {
  try {
    await importBusybox(daemon.url, "busybox:latest");
    printMachine("Engine 20.10");
    const socket = daemon.url.slice("unix://".length);
    await withFolder((folder) => compareLives(folder, socket));
    await withFolder((folder) => compareExports(folder, socket));
  } finally {
    await daemon.stop();
  }
}

/**
 * @param {string} folder
 * @param {string} dockerd its socket
 */
async function compareLives(folder, dockerd) {
  const mock = join(folder, "mock.sock");
  const words = [BIN, "mock", "--engine", "20.10", "--listen", `unix://${mock}`];
  const candidates = [
    { name: "dockerd", socket: dockerd },
    { name: "whalesong mock", socket: mock },
  ];
  await withServers(async (keep) => {
    await keep(startServer("mock", mock, words));
    await interleave(candidates, liveSeveral, 1);
    const results = await interleave(candidates, liveSeveral);
    const ratio = medianRatio(results.dockerd, results["whalesong mock"], ({ total }) => total);
    reportGoal("mockCycle", ratio);
    console.log();
    const steps = /** @type {const} */ (["create", "start", "wait", "remove", "total"]);
    const rows = candidates.map(({ name }) => [
      name,
      ...steps.map((step) => formatMs(medianOf(results[name], (one) => one[step]))),
    ]);
    printTable(["one container", ...steps], rows);
  });
}

/**
 * @param {{ socket: string }} candidate
 * @returns {Promise<Record<"create" | "start" | "wait" | "remove" | "total", number>>} means, in s
 */
async function liveSeveral({ socket }) {
  const agent = new http.Agent({ keepAlive: true });
  const spent = { create: 0, start: 0, wait: 0, remove: 0, total: 0 };
  const take = async (
    /** @type {keyof typeof spent} */ step,
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {object | undefined} */ body = undefined,
  ) => {
    const began = performance.now();
    const answer = await ask({ socketPath: socket, method, path: `/v1.41${path}`, agent }, body);
    const seconds = (performance.now() - began) / 1000 / LIVES;
    spent[step] += seconds;
    spent.total += seconds;
    return answer;
  };
  for (let life = 0; life < LIVES; life += 1) {
    const { Id } = JSON.parse(await take("create", "POST", "/containers/create", { Image: "busybox", Cmd: ["true"] }));
    await take("start", "POST", `/containers/${Id}/start`);
    await take("wait", "POST", `/containers/${Id}/wait`);
    await take("remove", "DELETE", `/containers/${Id}`);
  }
  agent.destroy();
  return spent;
}

/**
 * @param {string} folder
 * @param {string} dockerd its socket
 */
async function compareExports(folder, dockerd) {
  const create = { Image: "busybox", Cmd: ["sh", "-c", FILL] };
  for (const [path, body] of /** @type {const} */ ([["create?name=big", create], ["big/start"], ["big/wait"]])) {
    await ask({ socketPath: dockerd, method: "POST", path: `/v1.41/containers/${path}` }, body);
  }
  const candidates = [
    { name: "direct", run: () => exportDirect(dockerd) },
    { name: "recorded", run: () => exportRecorded(join(folder, "recorded"), dockerd) },
  ];
  await exportDirect(dockerd); // The files are read from the disk.
  const results = await interleave(candidates, ({ run }) => run());
  reportGoal(
    "recordDaemon",
    medianRatio(results.recorded, results.direct, (one) => one.seconds),
  );
  console.log();
  const rows = Object.entries(results).map(([name, all]) => {
    const ratio = medianRatio(all, results.direct, (one) => one.seconds);
    const [seconds, cpu] = [medianOf(all, (one) => one.seconds), medianOf(all, (one) => one.cpu)].map(formatNumber);
    const own =
      name === "direct" ? ["", ""] : [`${cpu} s`, `${Math.round(Math.max(...all.map(({ peak }) => peak)))} MB`];
    return [name, formatRatio(ratio), `${seconds} s`, ...own];
  });
  printTable([`export of ${MIB} MiB`, "time beside direct", "time", "CPU of the recorder", "its peak"], rows);
}

/**
 * @param {string} dockerd
 * @returns {Promise<Exported>}
 */
async function exportDirect(dockerd) {
  return { seconds: await exportFrom(dockerd), cpu: 0, peak: 0 };
}

/**
 * @param {string} folder
 * @param {string} dockerd
 * @returns {Promise<Exported>}
 */
async function exportRecorded(folder, dockerd) {
  mkdirSync(folder);
  const socket = join(folder, "record.sock");
  const words = [
    "record",
    join(folder, "export.yaml"),
    "--upstream",
    `unix://${dockerd}`,
    "--listen",
    `unix://${socket}`,
  ];
  const recorder = await startServer("recorder", socket, [BIN, ...words]);
  const seconds = await exportFrom(socket);
  const { cpu, peak } = await finishServer(recorder);
  rmSync(folder, { recursive: true });
  return { seconds, cpu: cpu / 1e6, peak };
}

/** @param {string} socket */
async function exportFrom(socket) {
  const { seconds, bytes } = await download(socket, EXPORT);
  if (bytes < MIB * 1024 ** 2) throw new Error(`exported ${bytes} bytes`);
  return seconds;
}

/**
 * @param {http.RequestOptions} options
 * @param {object} [body]
 * @returns {Promise<string>} the body of the answer
 */
function ask(options, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...options, headers }, async (response) => {
      const answer = await text(response);
      if ((response.statusCode ?? 500) < 300) resolve(answer);
      else reject(new Error(`${options.method} ${options.path} got ${response.statusCode}: ${answer}`));
    });
    request.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** @param {number} seconds */
function formatMs(seconds) {
  return `${formatNumber(seconds * 1000)} ms`;
}
