/**
 * Runs the package that npm packs in CommonJS projects, one for each test runner: their tests are recorded from a
 * simulated daemon, then replayed without one. A project with a script `update` has a test that asks something else
 * where CHANGED is set: it misses, and is recorded anew by the runner's update flag. `node scripts/packed-projects.js [name...]`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mockDocker } from "whalesong/mock";
import { installPacked } from "./package/install-packed.js";

const PROJECTS = fileURLToPath(new URL("packed-projects", import.meta.url));

const names = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(PROJECTS);
const work = mkdtempSync(join(tmpdir(), "whalesong-packed-"));
try {
  installPacked(
    work,
    names.map((name) => join(PROJECTS, name)),
  );
  const failed = [];
  for (const name of names) if (!(await recordsAndReplays(name))) failed.push(name);
  console.log(failed.length === 0 ? `${names.length} projects recorded and replayed` : `failed: ${failed.join(", ")}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** @param {string} name */
async function recordsAndReplays(name) {
  const home = join(work, name);
  cpSync(join(PROJECTS, name), home, { recursive: true });
  const daemon = await mockDocker();
  const isRecorded = await passes(home, { WHALESONG_MODE: "record", WHALESONG_UPSTREAM: daemon.url });
  const isReplayed = cassettesIn(home) > 0 && (await passes(home, { WHALESONG_MODE: "replay" }));
  const { scripts } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const isUpdated = scripts.update === undefined || (await updates(home, daemon.url));
  await daemon.stop();
  return isRecorded && isReplayed && isUpdated;
}

/**
 * @param {string} home
 * @param {string} url of the simulated daemon
 */
async function updates(home, url) {
  const changed = { WHALESONG_UPSTREAM: url, CHANGED: "1" };
  const isMissed = !(await passes(home, { ...changed, WHALESONG_MODE: "replay" }));
  const isRecorded = await passes(home, changed, "update");
  return isMissed && isRecorded && (await passes(home, { CHANGED: "1", WHALESONG_MODE: "replay" }));
}

/**
 * Waits for the tests without blocking: the simulated daemon runs in this process.
 * @param {string} home
 * @param {Readonly<Record<string, string>>} mode variables of the environment
 * @param {string} script of the project
 */
async function passes(home, mode, script = "test") {
  console.log(`\n== ${home.slice(work.length + 1)}: ${script} ${JSON.stringify(mode)}`);
  const { DOCKER_HOST: _, WHALESONG_UPSTREAM: __, WHALESONG_MODE: ___, CI: ____, ...env } = process.env;
  const tests = spawn("npm", ["run", script], {
    cwd: home,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...env, ...mode },
  });
  const [status] = await once(tests, "exit");
  return status === 0;
}

/** @param {string} home */
function cassettesIn(home) {
  const files = readdirSync(home, { recursive: true, encoding: "utf8" });
  return files.filter((path) => path.includes("__cassettes__") && path.endsWith(".yaml")).length;
}
