/**
 * Ends a busy recorder in every way there is, at random moments, half of them while a change is under way, and looks at
 * what is left: kill -9, SIGTERM, SIGINT or SIGHUP, and a full disk (a small tmpfs, which root may mount, or
 * RLIMIT_FSIZE). What is left is read, and replayed. docs/robustness.md has the figures.
 *
 *     node scripts/crash.js [--kills 200] [--signals 200] [--full-disks 50] [--seed 1] [--at-once 2]
 *                            [--upload-kib 4096] [--pause-ms 0]
 *
 * Clients upload tars of so many KiB, and pause so many milliseconds between two requests: a short run that shares its
 * machine need not fill the cores.
 *
 * Needs no docker. Prints what does not hold, and a summary as JSON; exits with 1 if anything does not hold.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { checkCassette, createDiskStore, readCassette } from "../dist/core.js";
import { startBusySession } from "./crash/busy-session.js";
import { startRecorder } from "./crash/recorder.js";
import { replayAll } from "./crash/replay-all.js";
import { mountSmallDisk } from "./crash/small-disk.js";

/** An old cassette, with a comment that only a person writes. */
const OLD = "# mine\nwhalesong: 1\n---\nrequest: GET /old\nresponse: 200 OK\n";
const SIGNALS = /** @type {const} */ (["SIGTERM", "SIGINT", "SIGHUP"]);
/** So soon after its signal a recorder has ended, without the time that it waits for a core that others use. */
const END_GOAL_MS = 5000;
/** A recorder that has not ended by then does not end. It waits for the disk (fsync), and a busy disk takes its time. */
const PATIENCE_MS = 60_000;
/** Full disks have room for so many bytes: from less than a document to many. */
const ROOM = { least: 16_000, most: 700_000 };

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    signals: { type: "string", default: "200" },
    "full-disks": { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    "at-once": { type: "string", default: "2" },
    "upload-kib": { type: "string", default: "4096" },
    "pause-ms": { type: "string", default: "0" },
  },
});

const load = { tarSize: Number(values["upload-kib"]) * 1024, pauseMs: Number(values["pause-ms"]) };

/** @typedef {"kill" | "signal" | "full-disk"} Kind */
/** @typedef {{ kind: Kind, number: number, random: () => number, folder: string, hasOld: boolean }} Round */
/** @typedef {{ ended: number, lost: number, replayed: number, faults: string[], isStopping: boolean, endedAfterMs: number }} Outcome */

process.exitCode = await crash();

/** @returns {Promise<number>} the exit status */
async function crash() {
  const base = mkdtempSync(join(tmpdir(), "whalesong-crash-"));
  const rounds = [
    ...makeRounds("kill", Number(values.kills), base),
    ...makeRounds("signal", Number(values.signals), base),
    ...makeRounds("full-disk", Number(values["full-disks"]), base),
  ];
  /** @type {Map<Kind, Outcome[]>} */
  const outcomes = new Map();
  const work = async () => {
    for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
      const outcome = await play(round);
      for (const fault of outcome.faults) console.error(`${round.kind} ${round.number}: ${fault}`);
      outcomes.set(round.kind, [...(outcomes.get(round.kind) ?? []), outcome]);
      rmSync(round.folder, { recursive: true, force: true });
    }
  };
  try {
    await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  return summarize(outcomes);
}

/** @param {Kind} kind @param {number} count @param {string} base @returns {Round[]} */
function makeRounds(kind, count, base) {
  return Array.from({ length: count }, (_, number) => {
    const random = seedRandom(`${values.seed}/${kind}/${number}`);
    return { kind, number, random, folder: join(base, `${kind}-${number}`), hasOld: random() < 0.5 };
  });
}

/** @param {Map<Kind, Outcome[]>} outcomes @returns {number} */
function summarize(outcomes) {
  let isWhole = true;
  for (const [kind, list] of outcomes) {
    const failed = list.filter(({ faults }) => faults.length > 0).length;
    isWhole &&= failed === 0;
    const rounds = list.length;
    const duringChange = list.filter(({ isStopping }) => isStopping).length;
    const ended = sum(list.map((outcome) => outcome.ended));
    const lost = sum(list.map((outcome) => outcome.lost));
    const replayed = sum(list.map((outcome) => outcome.replayed));
    const slowestEndMs = Math.round(Math.max(...list.map(({ endedAfterMs }) => endedAfterMs)));
    console.log(
      JSON.stringify({ kind, seed: values.seed, rounds, duringChange, ended, lost, replayed, slowestEndMs, failed }),
    );
  }
  return isWhole ? 0 : 1;
}

/** @param {Round} round @returns {Promise<Outcome>} */
async function play(round) {
  mkdirSync(round.folder, { recursive: true });
  const room = ROOM.least + Math.floor(round.random() * (ROOM.most - ROOM.least));
  const disk = round.kind === "full-disk" && round.number % 2 === 0 ? mountSmallDisk(round.folder, room) : undefined;
  const fileLimit = round.kind === "full-disk" && disk === undefined ? room : undefined;
  try {
    return await playOn(round, fileLimit, () => disk?.grow());
  } finally {
    disk?.unmount();
  }
}

/** @param {Round} round @param {number | undefined} fileLimit @param {() => void} makeRoom @returns {Promise<Outcome>} */
async function playOn(round, fileLimit, makeRoom) {
  const [cassette, socket] = [join(round.folder, "run.yaml"), join(round.folder, "w.sock")];
  if (round.hasOld) writeFileSync(cassette, OLD);
  const recorder = await startRecorder(cassette, socket, fileLimit);
  const session = await startBusySession(socket, `${round.kind}-${round.number}`, load);
  const isStopping = await waitForMoment(round, session);
  const errors = [...session.errors()];
  const signal =
    round.kind === "kill" ? "SIGKILL" : (SIGNALS[Math.floor(round.random() * SIGNALS.length)] ?? "SIGTERM");
  const [begin, delayBefore] = [performance.now(), recorder.measureDelay()];
  recorder.kill(signal);
  const watch = setInterval(recorder.measureDelay, 10);
  const exit = await recorder.waitForExit(PATIENCE_MS);
  clearInterval(watch);
  const endedAfterMs = performance.now() - begin - (recorder.measureDelay() - delayBefore);
  session.stop();
  if (exit === undefined) recorder.kill("SIGKILL");
  const seen = { ended: [...session.ended], stderr: await recorder.stderr, exit, errors };
  makeRoom();
  const { lost, faults, replayed } = await examine(round, cassette, seen);
  if (endedAfterMs > END_GOAL_MS) faults.push(`ends after ${Math.round(endedAfterMs)} ms`);
  return { ended: seen.ended.length, lost: lost.length, replayed, faults, isStopping, endedAfterMs };
}

/**
 * Waits for the moment at which the recorder ends.
 * @param {Round} round
 * @param {import("./crash/busy-session.js").BusySession} session
 * @returns {Promise<boolean>} whether a change is under way then
 */
async function waitForMoment({ kind, random }, session) {
  await sleep((kind === "full-disk" ? 1500 : 300) + random() * 1200);
  const shouldBeStopping = random() < 0.5;
  for (let waited = 0; session.isStopping() !== shouldBeStopping && waited < 5000; waited += 5) await sleep(5);
  return session.isStopping();
}

/** @typedef {{ ended: string[], stderr: string, errors: string[], exit: { status: number | null, signal: string | null } | undefined }} Observation */

/** @param {Round} round @param {string} cassette @param {Observation} seen */
async function examine(round, cassette, seen) {
  const { kind, hasOld, folder } = round;
  const recording =
    hasOld && kind !== "signal" && existsSync(`${cassette}.recording`) ? `${cassette}.recording` : cassette;
  const text = readFileSync(recording, "utf8");
  const lost = kind === "full-disk" ? [] : seen.ended.filter((word) => !text.includes(`word=${word}`));
  const isFull = seen.stderr.includes("cannot write");
  const { replayed, unreadable } = await readAndReplay(recording);
  const faults = [
    ...(seen.exit === undefined ? ["does not end"] : []),
    ...(kind === "signal" && seen.exit !== undefined && seen.exit.status !== 0
      ? [`ends with ${JSON.stringify(seen.exit)}: ${seen.stderr}`]
      : []),
    ...(kind === "full-disk" && seen.exit?.status !== (isFull ? 1 : 0)
      ? [`ends with ${seen.exit?.status}: ${seen.stderr}`]
      : []),
    ...(kind === "full-disk" ? seen.errors.map((error) => `a client ran into ${error}`) : []),
    ...lost.map((word) => `${word} is lost`),
    ...unreadable,
    ...(hasOld && (kind === "kill" || (isFull && recording !== cassette)) && readFileSync(cassette, "utf8") !== OLD
      ? ["the old cassette is another"]
      : []),
    ...(kind === "signal" ? findLitter(folder, text) : findLeftLock(cassette, folder)),
  ];
  return { lost, faults, replayed };
}

/** @param {string} path @returns {Promise<{ replayed: number, unreadable: string[] }>} */
async function readAndReplay(path) {
  try {
    const cassette = readCassette(path);
    const problems = checkCassette(cassette).map(({ message }) => message);
    return {
      replayed: cassette.entries.length,
      unreadable: [...problems, ...(await replayAll(path, cassette, load.tarSize))],
    };
  } catch (error) {
    return { replayed: 0, unreadable: [String(error)] };
  }
}

/** The next recorder must take the lock over and leave nothing behind. @param {string} cassette @param {string} folder @returns {string[]} */
function findLeftLock(cassette, folder) {
  try {
    const text = readFileSync(cassette, "utf8");
    const store = createDiskStore(cassette);
    store.begin("whalesong: 1\nunfinished: true\n");
    store.discard();
    return findLitter(folder, text);
  } catch (error) {
    return [`the next recorder says ${error}`];
  }
}

/** Files that are neither the cassette nor one of its sidecars. @param {string} folder @param {string} text @returns {string[]} */
function findLitter(folder, text) {
  const sidecars = existsSync(join(folder, "run")) ? readdirSync(join(folder, "run")) : [];
  const strange = readdirSync(folder).filter((name) => !["run.yaml", "run", "w.sock"].includes(name));
  return [...strange, ...sidecars.filter((name) => !text.includes(`run/${name}`))].map((name) => `leaves ${name}`);
}

/** @param {readonly number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {string} seed @returns {() => number} */
function seedRandom(seed) {
  let state = [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
