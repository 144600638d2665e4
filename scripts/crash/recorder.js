/** A recorder as a process of its own, so that it can be killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const BIN = join(import.meta.dirname, "../../bin/whalesong.js");

/**
 * @typedef {object} RecorderProcess
 * @property {(signal: NodeJS.Signals) => void} kill
 * @property {() => number} measureDelay how long it has waited for a core until now, in milliseconds; its last measure
 *   once it has ended
 * @property {(ms: number) => Promise<{ status: number | null, signal: string | null } | undefined>} waitForExit
 *   undefined if it still runs after so many milliseconds
 * @property {Promise<string>} stderr all of it, once it has ended
 */

/**
 * Starts `whalesong record` of a simulated daemon; resolves when it listens.
 * @param {string} cassette
 * @param {string} socket
 * @param {number} [fileLimit] files may have so many bytes (RLIMIT_FSIZE): beyond that writes fail as on a full disk
 * @returns {Promise<RecorderProcess>}
 */
export async function startRecorder(cassette, socket, fileLimit) {
  const words = [BIN, "record", cassette, "--upstream", "mock", "--listen", `unix://${socket}`];
  const limit = fileLimit === undefined ? [] : ["prlimit", `--fsize=${fileLimit}`];
  const [file = "", ...args] = [...limit, process.execPath, ...words];
  const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe"] });
  /** @type {Promise<{ status: number | null, signal: string | null }>} */
  const exit = once(child, "exit").then(([status, signal]) => ({ status, signal }));
  const stderr = text(child.stderr);
  await once(child.stderr, "data");
  let delayMs = 0;
  return {
    measureDelay: () => {
      delayMs = readRunDelay(child.pid) ?? delayMs;
      return delayMs;
    },
    kill: (signal) => void child.kill(signal),
    stderr,
    waitForExit: async (ms) => {
      const limitReached = new AbortController();
      const late = new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), ms);
        limitReached.signal.addEventListener("abort", () => clearTimeout(timer));
      });
      const result = await Promise.race([exit, late]);
      limitReached.abort();
      return result;
    },
  };
}

/**
 * The second number of /proc/PID/schedstat, in nanoseconds (Documentation/scheduler/sched-stats.rst).
 * @param {number | undefined} pid
 * @returns {number | undefined} undefined if it has ended
 */
function readRunDelay(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;
  } catch {
    return undefined;
  }
}
