/**
 * How many frames of an attached stream a replay sends in a second, without pacing: `node bench/frames.js [ROUNDS]`. The
 * cassette has a million lines of 60 bytes, in a thousand events; the first client waits until they are parsed, and is
 * not counted. `npm run build` first.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { formatExchange, formatHeader } from "whalesong/core";

const BIN = join(import.meta.dirname, "../bin/whalesong.js");
const ROUNDS = Number(process.argv[2] ?? 7);
const [EVENTS, LINES] = [1000, 1000];
const TARGET = "/v1.41/containers/web/attach?stream=1&stdout=1";
const HEADER = {
  version: 1,
  everyResponse: [],
  rules: { ignore: [], bind: {}, match: [], exact: [] },
  isUnfinished: false,
};

const folder = mkdtempSync(join(tmpdir(), "whalesong-bench-"));
const socket = join(folder, "frames.sock");
let server;
try {
  const cassette = writeCassette();
  server = spawn(process.execPath, [BIN, "replay", cassette, "--listen", `unix://${socket}`], { stdio: "ignore" });
  await waitForSocket();
  await countBytes();
  const rates = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await measureRate());
  rates.sort((a, b) => a - b);
  const median = rates[rates.length >> 1];
  console.log(
    `Node ${process.versions.node}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, ${ROUNDS} rounds`,
  );
  console.log(
    `${median.toFixed(1)} million frames a second (from ${rates[0].toFixed(1)} to ${rates.at(-1).toFixed(1)})`,
  );
} finally {
  server?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

function writeCassette() {
  const payload = Buffer.from(`${"a line of output ".repeat(4).slice(0, 59)}\n`.repeat(LINES));
  const frames = { kind: "frames", stream: "stdout", payload, cut: "lines" };
  const headers = [["Content-Type", "application/vnd.docker.raw-stream"]];
  const exchange = {
    request: { method: "POST", target: TARGET, headers: [] },
    response: { status: 200, reason: "OK", headers, isHijack: true },
    stream: Array.from({ length: EVENTS }, () => frames),
  };
  const path = join(folder, "frames.yaml");
  writeFileSync(path, formatHeader(HEADER) + formatExchange(exchange));
  return path;
}

/** In million frames a second. */
async function measureRate() {
  const began = performance.now();
  const size = await countBytes();
  if (size < EVENTS * LINES * 68) throw new Error(`got ${size} bytes`);
  return (EVENTS * LINES) / (performance.now() - began) / 1000;
}

function countBytes() {
  return new Promise((resolve, reject) => {
    let size = 0;
    const client = connect(socket, () => client.write(`POST ${TARGET} HTTP/1.1\r\nHost: docker\r\n\r\n`));
    client.on("error", reject);
    client.on("data", (bytes) => {
      size += bytes.length;
    });
    client.on("end", () => resolve(size));
  });
}

async function waitForSocket() {
  for (let tries = 0; !existsSync(socket); tries += 1) {
    if (tries > 500) throw new Error("the replay does not listen");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
