/**
 * One exchange - GET of a small JSON - answered on every road there is in one process, side by side: `node
 * bench/in-process.js`. Rounds are interleaved, so that a busy machine is busy for everybody; what counts are ratios.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpResponse, http as msw } from "msw";
import { setupServer } from "msw/node";
import nock from "nock";
import { replayCassettes } from "whalesong";
import { createReplayService, intercept } from "whalesong/intercept";

const ROUNDS = 11;
const ROUND_MS = 300;
const CLIENTS = [1, 16];
const PATH = "/v1.41/containers/web/json";
const BODY = {
  Id: "f".repeat(64),
  Name: "/web",
  State: { Status: "running", Running: true, Pid: 4711, ExitCode: 0 },
  Image: `sha256:${"a".repeat(64)}`,
  RestartCount: 0,
  Driver: "overlay2",
};

const folder = mkdtempSync(join(tmpdir(), "whalesong-bench-"));
const cassette = join(folder, "one.yaml");
writeFileSync(
  cassette,
  `whalesong: 1\n---\nrequest: GET ${PATH}\nresponse:\n  status: 200 OK\n  json: ${JSON.stringify(BODY)}\n`,
);

/** @typedef {{ name: string, open(): Promise<{ request: http.RequestOptions, close(): unknown }> }} Road */

/** @type {Road[]} */
const ROADS = [
  {
    name: "whalesong, unix socket",
    open: async () => {
      const replay = await replayCassettes({ cassettes: [cassette] });
      return { request: { socketPath: replay.url.slice("unix://".length) }, close: () => replay.stop() };
    },
  },
  {
    name: "whalesong, in-process",
    open: async () => {
      const { daemon } = await createReplayService({ cassettes: [cassette] });
      const interception = intercept(daemon, { at: ["/var/run/docker.sock"] });
      return { request: { socketPath: "/var/run/docker.sock" }, close: () => interception.close() };
    },
  },
  {
    name: "bare node:http, unix socket",
    open: async () => {
      const server = http.createServer((_, answer) =>
        answer.setHeader("Content-Type", "application/json").end(JSON.stringify(BODY)),
      );
      const socketPath = join(folder, "bare.sock");
      await new Promise((resolve) => server.listen(socketPath, () => resolve(undefined)));
      return { request: { socketPath }, close: () => server.close() };
    },
  },
  {
    name: "msw",
    open: async () => {
      const server = setupServer(msw.get(`*${PATH}`, () => HttpResponse.json(BODY)));
      server.listen();
      return { request: { socketPath: "/var/run/docker.sock" }, close: () => server.close() };
    },
  },
  {
    name: "nock",
    open: async () => {
      if (!nock.isActive()) nock.activate();
      nock("http://localhost").persist().get(PATH).reply(200, BODY);
      return {
        request: { socketPath: "/var/run/docker.sock" },
        close: () => {
          nock.cleanAll();
          nock.restore();
        },
      };
    },
  },
];

/** @param {http.RequestOptions} request */
function ask(request) {
  return new Promise((resolve, reject) => {
    http
      .get(request, (answer) => {
        let size = 0;
        answer
          .on("data", (piece) => (size += piece.length))
          .on("end", () => resolve(size))
          .on("error", reject);
      })
      .on("error", reject);
  });
}

/**
 * @param {Road} road
 * @param {number} clients how many ask at the same time
 */
async function round(road, clients) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const { request, close } = await road.open();
  const options = { ...request, path: PATH, agent };
  for (let warmUp = 0; warmUp < 20; warmUp += 1)
    if ((await ask(options)) < 200) throw new Error(`${road.name} answers otherwise`);
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let count = 0;
  const client = async () => {
    for (; performance.now() - began < ROUND_MS; count += 1) await ask(options);
  };
  await Promise.all(Array.from({ length: clients }, client));
  const [tookMs, { user, system }] = [performance.now() - began, process.cpuUsage(cpu)];
  agent.destroy();
  await close();
  return { perSecond: (count / tookMs) * 1000, cpuMicros: (user + system) / count };
}

/** @param {number[]} numbers */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

/** @typedef {{ perSecond: number, cpuMicros: number }} Round */

nock.restore();
/** @type {Map<Road, Record<number, Round[]>>} */
const results = new Map(ROADS.map((road) => [road, Object.fromEntries(CLIENTS.map((clients) => [clients, []]))]));
for (let turn = 0; turn < ROUNDS; turn += 1) {
  for (const road of ROADS) {
    for (const clients of CLIENTS) results.get(road)?.[clients]?.push(await round(road, clients));
  }
}

/**
 * @param {Road | undefined} road
 * @param {number} clients
 * @param {"perSecond" | "cpuMicros"} what
 */
function medianOf(road, clients, what) {
  const rounds = (road && results.get(road)?.[clients]) ?? [];
  return median(rounds.map((one) => one[what]));
}

console.log(`Node ${process.versions.node}, ${ROUNDS} interleaved rounds of ${ROUND_MS} ms, medians\n`);
const heads = CLIENTS.flatMap((clients) => [`${clients} at a time`, "CPU a request", "for the same CPU"]);
console.log(`| road | ${heads.join(" | ")} |\n|${" --- |".repeat(heads.length + 1)}`);
for (const road of ROADS) {
  const cells = CLIENTS.flatMap((clients) => {
    const cpu = medianOf(road, clients, "cpuMicros");
    const share = medianOf(ROADS[0], clients, "cpuMicros") / cpu;
    return [`${Math.round(medianOf(road, clients, "perSecond"))}/s`, `${Math.round(cpu)} µs`, `× ${share.toFixed(2)}`];
  });
  console.log(`| ${road.name} | ${cells.join(" | ")} |`);
}
rmSync(folder, { recursive: true, force: true });
