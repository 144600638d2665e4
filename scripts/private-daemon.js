/**
 * A Docker daemon and a registry of one's own, for recording and for the e2e tests.
 *
 * Both live in namespaces of their own (network, mounts, processes, host name). A second dockerd in the machine's
 * network namespace would take the first one's bridge away; and like this nothing outlives the daemon: when its first
 * process ends, the kernel ends the others and forgets their mounts. That first process ends when our end of its stdin
 * is closed - so also when we die.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { busyboxArchive } from "./busybox-image.js";
import { fetchEngine28 } from "./engine28.js";
import { ensureInstalled, findCommand } from "./private-daemon-needs.js";

const REGISTRY = "127.0.0.1:5000";
const UP_MS = 60_000;
const DOWN_MS = 30_000;
const LOOK_MS = 50;
const LOG_TAIL_LINES = 15;

/**
 * What runs in the namespaces. The daemon sees its data where a stock daemon has it, so that the paths in its answers
 * are everybody's. `$1` is the folder that holds everything, `$2` leads PATH.
 */
const FIRST_PROCESS = `
set -e
PATH=$2:$PATH
hostname docker
ip link set lo up
mkdir -p /var/lib/docker /var/run/docker
mount --bind "$1/data" /var/lib/docker
mount --bind "$1/exec" /var/run/docker
OTEL_TRACES_EXPORTER=none docker-registry serve "$1/registry.yml" >"$1/registry.log" 2>&1 </dev/null &
registry=$!
dockerd --config-file "$1/daemon.json" --pidfile "$1/docker.pid" --host "unix://$1/docker.sock" \\
  --registry-mirror http://${REGISTRY} >"$1/dockerd.log" 2>&1 </dev/null &
daemon=$!
exec 3<&0
(read -r _ <&3 || : >"$1/abandoned"; kill "$daemon") &
wait "$daemon" || :
kill "$registry"
[ ! -e "$1/abandoned" ] || rm -rf "$1"
`;

/**
 * Starts a daemon, and a registry that is its mirror of docker.io.
 * @param {{ dir?: string, engine?: "20.10" | "28", settings?: object }} [options] `dir`: where everything is kept; it is removed by `stop`.
 *   `settings`: of its daemon.json.
 *   `engine`: 20.10 is the one that this machine's packages bring, 28 is fetched (default: 20.10)
 * @returns {Promise<{ url: string, registry: string, network: string, docker: string, plugins?: string, stop(): Promise<void>, stopDaemon(): Promise<void> }>}
 *   `docker` is the engine's own CLI, `plugins` the folder of its compose and buildx, where it has them;
 *   `registry` is an address that the daemon can reach; we cannot, outside of its `network` (for nsenter)
 */
export async function startPrivateDaemon({ dir, engine = "20.10", settings = {} } = {}) {
  await ensureInstalled();
  const programs = engine === "28" ? fetchEngine28() : { bin: "/usr/sbin", docker: findCommand("docker") ?? "docker" };
  const home = dir ?? (await mkdtemp(join(tmpdir(), "whalesong-daemon-")));
  await furnish(home, settings);
  const first = spawn("unshare", [...NAMESPACES, "sh", "-c", FIRST_PROCESS, "sh", home, programs.bin], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  const ended = endOf(first);
  const url = `unix://${join(home, "docker.sock")}`;
  const stopDaemon = async () => {
    await removeContainers(url);
    await end(first, ended, home);
  };
  const stop = async () => {
    await stopDaemon();
    await rm(home, { recursive: true, force: true });
  };
  await untilBothAnswer(url, ended, home).catch(async (error) => {
    await stop();
    throw error;
  });
  const network = `/proc/${first.pid}/ns/net`;
  return { url, registry: REGISTRY, network, ...programs, stop, stopDaemon };
}

const NAMESPACES = ["--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];

/**
 * Puts busybox into the daemon as an image: the same id every time, from one busybox.
 * @param {string} url the daemon's, `unix://...`
 * @param {string} tag such as `busybox:latest`
 */
export async function importBusybox(url, tag) {
  await loadArchive(url, await busyboxArchive(tag));
}

/**
 * @param {string} url the daemon's, `unix://...`
 * @param {Uint8Array} archive what `docker save` writes
 */
export async function loadArchive(url, archive) {
  const output = await ask(url, "POST", "/images/load?quiet=1", archive);
  if (!output.includes("Loaded image")) throw new Error(`the daemon did not load the image: ${output.trim()}`);
}

/**
 * @param {string} home
 * @param {object} settings
 */
async function furnish(home, settings) {
  for (const folder of ["data", "exec", "registry"]) await mkdir(join(home, folder), { recursive: true });
  // One of our own: the machine's /etc/docker/daemon.json is for the machine's daemon.
  await writeFile(join(home, "daemon.json"), `${JSON.stringify(settings)}\n`);
  await writeFile(join(home, "registry.yml"), registrySettings(home));
}

/** @param {string} home */
function registrySettings(home) {
  return `version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: ${JSON.stringify(join(home, "registry"))}}
  delete: {enabled: true}
http: {addr: "${REGISTRY}"}
`;
}

/**
 * @param {string} url
 * @param {Promise<string>} ended the output of the first process, at its end
 * @param {string} home
 */
async function untilBothAnswer(url, ended, home) {
  let isOver = false;
  const over = ended.then((output) => {
    isOver = true;
    return output;
  });
  for (let waited = 0; waited < UP_MS; waited += LOOK_MS) {
    if (isOver) throw new Error(`the private daemon ended at once: ${await over}${await logTails(home)}`);
    if (await bothAnswer(url)) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`the private daemon did not answer within ${UP_MS} ms${await logTails(home)}`);
}

/**
 * The registry is out of our reach; the daemon asks it for an image that it cannot have. Only an answer says "manifest".
 * @param {string} url
 */
async function bothAnswer(url) {
  try {
    if ((await ask(url, "GET", "/_ping")) !== "OK") return false;
    const output = await ask(url, "POST", `/images/create?fromImage=${REGISTRY}/none&tag=none`);
    return output.includes("manifest");
  } catch {
    return false;
  }
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
 * @param {string} home
 */
async function end(first, ended, home) {
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
  process.emitWarning(`the private daemon did not end within ${DOWN_MS} ms and was killed${await logTails(home)}`);
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

/** @param {string} home */
async function logTails(home) {
  const tails = ["dockerd.log", "registry.log"].map(async (name) => {
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
function ask(url, method, path, body) {
  const socketPath = url.slice("unix://".length);
  const headers = body === undefined ? {} : { "Content-Type": "application/x-tar" };
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path, headers }, (answer) => text(answer).then(resolve, reject));
    asking.once("error", reject).end(body);
  });
}
