/** Processes under measurement: started, awaited, and read from /proc (Linux). */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

/** `bare.js`, the limits. */
export const BARE = join(import.meta.dirname, "bare.js");

/** The entry of the command line. */
export const BIN = join(import.meta.dirname, "../../bin/whalesong.js");

const TICK_US = 10_000;

/**
 * @typedef {{ name: string, address: string | number, pid: number, isOver(): boolean, stop(signal?: NodeJS.Signals): Promise<void> }} Server
 *   `stop` ends it (default: SIGKILL), and resolves when it is gone
 */

/**
 * Starts a server, and waits until it accepts a connection.
 * @param {string} name
 * @param {string | number} address where it will listen: a socket's path or a port
 * @param {readonly string[]} words node's arguments, or with `program` another program's
 * @param {{ program?: string, limitMs?: number }} [options] `limitMs`: how long it may take (default: 30 s)
 * @returns {Promise<Server>}
 * @throws Error if it ends or takes too long
 */
export async function startServer(name, address, words, { program = process.execPath, limitMs = 30_000 } = {}) {
  if (typeof address === "string") rmSync(address, { force: true });
  const child = spawn(program, words, { stdio: "ignore", env: { ...process.env, CI: "", WHALESONG_MODE: "" } });
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const exited = new Promise((resolve) => child.once("close", resolve));
  const stop = async (/** @type {NodeJS.Signals} */ signal = "SIGKILL") => {
    child.kill(signal);
    await exited;
  };
  try {
    await awaitConnection(address, isOver, limitMs);
  } catch (problem) {
    await stop();
    throw new Error(`${name} does not listen: ${words.join(" ")}`, { cause: problem });
  }
  return { name, address, pid: child.pid ?? 0, isOver, stop };
}

/**
 * Processor time of all threads, in microseconds, and of processes that it started and that have ended.
 * @param {number} pid
 */
export function readCpu(pid) {
  const tasks = `/proc/${pid}/task`;
  const own = readdirSync(tasks).reduce((sum, task) => sum + readSchedule(join(tasks, task, "schedstat")), 0) / 1000;
  return own + readEnded(pid) * TICK_US;
}

/**
 * Resident memory in MB.
 * @param {number} pid
 * @param {"now" | "peak"} which
 */
export function readMemory(pid, which) {
  const name = which === "now" ? "VmRSS" : "VmHWM";
  const [, kilobytes] =
    new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/**
 * Ends a server in good order, and says what it needed from its start to its end.
 * @param {Server} server
 * @returns {Promise<{ seconds: number, cpu: number, peak: number }>} of the end; `cpu` in microseconds and `peak` in MB are of all its life
 */
export async function finishServer(server) {
  let [cpu, peak] = [readCpu(server.pid), readMemory(server.pid, "peak")];
  const watch = setInterval(() => {
    try {
      [cpu, peak] = [readCpu(server.pid), readMemory(server.pid, "peak") || peak];
    } catch {
      clearInterval(watch); // It is gone between two looks.
    }
  }, 5);
  const began = performance.now();
  await server.stop("SIGTERM");
  clearInterval(watch);
  return { seconds: (performance.now() - began) / 1000, cpu, peak };
}

/** @param {number} pid */
function readEnded(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[13]) + Number(fields[14]);
}

/** @param {string} path */
function readSchedule(path) {
  try {
    return Number(readFileSync(path, "utf8").split(" ")[0]);
  } catch {
    return 0; // A thread that ended since the folder was listed.
  }
}

/**
 * @param {string | number} address
 * @param {() => boolean} isOver
 * @param {number} limitMs
 */
async function awaitConnection(address, isOver, limitMs) {
  const until = performance.now() + limitMs;
  while (!(await accepts(address))) {
    if (isOver()) throw new Error("it has ended");
    if (performance.now() > until) throw new Error(`no connection within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** @param {string | number} address */
function accepts(address) {
  return new Promise((resolve) => {
    const socket = typeof address === "number" ? connect(address, "127.0.0.1") : connect(address);
    socket.on("error", () => resolve(false));
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function chooseFreePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}
