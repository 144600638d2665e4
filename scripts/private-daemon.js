/** A Docker daemon and a registry of one's own, for recording and for the e2e tests, in namespaces of their own. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { busyboxArchive } from "./busybox-image.js";
import { fetchEngine28 } from "./engine28.js";
import { ensureInstalled, findCommand } from "./private-daemon-needs.js";
import { AWAIT_END, ask, enterNamespaces, REMOVE_IF_ABANDONED } from "./private-namespaces.js";

const REGISTRY = "127.0.0.1:5000";

/**
 * What runs in the namespaces. The daemon sees its data where a stock daemon has it, so that the paths in its answers
 * name no machine. `$1` is the folder that holds everything, `$2` leads PATH.
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
${AWAIT_END}
kill "$registry"
${REMOVE_IF_ABANDONED}
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
  ensureInstalled();
  const programs = engine === "28" ? fetchEngine28() : { bin: "/usr/sbin", docker: findCommand("docker") ?? "docker" };
  const home = dir ?? (await mkdtemp(join(tmpdir(), "whalesong-daemon-")));
  await furnish(home, settings);
  const namespaces = enterNamespaces(FIRST_PROCESS, {
    home,
    words: [programs.bin],
    logs: ["dockerd.log", "registry.log"],
  });
  const url = `unix://${join(home, "docker.sock")}`;
  const stopDaemon = () => namespaces.end(url);
  const stop = async () => {
    await stopDaemon();
    await rm(home, { recursive: true, force: true });
  };
  await namespaces
    .untilUp(() => bothAnswer(url))
    .catch(async (error) => {
      await stop();
      throw error;
    });
  return { url, registry: REGISTRY, network: namespaces.network, ...programs, stop, stopDaemon };
}

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
 * The registry is out of our reach; the daemon asks it for an image that it cannot have. Only an answer says "manifest".
 * @param {string} url
 */
async function bothAnswer(url) {
  if ((await ask(url, "GET", "/_ping")) !== "OK") return false;
  const output = await ask(url, "POST", `/images/create?fromImage=${REGISTRY}/none&tag=none`);
  return output.includes("manifest");
}
