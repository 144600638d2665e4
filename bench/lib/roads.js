/** The roads of `in-process.js`: who answers in one process, and how it is asked. */
import { writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { importPeer } from "./peers.js";
import { openMockAgent, openSnapshotAgent, openUndici } from "./undici-roads.js";

/** How many ask at the same time. */
export const CLIENTS = [1, 16];

const PATH = "/v1.41/containers/web/json";
const DOCKER = "/var/run/docker.sock";
const BODY = {
  Id: "f".repeat(64),
  Name: "/web",
  State: { Status: "running", Running: true, Pid: 4711, ExitCode: 0 },
  Image: `sha256:${"a".repeat(64)}`,
  RestartCount: 0,
  Driver: "overlay2",
};

/**
 * @typedef {{ folder: string, agent: http.Agent }} Setting
 * @typedef {{ ask(): Promise<number>, close(): unknown }} OpenRoad `ask` resolves with the size of the body
 * @typedef {{ name: string, peer?: string, open(setting: Setting): Promise<OpenRoad> }} Road `peer`: the package that it
 *   needs beside those of the repository
 */

/** @type {readonly Road[]} */
export const ROADS = [
  { name: "whalesong, in-process", open: ({ folder, agent }) => openInProcess(folder, toAsk(agent, DOCKER)) },
  { name: "whalesong, unix socket", open: openReplay },
  { name: "bare node:http, unix socket", open: openBare },
  { name: "msw", open: openMsw },
  { name: "nock", open: openNock },
  {
    name: "whalesong, in-process, undici",
    peer: "undici",
    open: async ({ folder }) => openInProcess(folder, await openUndici(DOCKER, PATH)),
  },
  { name: "undici MockAgent", peer: "undici", open: () => openMockAgent(PATH, BODY) },
  {
    name: "undici SnapshotAgent",
    peer: "undici",
    open: async ({ folder }) => openSnapshotAgent(folder, PATH, await listen(0)),
  },
];

/**
 * @param {string} folder
 * @param {() => Promise<number>} ask
 * @returns {Promise<OpenRoad>}
 */
async function openInProcess(folder, ask) {
  const { createReplayService, intercept } = await import("whalesong/intercept");
  const { daemon } = await createReplayService({ cassettes: [writeOne(folder)] });
  const interception = intercept(daemon, { at: [DOCKER] });
  return { ask, close: () => interception.close() };
}

/**
 * @param {Setting} setting
 * @returns {Promise<OpenRoad>}
 */
async function openReplay({ folder, agent }) {
  const { replayCassettes } = await import("whalesong");
  const replay = await replayCassettes({ cassettes: [writeOne(folder)] });
  return { ask: toAsk(agent, replay.url.slice("unix://".length)), close: () => replay.stop() };
}

/**
 * @param {Setting} setting
 * @returns {Promise<OpenRoad>}
 */
async function openBare({ folder, agent }) {
  const socketPath = join(folder, "bare.sock");
  const server = await listen(socketPath);
  return { ask: toAsk(agent, socketPath), close: () => server.close() };
}

/**
 * @param {Setting} setting
 * @returns {Promise<OpenRoad>}
 */
async function openMsw({ agent }) {
  const { HttpResponse, http: msw } = await importPeer("msw");
  const { setupServer } = await importPeer("msw/node");
  const server = setupServer(msw.get(`*${PATH}`, () => HttpResponse.json(BODY)));
  server.listen();
  return { ask: toAsk(agent, DOCKER), close: () => server.close() };
}

/**
 * @param {Setting} setting
 * @returns {Promise<OpenRoad>}
 */
async function openNock({ agent }) {
  const { default: nock } = await importPeer("nock");
  if (!nock.isActive()) nock.activate();
  nock("http://localhost").persist().get(PATH).reply(200, BODY);
  const close = () => {
    nock.cleanAll();
    nock.restore();
  };
  return { ask: toAsk(agent, DOCKER), close };
}

/**
 * A server that matches nothing.
 * @param {string | number} address
 * @returns {Promise<http.Server>}
 */
async function listen(address) {
  const server = http.createServer((_, response) =>
    response.setHeader("Content-Type", "application/json").end(JSON.stringify(BODY)),
  );
  await new Promise((resolve) => server.listen(address, () => resolve(undefined)));
  return server;
}

/** @param {string} folder */
function writeOne(folder) {
  const path = join(folder, "one.yaml");
  const json = JSON.stringify(BODY);
  writeFileSync(path, `whalesong: 1\n---\nrequest: GET ${PATH}\nresponse:\n  status: 200 OK\n  json: ${json}\n`);
  return path;
}

/**
 * @param {http.Agent} agent
 * @param {string} socketPath
 * @returns {() => Promise<number>}
 */
function toAsk(agent, socketPath) {
  return () =>
    new Promise((resolve, reject) => {
      const receive = (/** @type {http.IncomingMessage} */ response) => {
        let size = 0;
        response.on("data", (piece) => (size += piece.length));
        response.on("end", () => resolve(size)).on("error", reject);
      };
      http.get({ socketPath, path: PATH, agent }, receive).on("error", reject);
    });
}
