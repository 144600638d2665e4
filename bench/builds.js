/**
 * Builds by BuildKit: live, through the recorder, and replayed without a daemon, side by side.
 *
 *     npm run build && node bench/builds.js [rounds]
 *
 * It starts Engine 28 of its own (Linux, root), and needs 6 GB of disk. What counts are ratios to the live build.
 */
import { spawn } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { importBusybox, startPrivateDaemon } from "../scripts/private-daemon.js";
import { BIN } from "./lib/processes.js";
import { formatLoad, formatRatio, printMachine, printTable } from "./lib/report.js";
import { medianOf } from "./lib/rounds.js";

const ROUNDS = Number(process.argv[2] ?? 3);
const FILES = 5000;
const FILE_SIZE = 100_000;
const EXPORT_MIB = 1024;
const MIB = 1024 * 1024;
const HEADS = [
  "build",
  "recorded",
  "replayed",
  "live, s",
  "recorded, s",
  "replayed, s",
  "peak of the recorder",
  "peak of the replay",
];
const PEAK_MEMORY = new URL("../test/e2e/peak-memory.mjs", import.meta.url).href;

/** @typedef {{ name: string, words: readonly string[], files: Readonly<Record<string, string>>, exports?: number }} Build */

/** @type {readonly Build[]} */
const BUILDS = [
  {
    name: "a small build",
    words: ["-t", "small:1", "small"],
    files: { "small/Dockerfile": "FROM busybox\nCOPY a.txt /\nRUN cat a.txt\n", "small/a.txt": "a\n" },
  },
  {
    name: "500 MB in 5,000 files",
    words: ["-t", "large:1", "large"],
    files: { "large/Dockerfile": "FROM scratch\nCOPY tree /tree\n" },
  },
  {
    name: "an export of 1 GiB",
    words: ["--output", "type=local,dest=out", "export"],
    files: {
      "export/Dockerfile": [
        "FROM busybox AS made",
        `RUN dd if=/dev/urandom of=/big bs=1M count=${EXPORT_MIB}`,
        "FROM scratch",
        "COPY --from=made /big /\n",
      ].join("\n"),
    },
    exports: EXPORT_MIB * MIB,
  },
];

const folder = mkdtempSync(join(tmpdir(), "whalesong-bench-"));
const daemon = await startPrivateDaemon({ engine: "28" });
try {
  await importBusybox(daemon.url, "busybox:latest");
  layOutFiles();
  printMachine("Engine 28", ROUNDS);
  const rows = [];
  for (const build of BUILDS) rows.push(describeBuild(build, await measureAll(build)));
  printTable(HEADS, rows);
  console.log(`load at the end: ${formatLoad()}`);
} finally {
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @typedef {{ seconds: number, peak: number }} Measured
 * @typedef {{ live: Measured[], recorded: Measured[], replayed: Measured[] }} Measurements
 */

/**
 * Rounds are interleaved, so that a busy machine is busy for all.
 * @param {Build} build
 * @returns {Promise<Measurements>}
 */
async function measureAll(build) {
  /** @type {Measurements} */
  const all = { live: [], recorded: [], replayed: [] };
  const cassette = join(folder, "build.yaml");
  for (let round = 0; round < ROUNDS; round += 1) {
    all.live.push({ seconds: await runBuild(build, daemon.url, true), peak: 0 });
    all.recorded.push(await runThrough(build, true, ["record", cassette, "--upstream", daemon.url]));
    all.replayed.push(await runThrough(build, false, ["replay", cassette, "--fail-on-miss"]));
  }
  return all;
}

/**
 * @param {Build} build
 * @param {boolean} isLive whether a daemon builds, which is to have nothing of it in its cache
 * @param {readonly string[]} words of whalesong
 * @returns {Promise<Measured>}
 */
async function runThrough(build, isLive, words) {
  const whalesong = spawn(process.execPath, ["--import", PEAK_MEMORY, BIN, ...words], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const [stderr, peak] = [whalesong.stdio[2], whalesong.stdio[3]];
  const url = await awaitUrl(/** @type {import("node:stream").Readable} */ (stderr));
  const seconds = await runBuild(build, url, isLive);
  const exited = new Promise((resolve) => whalesong.once("exit", resolve));
  whalesong.kill("SIGTERM");
  const megabytes = Number(await text(/** @type {import("node:stream").Readable} */ (peak)));
  const status = await exited;
  if (status !== 0) throw new Error(`\`whalesong ${words[0]}\` exited with ${status}`);
  return { seconds, peak: megabytes };
}

/**
 * @param {import("node:stream").Readable} stderr
 * @returns {Promise<string>}
 */
function awaitUrl(stderr) {
  return new Promise((resolve, reject) => {
    let output = "";
    stderr.on("data", (piece) => {
      output += piece;
      const [, url] = /^listening on (\S+)$/m.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    });
    stderr.once("end", () => reject(new Error(`whalesong did not listen: ${output}`)));
  });
}

/**
 * @param {Build} build
 * @param {string} url
 * @param {boolean} isLive
 * @returns {Promise<number>} seconds
 */
async function runBuild({ words, exports }, url, isLive) {
  if (isLive) await docker(daemon.url, "builder", "prune", "-af");
  rmSync(join(folder, "out"), { recursive: true, force: true });
  const began = performance.now();
  await docker(url, "build", ...words);
  const seconds = (performance.now() - began) / 1000;
  if (exports !== undefined && statSync(join(folder, "out/big")).size !== exports) {
    throw new Error(`expected ${exports} bytes in out/big, found ${statSync(join(folder, "out/big")).size}`);
  }
  return seconds;
}

/**
 * @param {string} host
 * @param {...string} words
 */
async function docker(host, ...words) {
  const child = spawn(daemon.docker, words, {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      PATH: [dirname(daemon.docker), process.env.PATH].join(delimiter),
      DOCKER_HOST: host,
      DOCKER_CONFIG: join(folder, "config"),
      BUILDKIT_PROGRESS: "plain",
    },
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const printed = await text(child.stderr);
  const status = await exited;
  if (status !== 0) throw new Error(`\`docker ${words.join(" ")}\` exited with ${status}:\n${printed}`);
}

function layOutFiles() {
  mkdirSync(join(folder, "config"));
  if (daemon.plugins !== undefined) symlinkSync(daemon.plugins, join(folder, "config/cli-plugins"));
  for (const { files } of BUILDS) {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }
  const bytes = Buffer.alloc(FILE_SIZE);
  for (let at = 0; at < FILES; at += 1) {
    const path = join(folder, "large/tree", String(at % 50), `${at}.bin`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, randomFillSync(bytes));
  }
}

/**
 * @param {Build} build
 * @param {Measurements} measurements
 */
function describeBuild({ name }, { live, recorded, replayed }) {
  const [base = Number.NaN, ...others] = [live, recorded, replayed].map((all) => medianOf(all, (one) => one.seconds));
  const ratios = others.map((seconds) => formatRatio(seconds / base));
  const peaks = [recorded, replayed].map((all) => `${Math.round(Math.max(...all.map(({ peak }) => peak)))} MB`);
  return [name, ...ratios, ...[base, ...others].map((seconds) => seconds.toFixed(1)), ...peaks];
}
