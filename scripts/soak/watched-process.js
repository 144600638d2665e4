/** A process of the command line that is watched: its resident memory and its open files. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "../../bin/whalesong.js");

/** Of what it writes, the last so many characters are kept. */
const KEPT = 100_000;

/**
 * @typedef {object} WatchedProcess
 * @property {() => { rssMb: number, files: number }} measure
 * @property {() => Promise<void>} stop
 * @property {() => boolean} hasEnded
 * @property {() => readonly string[]} errors stack traces and warnings of node that it wrote, a line each
 */

/**
 * Starts `whalesong ...words`; resolves when it has said that it listens.
 * @param {readonly string[]} words
 * @returns {Promise<WatchedProcess>}
 */
export async function startWatched(words) {
  const child = spawn(process.execPath, [BIN, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  const exit = once(child, "exit");
  let written = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    written = `${written}${text}`.slice(-KEPT);
  });
  await Promise.race([once(child.stderr, "data"), exit.then(() => Promise.reject(new Error(`${words[0]} ended`)))]);
  return {
    measure: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
      return { rssMb: kilobytes / 1024, files: readdirSync(`/proc/${child.pid}/fd`).length };
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    errors: () => written.split("\n").filter((line) => /^\s+at |Unhandled|\(node:\d+\)|Error:/.test(line)),
    stop: async () => {
      child.kill("SIGTERM");
      await exit;
    },
  };
}
