/** One round of a soak: the life of a container, in twenty requests of every kind. */
import { request } from "node:http";
import { makeTar } from "../crash/busy-session.js";

const API = "/v1.41";
const TAR = makeTar(64 * 1024);
const LOOP = ["sh", "-c", "echo begin; while read line; do echo got $line; done"];

/** @typedef {{ method: string, path: string, body?: Buffer | object, isHijack?: boolean }} Step */

/** Of each of them, a round sends one. @param {string} name of the container and of the volume @returns {readonly Step[]} */
const listSteps = (name) => [
  { method: "GET", path: "/_ping" },
  { method: "GET", path: "/version" },
  {
    method: "POST",
    path: `/containers/create?name=${name}`,
    body: { Image: "busybox", Cmd: LOOP, OpenStdin: true, StdinOnce: true, Env: ["SOAK=1"], Labels: { soak: "yes" } },
  },
  { method: "POST", path: `/containers/${name}/start` },
  { method: "GET", path: `/containers/${name}/json` },
  { method: "GET", path: "/containers/json?all=1" },
  { method: "PUT", path: `/containers/${name}/archive?path=/tmp`, body: TAR },
  { method: "GET", path: `/containers/${name}/archive?path=/etc/hostname` },
  { method: "GET", path: `/containers/${name}/logs?stdout=1&stderr=1` },
  { method: "GET", path: `/containers/${name}/top` },
  { method: "GET", path: `/containers/${name}/stats?stream=0&one-shot=1` },
  { method: "POST", path: `/containers/${name}/attach?stream=1&stdin=1&stdout=1&stderr=1`, isHijack: true },
  { method: "POST", path: `/containers/${name}/wait` },
  { method: "GET", path: "/images/json" },
  { method: "GET", path: "/images/busybox/get" },
  { method: "POST", path: "/volumes/create", body: { Name: name } },
  { method: "GET", path: "/containers/missing/json" },
  { method: "DELETE", path: `/containers/${name}?force=1` },
  { method: "DELETE", path: `/volumes/${name}` },
  { method: "GET", path: "/info" },
];

/**
 * Sends the requests of a round, one after the other, each when its turn has come.
 * @param {string} socketPath
 * @param {string} name of its container and volume; no other round under way has it
 * @param {() => Promise<void>} takeTurn
 * @returns {Promise<string[]>} what did not go as it should: an answer of 500 or more, or one that broke off
 */
export async function playRound(socketPath, name, takeTurn) {
  const faults = [];
  for (const step of listSteps(name)) {
    await takeTurn();
    const { status, isWhole } = await ask(socketPath, step).catch((error) => ({
      status: String(error),
      isWhole: false,
    }));
    if (!isWhole || Number(status) >= 500) faults.push(`${step.method} ${step.path}: ${status}`);
  }
  return faults;
}

/** @param {string} socketPath @param {Step} step @returns {Promise<{ status: number | undefined, isWhole: boolean }>} */
function ask(socketPath, { method, path, body, isHijack = false }) {
  const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const type = Buffer.isBuffer(body) ? "application/x-tar" : "application/json";
  const headers = {
    ...(bytes === undefined ? {} : { "Content-Type": type, "Content-Length": bytes.length }),
    ...(isHijack ? { Connection: "Upgrade", Upgrade: "tcp" } : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path: path.startsWith("/_") ? path : `${API}${path}`, headers });
    sent.on("error", reject);
    sent.on("response", (response) => {
      response.on("close", () => resolve({ status: response.statusCode, isWhole: response.complete })).resume();
    });
    sent.on("upgrade", (response, socket) => {
      socket.on("close", () => resolve({ status: response.statusCode, isWhole: true })).resume();
      socket.end("hello\n");
    });
    sent.end(bytes);
  });
}
