/**
 * A daemon in namespaces of its own (network, mounts, processes, host name). A second dockerd in the machine's network
 * namespace would take the first one's bridge away; and like this nothing outlives the daemon: when the first process of
 * the namespaces ends, the kernel ends the others and forgets their mounts. That first process ends when our end of its
 * stdin is closed - so also when we die.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

const NAMESPACES = ["--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
const UP_MS = 60_000;
const DOWN_MS = 30_000;
const LOOK_MS = 50;
const LOG_TAIL_LINES = 15;

/**
 * The end of the first process's script: waits for a line or the end of stdin, ends `$daemon`, and removes the folder
 * `$1` where no line came, since nothing else is left that would.
 */
export const AWAIT_END = `
exec 3<&0
(read -r _ <&3 || : >"$1/abandoned"; kill "$daemon") &
wait "$daemon" || :
`;
export const REMOVE_IF_ABANDONED = `[ ! -e "$1/abandoned" ] || rm -rf "$1"`;

/**
 * @typedef {object} Namespaces
 * @property {string} network for nsenter
 * @property {(answers: () => Promise<boolean>) => Promise<void>} untilUp resolves when `answers` does with true
 * @property {(url: string) => Promise<void>} end ends all that runs in them
 */

/**
 * Runs a shell script as the first process of new namespaces.
 * @param {string} script
 * @param {{ home: string, words?: readonly string[], logs: readonly string[] }} options `home` is its `$1`, `words` are
 *   the next; `logs` are files of `home` whose last lines are shown where something goes wrong
 * @returns {Namespaces}
 */
export function enterNamespaces(script, { home, words = [], logs }) {
  // Ctrl-C in a terminal would end the first process beside us. It ends when its standard input does, or is told to.
  const first = spawn("unshare", [...NAMESPACES, "sh", "-c", script, "sh", home, ...words], {
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
  });
  const ended = endOf(first);
  const tails = () => logTails(home, logs);
  return {
    network: `/proc/${first.pid}/ns/net`,
    untilUp: (answers) => untilUp(answers, ended, tails),
    end: async (url) => {
      await removeContainers(url);
      await end(first, ended, tails);
    },
  };
}

/**
 * @param {() => Promise<boolean>} answers
 * @param {Promise<string>} ended the output of the first process, at its end
 * @param {() => Promise<string>} tails
 */
async function untilUp(answers, ended, tails) {
  let isOver = false;
  const over = ended.then((output) => {
    isOver = true;
    return output;
  });
  for (let waited = 0; waited < UP_MS; waited += LOOK_MS) {
    if (isOver) throw new Error(`the private daemon ended at once: ${await over}${await tails()}`);
    if (await answers().catch(() => false)) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`the private daemon did not answer within ${UP_MS} ms${await tails()}`);
}

/**
 * @param {import("node:child_process").ChildProcess} first
 * @returns {Promise<string>} its output on stderr
 */
async function endOf(first) {
  const exited = new Promise((resolve, reject) => {
    first.once("exit", resolve);
    first.once("error", reject);
  });
  const [output] = await Promise.all([first.stderr === null ? "" : text(first.stderr), exited]);
  return output;
}

/**
 * @param {import("node:child_process").ChildProcess} first
 * @param {Promise<string>} ended
 * @param {() => Promise<string>} tails
 */
async function end(first, ended, tails) {
  // A line means that we are still here to clean up; without one, the first process does it.
  first.stdin?.end("stop\n");
  const late = new AbortController();
  const patience = sleep(DOWN_MS, "late", { signal: late.signal }).catch(() => "");
  const output = await Promise.race([ended, patience]);
  late.abort();
  if (output !== "late") return;
  // By the kernel's hand everything in its namespaces goes with it.
  first.kill("SIGKILL");
  await ended;
  process.emitWarning(`the private daemon did not end within ${DOWN_MS} ms and was killed${await tails()}`);
}

/**
 * A daemon that stops waits ten seconds for every process that ignores SIGTERM.
 * @param {string} url
 */
async function removeContainers(url) {
  try {
    const running = JSON.parse(await ask(url, "GET", "/containers/json"));
    await Promise.all(
      running.map((/** @type {{ Id: string }} */ { Id }) => ask(url, "DELETE", `/containers/${Id}?force=1`)),
    );
  } catch {
    // It does not answer, or not any more: then there is nothing to hurry.
  }
}

/**
 * @param {string} home
 * @param {readonly string[]} logs
 */
async function logTails(home, logs) {
  const tails = logs.map(async (name) => {
    const log = await readFile(join(home, name), "utf8").catch(() => "");
    return log === "" ? "" : `\n${name}:\n${log.trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n")}`;
  });
  return (await Promise.all(tails)).join("");
}

/**
 * @param {string} url
 * @param {string} method
 * @param {string} path
 * @param {Uint8Array} [body]
 * @returns {Promise<string>} the whole body of the answer
 */
export function ask(url, method, path, body) {
  const socketPath = url.slice("unix://".length);
  const headers = body === undefined ? {} : { "Content-Type": "application/x-tar" };
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path, headers }, (answer) => text(answer).then(resolve, reject));
    asking.once("error", reject).end(body);
  });
}
