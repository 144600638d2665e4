/** A client that sends everything that a cassette has an answer for, and says which answers are others. */
import { Agent, request } from "node:http";
import { replayCassettes } from "../../dist/index.js";
import { makeTar, SETUP_REQUESTS } from "./busy-session.js";

/** Short of the connections that a busy session has, so that a stream that is open keeps nothing back. */
const AT_ONCE = 8;
const PATIENCE_MS = 30_000;
const SILENCE_MS = 2_000;

/**
 * Replays the cassette, and asks for each exchange of it that has an answer.
 * @param {string} path
 * @param {import("../../dist/core.js").Cassette} cassette the same file, opened
 * @param {number} tarSize of the uploads in it
 * @returns {Promise<string[]>} what was not answered as recorded
 */
export async function replayAll(path, cassette, tarSize) {
  const tar = makeTar(tarSize);
  const running = await replayCassettes({ cassettes: [path], warn: () => undefined });
  const agent = new Agent({ keepAlive: true });
  const socketPath = running.url.slice("unix://".length);
  const exchanges = cassette.entries.map((entry) => entry.readExchange()).filter(({ response }) => response);
  /** @type {string[]} */
  const faults = [];
  const work = async (/** @type {import("../../dist/core.js").Exchange[]} */ list) => {
    for (let exchange = list.shift(); exchange !== undefined; exchange = list.shift()) {
      const { method, target } = exchange.request;
      const found = await ask(agent, socketPath, exchange, tar);
      if (found !== exchange.response?.status)
        faults.push(`${method} ${target} replays as ${found} instead of ${exchange.response?.status}`);
    }
  };
  try {
    // Before what they make is there, it is not (decision 0021).
    await work(exchanges.splice(0, SETUP_REQUESTS));
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(exchanges)));
  } finally {
    agent.destroy();
    await running.stop();
  }
  return faults;
}

/**
 * @param {Agent} agent
 * @param {string} socketPath
 * @param {import("../../dist/core.js").Exchange} exchange
 * @param {Buffer} tar the body of an upload
 * @returns {Promise<number | string | undefined>} the status, or how it failed
 */
function ask(agent, socketPath, exchange, tar) {
  const { method, target, body } = exchange.request;
  const isTar = method === "PUT";
  const bytes = isTar ? tar : Buffer.isBuffer(body) ? body : undefined;
  const type = isTar ? "application/x-tar" : "application/json";
  const headers = bytes === undefined ? {} : { "Content-Type": type, "Content-Length": bytes.length };
  // The recording ended before it: it stays open until its client leaves.
  const isCut = exchange.stream?.some(({ kind }) => kind === "cut") ?? false;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const sent = request({ agent, socketPath, method, path: target, headers, signal }, (response) => {
      response.on("error", () => undefined);
      response.on("close", () => resolve(response.complete || isCut ? response.statusCode : "one that breaks off"));
      if (isCut) leaveSoon(response);
      else response.resume();
    });
    sent.on("error", (error) => resolve(String(error)));
    sent.end(bytes);
  });
}

/** A stream that was cut may have nothing to say. @param {import("node:http").IncomingMessage} response */
function leaveSoon(response) {
  const timer = setTimeout(() => response.destroy(), SILENCE_MS);
  response.once("data", () => response.destroy()).once("close", () => clearTimeout(timer));
}
