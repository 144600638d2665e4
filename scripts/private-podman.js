/** A podman of one's own that serves Docker's API, for the e2e tests, in namespaces of its own. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureInstalled, findCommand, install } from "./private-daemon-needs.js";
import { AWAIT_END, ask, enterNamespaces, REMOVE_IF_ABANDONED } from "./private-namespaces.js";

/** Podman's package names no network plugins; it needs those of CNI to give containers a network. */
const NEEDS = [
  { command: "podman", packages: ["podman"] },
  { command: "runc", packages: ["runc"] },
  { file: "/usr/lib/cni/bridge", packages: ["containernetworking-plugins"] },
];

/**
 * What runs in the namespaces. Each limit and folder that podman takes from the machine is its own: a machine in a
 * container may neither raise limits nor mount overlays, and its own containers stay as they are.
 */
const FIRST_PROCESS = `
set -e
hostname podman
ip link set lo up
mkdir -p /var/lib/cni
mount --bind "$1/cni" /var/lib/cni
CONTAINERS_CONF="$1/containers.conf" CONTAINERS_REGISTRIES_CONF="$1/registries.conf" podman --runtime "$2" \\
  --cgroup-manager cgroupfs --root "$1/root" --runroot "$1/run" --tmpdir "$1/tmp" --storage-driver vfs \\
  system service --time=0 "unix://$1/podman.sock" >"$1/podman.log" 2>&1 </dev/null &
daemon=$!
${AWAIT_END}
${REMOVE_IF_ABANDONED}
`;

/**
 * Starts podman's service. It has no registry.
 * @returns {Promise<{ url: string, registry: string, network: string, docker: string, stop(): Promise<void>, stopDaemon(): Promise<void> }>}
 *   as `startPrivateDaemon` does; `docker` is the machine's CLI
 * @throws Error `this machine cannot run podman: ...` if it cannot be installed
 */
export async function startPrivatePodman() {
  ensurePodman();
  const home = await mkdtemp(join(tmpdir(), "whalesong-podman-"));
  await furnish(home);
  const namespaces = enterNamespaces(FIRST_PROCESS, {
    home,
    words: [findCommand("runc") ?? "runc"],
    logs: ["podman.log"],
  });
  const url = `unix://${join(home, "podman.sock")}`;
  const stopDaemon = () => namespaces.end(url);
  const stop = async () => {
    await stopDaemon();
    await rm(home, { recursive: true, force: true });
  };
  await namespaces
    .untilUp(async () => (await ask(url, "GET", "/_ping")) === "OK")
    .catch(async (error) => {
      await stop();
      throw error;
    });
  return {
    url,
    registry: "",
    network: namespaces.network,
    docker: findCommand("docker") ?? "docker",
    stop,
    stopDaemon,
  };
}

/** @throws Error `this machine cannot run podman: ...` if it is not there and cannot be installed */
export function ensurePodman() {
  try {
    ensureInstalled();
    install(NEEDS);
  } catch (cause) {
    throw new Error(`this machine cannot run podman: ${/** @type {Error} */ (cause).message}`, { cause });
  }
}

/** @param {string} home */
async function furnish(home) {
  await mkdir(join(home, "cni"));
  await mkdir(join(home, "networks"));
  await writeFile(join(home, "containers.conf"), settings(home));
  await writeFile(join(home, "registries.conf"), "unqualified-search-registries = []\n");
}

/** @param {string} home */
function settings(home) {
  return `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[network]
network_backend = "cni"
network_config_dir = ${JSON.stringify(join(home, "networks"))}
`;
}
