/** What a private daemon needs of the machine. What is missing is installed; what is there is left alone. */
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * What must be there, a command or a file, and the package that brings it: of several, the first that is known.
 * @typedef {{ readonly command?: string, readonly file?: string, readonly packages: readonly string[] }} Need
 */

/**
 * Since Debian 13 the client has a package of its own.
 * @type {readonly Need[]}
 */
const NEEDS = [
  { command: "dockerd", packages: ["docker.io"] },
  { command: "docker", packages: ["docker-cli", "docker.io"] },
  { command: "docker-registry", packages: ["docker-registry"] },
  { command: "ip", packages: ["iproute2"] },
  { command: "iptables", packages: ["iptables"] },
  { command: "busybox", packages: ["busybox-static"] },
];

const LOCK = join(tmpdir(), "whalesong-apt.lock");

/** @throws if this is not Linux, not root, or if something is missing and cannot be installed */
export function ensureInstalled() {
  if (process.platform !== "linux") throw new Error(`a private daemon needs Linux, this is \`${process.platform}\``);
  if (process.getuid?.() !== 0) throw new Error("a private daemon needs root: it makes namespaces and bridges");
  install(NEEDS);
}

/**
 * Installs what is missing.
 * @param {readonly Need[]} needs
 * @throws if something cannot be installed
 */
export function install(needs) {
  const missing = needs.filter((need) => !isThere(need));
  if (missing.length === 0) return;
  apt("update", "-q");
  apt("install", "-q", "-y", "--no-install-recommends", ...missing.map(({ packages }) => firstKnown(packages)));
  const still = missing.filter((need) => !isThere(need)).map(({ command, file }) => command ?? file);
  if (still.length > 0) throw new Error(`apt-get installed everything, yet these are missing: ${still.join(", ")}`);
}

/** @param {Need} need */
function isThere({ command, file }) {
  return command === undefined ? file !== undefined && existsSync(file) : findCommand(command) !== undefined;
}

/**
 * @param {string} name
 * @returns {string | undefined} its path
 */
export function findCommand(name) {
  // dockerd and ip are where only root's PATH leads.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {readonly string[]} packages */
function firstKnown(packages) {
  const known = packages.find((name) => spawnSync("apt-cache", ["show", name], { stdio: "ignore" }).status === 0);
  return known ?? packages[0] ?? "";
}

/** @param {string[]} words */
function apt(...words) {
  try {
    // Its output goes to stderr: stdout belongs to the caller.
    // Of two processes that install at once, apt refuses the second; like this it waits.
    execFileSync("flock", [LOCK, "apt-get", ...words], {
      stdio: ["ignore", 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  } catch (cause) {
    throw new Error(`\`apt-get ${words.join(" ")}\` failed`, { cause });
  }
}
