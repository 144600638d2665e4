/** Builds and runs `generator.c`, which asks and is asked at little cost. It needs a C compiler. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const SOURCE = join(import.meta.dirname, "generator.c");
const CACHE = join(import.meta.dirname, "../../build/bench");
const runFile = promisify(execFile);

/** @typedef {{ count: number, seconds: number, p50: number, p99: number, status: number }} Load times in seconds */
/**
 * @typedef {{ connections?: number, ms?: number, count?: number, isNew?: boolean, isMiss?: boolean, folder: string }} LoadOptions
 *   until `ms` have passed (default: 10 s) or `count` are answered (default: no limit); `isNew`: a connection for each;
 *   `isMiss`: errors are expected; `folder`: for a file of the requests
 */
/** @typedef {{ status: number, bytes: number, seconds: number }} Transfer */
/** @typedef {{ status: number, seconds: number, cpu: number }} Run seconds, `cpu` of the program and its children */

/**
 * The program, built anew when its source is younger.
 * @returns {string} its path
 * @throws Error if there is no C compiler
 */
export function buildGenerator() {
  const program = join(CACHE, "generator");
  if (existsSync(program) && statSync(program).mtimeMs > statSync(SOURCE).mtimeMs) return program;
  mkdirSync(CACHE, { recursive: true });
  const draft = `${program}.${process.pid}`;
  const { status, error } = spawnSync("cc", ["-O2", "-pthread", "-o", draft, SOURCE], { stdio: "inherit" });
  if (status !== 0) throw new Error(`bench/lib/generator.c was not built; it needs cc (${error?.message ?? status})`);
  renameSync(draft, program);
  return program;
}

/**
 * Sends requests, one after the other on each connection.
 * @param {string | number} address a socket's path or a port
 * @param {readonly Buffer[]} requests sent in turn
 * @param {LoadOptions} options
 * @returns {Promise<Load>}
 * @throws Error if a response has another status than the first, or fails where `isMiss` is not set
 */
export async function load(address, requests, { connections = 1, ms = 10_000, count = 2 ** 40, ...options }) {
  const file = join(options.folder, "requests.bin");
  writeFileSync(file, Buffer.concat(requests.flatMap((bytes) => [encodeSize(bytes.length), bytes])));
  const words = ["load", address, file, connections, ms, count, options.isNew ? "new" : "keep"];
  const result = await runGenerator(words);
  if (result.status >= 300 && !options.isMiss) throw new Error(`${address} answered with ${result.status}`);
  return result;
}

/**
 * Reads one large answer.
 * @param {string | number} address
 * @param {string} target
 * @returns {Promise<Transfer>}
 */
export async function download(address, target) {
  return checkStatus(await runGenerator(["get", address, target]), target);
}

/**
 * Sends one large body.
 * @param {string | number} address
 * @param {string} target
 * @param {number} bytes
 * @returns {Promise<Transfer>}
 */
export async function upload(address, target, bytes) {
  return checkStatus(await runGenerator(["put", address, target, bytes]), target);
}

/**
 * Runs a program to its end.
 * @param {readonly string[]} words the first is the path of a program
 * @returns {Promise<Run>}
 */
export function runProgram(words) {
  return runGenerator(["run", ...words]);
}

/** @param {readonly (string | number)[]} words */
async function runGenerator(words) {
  const { stdout } = await runFile(buildGenerator(), words.map(String));
  return JSON.parse(stdout);
}

/**
 * @param {Transfer} transfer
 * @param {string} target
 */
function checkStatus(transfer, target) {
  if (transfer.status !== 200) throw new Error(`${target} was answered with ${transfer.status}`);
  return transfer;
}

/** @param {number} size */
function encodeSize(size) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(size);
  return bytes;
}
