/**
 * Runs examples/ as their users would: each a project of its own, with the packed package installed from npm's
 * archive. `node scripts/examples.js [--record] [name...]`; `--record` has private daemons, and keeps the cassettes.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPacked } from "./package/install-packed.js";
import { importBusybox, startPrivateDaemon } from "./private-daemon.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const EXAMPLES = join(ROOT, "examples");
const LONGEST_TEST = 40;
/** The others are recorded from Engine 20.10. */
const OF_ENGINE_28 = ["builds", "plain", "vitest"];

const words = process.argv.slice(2);
const isRecording = words.includes("--record");
const selected = words.filter((word) => word !== "--record");
const work = mkdtempSync(join(tmpdir(), "whalesong-examples-"));
try {
  const names = readdirSync(EXAMPLES).filter((name) => selected.length === 0 || selected.includes(name));
  installPacked(
    work,
    names.map((name) => join(EXAMPLES, name)),
  );
  const failed = isRecording ? await recordAll(names) : names.filter((name) => !runs(name));
  console.log(failed.length === 0 ? `${names.length} examples ran` : `failed: ${failed.join(", ")}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** @param {readonly string[]} names */
async function recordAll(names) {
  const isNewer = (/** @type {string} */ name) => OF_ENGINE_28.includes(name);
  const older = await recordFrom(
    "20.10",
    names.filter((name) => !isNewer(name)),
  );
  return [...older, ...(await recordFrom("28", names.filter(isNewer)))];
}

/**
 * @param {"20.10" | "28"} engine
 * @param {readonly string[]} names
 * @returns those that failed
 */
async function recordFrom(engine, names) {
  if (names.length === 0) return [];
  const daemon = await startPrivateDaemon({ engine });
  try {
    await importBusybox(daemon.url, "busybox:latest");
    return names.filter((name) => !runs(name, daemon.url));
  } finally {
    await daemon.stop();
  }
}

/**
 * @param {string} name
 * @param {string} [upstream] the daemon to record from
 */
function runs(name, upstream) {
  console.log(`\n== ${name}`);
  const home = join(work, name);
  cpSync(join(EXAMPLES, name), home, { recursive: true });
  refuseLong(home);
  const { status } = spawnSync("npm", ["test"], { cwd: home, stdio: "inherit", env: environment(upstream) });
  if (upstream !== undefined && status === 0) keepCassettes(name, home);
  return status === 0;
}

/** An example is to be read at a glance. @param {string} home */
function refuseLong(home) {
  for (const file of readdirSync(home).filter((name) => /^main\.js$|\.test\.js$/.test(name))) {
    const lines = readFileSync(join(home, file), "utf8").split("\n").length - 1;
    if (lines >= LONGEST_TEST)
      throw new Error(`${file} has ${lines} lines, an example must have fewer than ${LONGEST_TEST}`);
  }
}

/**
 * @param {string} name
 * @param {string} home
 */
function keepCassettes(name, home) {
  for (const part of ["__cassettes__", "hello.yaml"]) {
    if (!existsSync(join(home, part))) continue;
    rmSync(join(EXAMPLES, name, part), { recursive: true, force: true });
    cpSync(join(home, part), join(EXAMPLES, name, part), { recursive: true });
  }
}

/**
 * Nothing but the cassettes may answer: a daemon of this machine would hide that one is missing.
 * @param {string | undefined} upstream
 */
function environment(upstream) {
  const { DOCKER_HOST: _, ...env } = process.env;
  if (upstream === undefined) return { ...env, WHALESONG_MODE: "replay" };
  return { ...env, CI: "", WHALESONG_MODE: "record", WHALESONG_UPSTREAM: upstream };
}
