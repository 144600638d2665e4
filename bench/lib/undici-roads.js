/** The roads of `in-process.js` that undici's `request` takes. */
import { join } from "node:path";
import { importPeer } from "./peers.js";

const ORIGIN = "http://localhost";

/** @typedef {import("./roads.js").OpenRoad} OpenRoad */

/**
 * Asks a socket.
 * @param {string} socketPath
 * @param {string} path
 */
export async function openUndici(socketPath, path) {
  const { Agent } = await importPeer("undici");
  return toAsk(new Agent({ connect: { socketPath } }), `${ORIGIN}${path}`);
}

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<OpenRoad>}
 */
export async function openMockAgent(path, body) {
  const { MockAgent } = await importPeer("undici");
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent.get(ORIGIN).intercept({ path, method: "GET" }).reply(200, body).persist();
  return { ask: await toAsk(agent, `${ORIGIN}${path}`), close: () => agent.close() };
}

/**
 * Records the exchange from a server first.
 * @param {string} folder
 * @param {string} path
 * @param {import("node:http").Server} server
 * @returns {Promise<OpenRoad>}
 */
export async function openSnapshotAgent(folder, path, server) {
  const { SnapshotAgent } = await importPeer("undici");
  const snapshotPath = join(folder, "snapshot.json");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${port}${path}`;
  const recorder = new SnapshotAgent({ mode: "record", snapshotPath });
  await (await toAsk(recorder, url))();
  await recorder.saveSnapshots();
  await recorder.close();
  server.close();
  const agent = new SnapshotAgent({ mode: "playback", snapshotPath });
  return { ask: await toAsk(agent, url), close: () => agent.close() };
}

/**
 * @param {object} dispatcher
 * @param {string} url
 * @returns {Promise<() => Promise<number>>}
 */
async function toAsk(dispatcher, url) {
  const { request } = await importPeer("undici");
  return async () => {
    const { body } = await request(url, { dispatcher });
    return (await body.arrayBuffer()).byteLength;
  };
}
