/**
 * Gives every codec and every reader of strangers' texts inputs that are nearly right. Each must be read or refused
 * with an error of ours, alike however its bytes come in pieces, and soon. docs/robustness.md has the figures.
 *
 *     npm run build && node scripts/fuzz.js [--cases 10000] [--seconds 600] [--seed 1] [--target http2]
 *
 * With `--seconds` a target ends after so long, however few of its cases were tried.
 *
 * Prints what does not hold, with the input, and a line of figures for each target; exits with 1 if anything does not
 * hold. An input that was found goes into scripts/fuzz/corpus/: every run tries the whole corpus first, unchanged.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { WhalesongError } from "../build/base/errors.js";
import { cutByChance, mutate, seedRandom } from "./fuzz/mutate.js";
import { TARGETS } from "./fuzz/targets.js";

/** A case that takes longer hangs. */
const PATIENCE_MS = 2000;
/** So many faults of a target are printed. */
const SHOWN = 5;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "10000" },
    seconds: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
    target: { type: "string", multiple: true, default: Object.keys(TARGETS) },
  },
});

/** The case under way: a promise that is never settled would end the run without a word. */
const current = { name: "", bytes: Buffer.alloc(0), begin: 0 };
const watch = setInterval(endIfHung, PATIENCE_MS);

for (const name of values.target) {
  const target = TARGETS[name];
  if (target === undefined) throw new Error(`no target is called ${name}`);
  const figures = await fuzz(name, target);
  console.log(JSON.stringify({ target: name, seed: Number(values.seed), ...figures }));
  if (figures.faults > 0) process.exitCode = 1;
}
clearInterval(watch);

function endIfHung() {
  if (performance.now() - current.begin < PATIENCE_MS) return;
  console.error(`${current.name}: never ends\n  ${JSON.stringify(current.bytes.toString("latin1"))}`);
  process.exit(1);
}

/** @param {string} name @param {import("./fuzz/targets.js").Target} target */
async function fuzz(name, target) {
  const corpus = readCorpus(name);
  const random = seedRandom(Number(values.seed));
  const cases = Math.max(corpus.length, Math.ceil(Number(values.cases) / (target.cost ?? 1)));
  const figures = { cases: 0, refused: 0, faults: 0, slowestMs: 0, seconds: 0 };
  const begin = performance.now();
  const end = begin + Number(values.seconds) * 1000;
  for (let number = 0; number < cases && performance.now() < end; number += 1) {
    figures.cases += 1;
    const bytes = corpus[number] ?? (target.mend ?? keepBytes)(mutate(corpus, random));
    Object.assign(current, { name, bytes, begin: performance.now() });
    const { fault, isRefused, ms } = await tryCase(target, bytes, random);
    figures.slowestMs = Math.max(figures.slowestMs, Math.ceil(ms));
    if (isRefused) figures.refused += 1;
    if (fault === undefined) continue;
    figures.faults += 1;
    if (figures.faults <= SHOWN) console.error(`${name}: ${fault}\n  ${JSON.stringify(bytes.toString("latin1"))}`);
  }
  return { ...figures, seconds: Math.ceil((performance.now() - begin) / 1000) };
}

/** @param {import("./fuzz/targets.js").Target} target @param {Buffer} bytes @param {() => number} random */
async function tryCase(target, bytes, random) {
  const begin = performance.now();
  const whole = await readOrRefuse(target, [bytes]);
  const ms = performance.now() - begin;
  const cut = target.isWhole || random() < 0.5 ? whole : await readOrRefuse(target, cutByChance(bytes, random));
  return { isRefused: whole.code !== undefined, ms, fault: findFault(whole, cut, ms) };
}

/** @typedef {{ read?: unknown, code?: string, fault?: string }} Outcome */

/** @param {Outcome} whole @param {Outcome} cut @param {number} ms @returns {string | undefined} */
function findFault(whole, cut, ms) {
  if (whole.fault !== undefined) return whole.fault;
  if (cut.fault !== undefined) return `in pieces: ${cut.fault}`;
  // A piece that is wrong in two ways is refused for either.
  if ((whole.code === undefined) !== (cut.code === undefined)) {
    return `whole it is ${whole.code ?? "read"}, in pieces ${cut.code ?? "read"}`;
  }
  if (!isDeepStrictEqual(whole.read, cut.read)) return "in pieces it is read as something else";
  return ms > PATIENCE_MS ? `takes ${Math.ceil(ms)} ms` : undefined;
}

/** @param {import("./fuzz/targets.js").Target} target @param {readonly Buffer[]} pieces @returns {Promise<Outcome>} */
async function readOrRefuse(target, pieces) {
  try {
    return { read: await target.read(pieces) };
  } catch (error) {
    if (error instanceof WhalesongError) return { code: error.code };
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** @param {Buffer} bytes */
function keepBytes(bytes) {
  return bytes;
}

/** @param {string} name @returns {Buffer[]} */
function readCorpus(name) {
  const path = join(import.meta.dirname, "fuzz/corpus", `${name}.json`);
  /** @type {string[]} */
  const seeds = JSON.parse(readFileSync(path, "utf8"));
  return seeds.map((seed) => Buffer.from(seed, "latin1"));
}
