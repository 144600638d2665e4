/** Other tools, as far as they are installed: `npm ci --ignore-scripts` in `bench/peers`, and the system's packages. */
import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { findCommand } from "../../scripts/private-daemon-needs.js";
import { HITS } from "./exchanges.js";
import { chooseFreePort, startServer } from "./processes.js";

const PEERS = join(import.meta.dirname, "../peers");
const INSTALL = "`npm ci --ignore-scripts` in bench/peers";

/** @typedef {import("./processes.js").Server} Server */

/**
 * The starts of those peers that are installed; for each other one a line is printed.
 * @param {readonly ("talkback" | "mockttp")[]} names
 * @param {string} folder
 * @returns {Promise<(() => Promise<Server>)[]>}
 */
export async function findPeers(names, folder) {
  const exchanges = join(folder, "exchanges.json");
  writeFileSync(exchanges, JSON.stringify(HITS));
  const starts = [];
  for (const name of names.filter(isInstalled)) {
    const address = name === "talkback" ? join(folder, "talkback.sock") : await chooseFreePort();
    const words = [join(PEERS, `${name}.js`), "replay", String(address), exchanges];
    starts.push(() => startServer(name, address, words));
  }
  return starts;
}

/**
 * The starts of those proxies that are installed: talkback records, mitmproxy too; mockttp and socat pass on.
 * @param {string} folder
 * @param {{ socket: string, port: number }} upstream
 * @returns {Promise<(() => Promise<Server>)[]>}
 */
export async function findProxies(folder, { socket, port }) {
  const ports = { mockttp: await chooseFreePort(), mitmdump: await chooseFreePort() };
  const [pipe, tapes] = [join(folder, "socat.sock"), join(folder, "talkback.sock")];
  const recorded = ["record", tapes, join(folder, "tapes"), String(port)];
  const bytes = [`UNIX-LISTEN:${pipe},fork`, `UNIX-CONNECT:${socket}`];
  const flows = [
    "-q",
    "-p",
    String(ports.mitmdump),
    "--mode",
    `reverse:http://127.0.0.1:${port}`,
    "-w",
    join(folder, "flows"),
  ];
  const peers = [
    { name: "talkback", address: tapes, words: [join(PEERS, "talkback.js"), ...recorded] },
    {
      name: "mockttp",
      address: ports.mockttp,
      words: [join(PEERS, "mockttp.js"), "forward", String(ports.mockttp), String(port)],
    },
  ].filter(({ name }) => isInstalled(name));
  const programs = [
    { name: "socat", address: pipe, words: bytes, program: findProgram("socat") },
    { name: "mitmdump", address: ports.mitmdump, words: flows, program: findProgram("mitmdump") },
  ].filter(({ program }) => program !== undefined);
  return [...programs, ...peers].map(
    ({ name, address, words, ...options }) =>
      () =>
        startServer(name, address, words, options),
  );
}

/**
 * The path of a program; a line says so if it is not installed.
 * @param {string} name
 */
export function findProgram(name) {
  const path = findCommand(name);
  if (path === undefined) console.log(`${name} is skipped: it is not installed`);
  return path;
}

/**
 * Whether a package of `bench/peers` is there; if not, a line says so.
 * @param {string} name
 */
export function isInstalled(name) {
  const isThere = existsSync(join(PEERS, "node_modules", name));
  if (!isThere) console.log(`${name} is skipped: it is not installed (${INSTALL})`);
  return isThere;
}

/**
 * Imports a package of `bench/peers`, or where it is not installed that of the repository.
 * @param {string} name
 */
export function importPeer(name) {
  const from = existsSync(join(PEERS, "node_modules")) ? join(PEERS, "package.json") : import.meta.filename;
  return import(createRequire(from).resolve(name));
}
