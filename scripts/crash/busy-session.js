/** Clients that keep a recorder busy, and know which answers they have had to their end. */
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const API = "/v1.41";
/** So many requests, one after the other, make what the others use. */
export const SETUP_REQUESTS = 4;
const TALKER = ["sh", "-c", "while true; do echo tick; sleep 0.02; done"];
const DEAF = ["sh", "-c", "trap '' TERM; while true; do sleep 1; done"];

/**
 * @typedef {object} BusySession
 * @property {ReadonlySet<string>} ended words in the targets of requests whose answers were read to their end
 * @property {() => boolean} isStopping whether a container is being stopped, and that takes a second
 * @property {() => readonly string[]} errors what clients ran into
 * @property {() => void} stop ends the clients
 */

/**
 * @typedef {object} SessionLoad
 * @property {number} tarSize of each upload, in bytes, a multiple of 512
 * @property {number} pauseMs between two requests of a client
 */

/**
 * Six clients: short requests, uploads, downloads of an image, the logs of a container that talks, stops that
 * take a second, and inspects while they do.
 * @param {string} socketPath
 * @param {string} name makes the words of this session unlike those of others
 * @param {SessionLoad} load
 * @returns {Promise<BusySession>}
 */
export async function startBusySession(socketPath, name, { tarSize, pauseMs }) {
  /** @type {Set<string>} */
  const ended = new Set();
  /** @type {string[]} */
  const errors = [];
  const agent = new Agent({ keepAlive: true });
  const state = { count: 0, stops: 0, isOver: false };

  /** @param {string} method @param {string} path @param {Buffer | object} [body] */
  const ask = async (method, path, body) => {
    const word = `${name}-${state.count++}x`;
    const target = `${API}${path}${path.includes("?") ? "&" : "?"}word=${word}`;
    if (await readAnswer({ socketPath, agent, method, path: target }, body)) ended.add(word);
  };
  /** @param {() => Promise<unknown>} step */
  const repeat = async (step) => {
    while (!state.isOver) {
      try {
        await step();
        if (pauseMs > 0) await sleep(pauseMs);
      } catch (error) {
        if (!state.isOver) errors.push(String(error));
        await sleep(20);
      }
    }
  };
  const stopOnce = async () => {
    state.stops += 1;
    await ask("POST", "/containers/deaf/stop?t=1").finally(() => {
      state.stops -= 1;
    });
    await ask("POST", "/containers/deaf/start");
    await sleep(400);
  };

  for (const [container, command] of [
    ["talker", TALKER],
    ["deaf", DEAF],
  ]) {
    await ask("POST", `/containers/create?name=${container}`, { Image: "busybox", Cmd: command });
    await ask("POST", `/containers/${container}/start`);
  }
  const tar = makeTar(tarSize);
  void repeat(() => ask("GET", "/containers/json"));
  void repeat(() => ask("PUT", "/containers/talker/archive?path=/tmp", tar));
  void repeat(() => ask("GET", "/images/busybox/get"));
  void repeat(() => ask("GET", "/containers/talker/logs?follow=1&stdout=1&tail=1"));
  void repeat(stopOnce);
  void repeat(async () => {
    await ask("GET", "/containers/deaf/json");
    await sleep(15);
  });
  const stop = () => {
    state.isOver = true;
    agent.destroy();
  };
  return { ended, isStopping: () => state.stops > 0, errors: () => errors, stop };
}

/**
 * Resolves when the answer has ended; true if it came whole.
 * @param {import("node:http").RequestOptions} options
 * @param {Buffer | object} [body]
 * @returns {Promise<boolean>}
 */
function readAnswer(options, body) {
  const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const type = Buffer.isBuffer(body) ? "application/x-tar" : "application/json";
  const headers = bytes === undefined ? {} : { "Content-Type": type, "Content-Length": bytes.length };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers }, (response) => {
      response.on("error", () => resolve(false)).on("close", () => resolve(response.complete));
      response.resume();
    });
    sent.on("error", reject);
    sent.end(bytes);
  });
}

/** A tar of one file. @param {number} size in bytes, a multiple of 512 */
export function makeTar(size) {
  const header = Buffer.alloc(512);
  header.write("big.bin", 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        0", 148);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, Buffer.alloc(size, "whale"), Buffer.alloc(1024)]);
}
