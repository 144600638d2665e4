/**
 * What a miss costs beside a hit, and how long a replay takes to be ready, by the size of the cassette:
 * `node bench/misses.js [EXCHANGES...]`. A miss is explained while its client waits. `npm run build` first.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "../bin/whalesong.js");
const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 10_000, 100_000];
const REQUESTS = 41;
const BATCH = 1000;

const folder = mkdtempSync(join(tmpdir(), "whalesong-bench-"));
try {
  console.log("| exchanges | ready, s | RSS | hit | the first miss | a miss | miss / hit |");
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const count of SIZES) console.log(await measure(count));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(count) {
  const cassette = writeCassette(count);
  const socket = join(folder, `${count}.sock`);
  const began = performance.now();
  const server = spawn(process.execPath, [BIN, "replay", cassette, "--listen", `unix://${socket}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise((resolve) => server.stderr.once("data", resolve));
  await get(socket, pathOf(0));
  const ready = performance.now() - began;
  const hit = median(await repeat(() => get(socket, pathOf(count - 1))));
  const first = await get(socket, pathOf(count));
  const miss = median(await repeat((number) => get(socket, pathOf(count + 1 + number))));
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024;
  server.kill("SIGTERM");
  await new Promise((resolve) => server.once("exit", resolve));
  const times = [hit, first, miss].map((ms) => `${formatNumber(ms)} ms`);
  return `| ${count} | ${(ready / 1000).toFixed(2)} | ${Math.round(rss)} MB | ${times.join(" | ")} | × ${formatNumber(miss / hit)} |`;
}

function formatNumber(number) {
  return number < 10 ? number.toPrecision(2) : `${Math.round(number)}`;
}

/** Inspections of as many containers, as a recorder writes them. */
function writeCassette(count) {
  const path = join(folder, `${count}.yaml`);
  const file = openSync(path, "w");
  writeSync(file, "whalesong: 1\n");
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => from + at);
    writeSync(file, numbers.map(describeOne).join(""));
  }
  closeSync(file);
  return path;
}

function describeOne(number) {
  const json = JSON.stringify({ Id: idOf(number), Name: `/web-${number}`, State: { Status: "running", Pid: number } });
  return `---\nrequest: GET ${pathOf(number)}\nresponse:\n  status: 200 OK\n  headers: {Content-Type: application/json}\n  json-bare: ${json}\n`;
}

function idOf(number) {
  return createHash("sha256").update(`${number}`).digest("hex");
}

function pathOf(number) {
  return `/v1.41/containers/${idOf(number)}/json`;
}

async function repeat(act) {
  const times = [];
  for (let number = 0; number < REQUESTS; number += 1) times.push(await act(number));
  return times;
}

/** How long an answer takes, in milliseconds. */
function get(socketPath, path) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const asking = request({ socketPath, path }, (response) => {
      response.resume().on("end", () => resolve(performance.now() - began));
    });
    asking.on("error", reject).end();
  });
}

function median(times) {
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
}
