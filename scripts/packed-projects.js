/**
 * Runs the package that npm packs in CommonJS projects, one for each test runner: their tests are recorded from a
 * simulated daemon, then replayed without one. `node scripts/packed-projects.js [name...]`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
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
  await daemon.stop();
  return isRecorded && cassettesIn(home) > 0 && (await passes(home, { WHALESONG_MODE: "replay" }));
}

/**
 * Waits for the tests without blocking: the simulated daemon runs in this process.
 * @param {string} home
 * @param {Readonly<Record<string, string>>} mode
 */
async function passes(home, mode) {
  console.log(`\n== ${home.slice(work.length + 1)}: ${mode.WHALESONG_MODE}`);
  const { DOCKER_HOST: _, WHALESONG_UPSTREAM: __, ...env } = process.env;
  const tests = spawn("npm", ["test"], {
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
