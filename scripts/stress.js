/**
 * Replays a session many times while every core is kept busy: by default `docker run -it`, `docker exec -it` and `docker
 * events`, side by side. All transcripts must be the same, however the client reads and writes: as it comes, byte by
 * byte, or with random delays. Needs no docker: the client re-enacts the recorded clients.
 *
 *     node scripts/stress.js [--times 1000] [--at-once 8] [--cassette cassettes/terminals.yaml]
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readCassette } from "../build/io/disk/read-cassette.js";
import { MOODS, reenact } from "./reenact.js";

const ROOT = join(import.meta.dirname, "..");
/** A replay that takes longer is stuck. */
const PATIENCE_MS = 60_000;

/** A transcript that begins so is wrong, though all were the same. */
const COMPLAINT = "the replayer complains: ";

/** @typedef {import("../build/cassette/model.js").Exchange} Exchange */

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "1000" },
    "at-once": { type: "string", default: "8" },
    cassette: { type: "string", default: join(ROOT, "cassettes/terminals.yaml") },
  },
});
process.exitCode = await stress(values.cassette, Number(values.times), Number(values["at-once"]));

/**
 * @param {string} cassette
 * @param {number} times
 * @param {number} atOnce
 * @returns {Promise<number>} the exit status
 */
async function stress(cassette, times, atOnce) {
  const exchanges = readCassette(cassette).entries.map((entry) => entry.readExchange());
  const folder = mkdtempSync(join(tmpdir(), "whalesong-stress-"));
  const idlers = Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ["-e", "for (;;);"]));
  const sockets = Array.from({ length: Math.min(atOnce, times) }, (_, number) => join(folder, `${number}.sock`));
  const replayers = sockets.map((socket) => replayer(cassette, socket));
  const begin = performance.now();
  try {
    await Promise.all(replayers.map(({ ready }) => ready));
    const transcripts = await inTurn(times, sockets, (number, socket) => replayOnce(exchanges, socket, number));
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    const how = `of ${exchanges.length} exchanges each, in ${seconds} s, with ${idlers.length} busy processes beside them`;
    return compared(transcripts, how);
  } finally {
    for (const idler of idlers) idler.kill("SIGKILL");
    await Promise.all(replayers.map(({ stop }) => stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @template Result, Place
 * @param {number} times
 * @param {readonly Place[]} places where one can be done at a time
 * @param {(number: number, place: Place) => Promise<Result>} work
 * @returns {Promise<Result[]>}
 */
async function inTurn(times, places, work) {
  /** @type {Result[]} */
  const results = [];
  let next = 0;
  const worker = async (/** @type {Place} */ place) => {
    while (next < times) {
      const number = next++;
      results[number] = await work(number, place);
    }
  };
  await Promise.all(places.map(worker));
  return results;
}

/**
 * @param {readonly string[]} transcripts
 * @param {string} how
 * @returns {number}
 */
function compared(transcripts, how) {
  const [first = ""] = transcripts;
  if (first.startsWith(COMPLAINT)) console.log(`replay 0: ${first.split("\n")[0]}`);
  const other = transcripts.findIndex((transcript) => transcript !== first);
  const same = transcripts.filter((transcript) => transcript === first).length;
  if (other !== -1) tellDifference(first, transcripts, other);
  console.log(`${same} of ${transcripts.length} transcripts are the same, ${how}`);
  return other === -1 && !first.startsWith(COMPLAINT) ? 0 : 1;
}

/**
 * @param {string} first
 * @param {readonly string[]} transcripts
 * @param {number} other
 */
function tellDifference(first, transcripts, other) {
  const [expected, got] = [first.split("\n"), (transcripts[other] ?? "").split("\n")];
  const line = expected.findIndex((text, index) => text !== got[index]);
  const at = line === -1 ? expected.length : line;
  console.log(`replay ${other} (${moodOf(other)}) differs from replay 0 in line ${at + 1}`);
  console.log(`  replay 0: ${expected[at]}\n  replay ${other}: ${got[at]}`);
}

/**
 * Starting one takes longer than what is to be shown: each replays again and again, rewound in between.
 * @param {string} cassette
 * @param {string} socket
 */
function replayer(cassette, socket) {
  const words = [join(ROOT, "bin/whalesong.js"), "replay", cassette, "--listen", `unix://${socket}`];
  const whalesong = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => whalesong.once("exit", resolve));
  return {
    ready: new Promise((resolve) => whalesong.stderr.once("data", resolve)),
    stop: () => {
      whalesong.kill("SIGTERM");
      return ended;
    },
  };
}

/**
 * @param {readonly Exchange[]} exchanges
 * @param {string} socket
 * @param {number} number
 * @returns {Promise<string>} what the client received on all its connections, and the report of the replayer
 */
async function replayOnce(exchanges, socket, number) {
  const patience = new AbortController();
  const transcript = await Promise.race([
    reenact(exchanges, socket, { mood: moodOf(number), random: randomFrom(number) }),
    sleep(PATIENCE_MS, "it stood still", { signal: patience.signal }).catch(() => ""),
  ]);
  patience.abort();
  const { missed, unplayed, stalled, differing, problems } = JSON.parse(await control(socket, "GET", "report"));
  await control(socket, "POST", "rewind");
  const wrong = [missed, unplayed, stalled, differing, problems].flat();
  return wrong.length === 0 ? transcript : `${COMPLAINT}${JSON.stringify(wrong)}\n${transcript}`;
}

/**
 * @param {string} socketPath
 * @param {string} method
 * @param {string} command
 * @returns {Promise<string>}
 */
function control(socketPath, method, command) {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path: `/_whalesong/${command}` }, (answer) =>
      text(answer).then(resolve, reject),
    );
    asking.once("error", reject).end();
  });
}

/** @param {number} number */
function moodOf(number) {
  return MOODS[number % MOODS.length] ?? "as it comes";
}

/**
 * The same delays for the same replay, every time (mulberry32).
 * @param {number} seed
 */
function randomFrom(seed) {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
