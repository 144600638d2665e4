/**
 * Sends requests that are nearly right to the sockets of a simulated daemon, of a replayer and of a recorder: to the
 * Docker API, to builds' sessions, and to the control API. docs/robustness.md has the figures.
 *
 *     npm run build && node scripts/fuzz-sockets.js [--inputs 30000] [--seed 1] [--at-once 16]
 *
 * Needs no docker; reads /proc. Prints inputs that have an internal error for an answer, and a line of figures for each
 * socket; exits with 1 if a server ended, hung, wrote an error, or holds more files than before.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { mutate, seedRandom } from "./fuzz/mutate.js";
import { sendInput } from "./fuzz/sockets.js";
import { playRound } from "./soak/round.js";
import { startWatched } from "./soak/watched-process.js";

/** A server that does not answer a ping by then hangs. */
const PATIENCE_MS = 20_000;
/** What a server has still to say, it says by then. */
const SETTLE_MS = 300;
/** How often a server is asked whether it is well, in inputs. */
const PING_EVERY = 500;
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "30000" },
    seed: { type: "string", default: "1" },
    "at-once": { type: "string", default: "16" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "whalesong-fuzz-"));
const path = (/** @type {string} */ name) => join(folder, name);
const listen = (/** @type {string} */ name) => ["--listen", `unix://${path(name)}`];
/** @type {string[]} */
const seeds = JSON.parse(readFileSync(join(import.meta.dirname, "fuzz/corpus/sockets.json"), "utf8"));
const corpus = seeds.map((seed) => Buffer.from(seed, "latin1"));

/** @type {Readonly<Record<string, () => string[]>>} */
const SERVERS = {
  mock: () => ["mock"],
  replayer: () => ["replay", path("round.yaml"), "--allow-misses"],
  recorder: () => ["record", path("fuzz.yaml"), "--upstream", "mock"],
};

try {
  await recordOneRound();
  for (const [name, words] of Object.entries(SERVERS)) {
    const figures = await fuzz(name, words());
    console.log(JSON.stringify({ socket: name, seed: Number(values.seed), ...figures }));
    if (figures.faults > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The cassette that the replayer plays. */
async function recordOneRound() {
  const recorder = await startWatched(["record", path("round.yaml"), "--upstream", "mock", ...listen("first.sock")]);
  await playRound(path("first.sock"), "soak", async () => {});
  await recorder.stop();
}

/** @param {string} name @param {string[]} words */
async function fuzz(name, words) {
  const socket = path(`${name}.sock`);
  const server = await startWatched([...words, ...listen(`${name}.sock`)]);
  const random = seedRandom(Number(values.seed));
  const figures = { inputs: 0, answered: 0, closed: 0, faults: 0, slowestPingMs: 0 };
  const fault = (/** @type {string} */ text) => {
    figures.faults += 1;
    if (figures.faults <= SHOWN) console.error(`${name}: ${text}`);
  };
  await ping(socket);
  const before = server.measure();
  const send = async () => {
    while (figures.inputs < Number(values.inputs) && figures.slowestPingMs < PATIENCE_MS) {
      const number = figures.inputs++;
      const bytes = corpus[number] ?? mutate(corpus, random);
      const outcome = await sendInput(socket, bytes, random);
      if (outcome.isAnswered) figures.answered += 1;
      if (outcome.isClosed) figures.closed += 1;
      if (outcome.fault !== undefined) fault(`${outcome.fault}\n  ${JSON.stringify(bytes.toString("latin1"))}`);
      if (number % PING_EVERY !== 0) continue;
      const ms = await ping(socket);
      figures.slowestPingMs = Math.max(figures.slowestPingMs, ms);
      if (ms >= PATIENCE_MS) fault(`no ping is answered after\n  ${JSON.stringify(bytes.toString("latin1"))}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values["at-once"]) }, send));
  const after = await settle(server, before.files + 16);
  if (server.hasEnded()) throw new Error(`the ${name} has ended: ${server.errors().join("\n")}`);
  if (after.files > before.files + 16) fault(`holds ${after.files} files, ${before.files} before`);
  for (const text of server.errors()) fault(`wrote ${text}`);
  await server.stop();
  return {
    ...figures,
    filesBefore: before.files,
    filesAfter: after.files,
    rssMb: [before.rssMb, after.rssMb].map(Math.round),
  };
}

/**
 * Waits until the server has closed what its clients have left.
 * @param {import("./soak/watched-process.js").WatchedProcess} server
 * @param {number} goal it may hold so many files
 */
async function settle(server, goal) {
  const deadline = performance.now() + PATIENCE_MS;
  do await sleep(SETTLE_MS);
  while (!server.hasEnded() && server.measure().files > goal && performance.now() < deadline);
  return server.hasEnded() ? { files: 0, rssMb: 0 } : server.measure();
}

/** @param {string} socketPath @returns {Promise<number>} how long a ping takes, in milliseconds */
function ping(socketPath) {
  const begin = performance.now();
  return new Promise((resolve) => {
    const timeout = AbortSignal.timeout(PATIENCE_MS);
    const sent = request({ socketPath, path: "/_ping", signal: timeout }, (answer) => {
      answer.on("end", () => resolve(Math.ceil(performance.now() - begin))).resume();
    });
    sent.on("error", () => resolve(PATIENCE_MS)).end();
  });
}
