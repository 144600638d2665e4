/**
 * D2: how many frames of an attached stream a replay sends in a second, without pacing: `node bench/frames.js [ROUNDS]`. The
 * cassette has a million lines of 60 bytes, in a thousand events; the first client waits until they are parsed, and is
 * not counted.
 */
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { formatExchange, formatHeader } from "whalesong/core";
import { withFolder, withServers } from "./lib/folder.js";
import { BIN, readCpu, startServer } from "./lib/processes.js";
import { formatNumber, printMachine, printTable, reportGoal } from "./lib/report.js";
import { interleave, median, medianOf } from "./lib/rounds.js";

const [EVENTS, LINES] = [1000, 1000];
const FRAMES = EVENTS * LINES;
const TARGET = "/v1.41/containers/web/attach?stream=1&stdout=1";
const HEADER = {
  version: 1,
  everyResponse: [],
  rules: { ignore: [], bind: {}, match: [], exact: [] },
  isUnfinished: false,
};

await withFolder((folder) =>
  withServers(async (keep) => {
    const socket = join(folder, "frames.sock");
    const words = [BIN, "replay", writeFrames(folder), "--listen", `unix://${socket}`];
    const server = await keep(startServer("replay", socket, words));
    printMachine();
    await interleave([server], measureRate, 1);
    const { replay = [] } = await interleave([server], measureRate);
    const rates = replay.map(({ rate }) => rate);
    reportGoal("frames", median(rates));
    console.log();
    const range = `${formatNumber(Math.min(...rates))} to ${formatNumber(Math.max(...rates))}`;
    const cells = [formatNumber(median(rates)), range, `${formatNumber(medianOf(replay, ({ cpu }) => cpu))} ns`];
    printTable(["million frames a second", "from, to", "CPU a frame"], [cells]);
  }),
);

/** @param {string} folder */
function writeFrames(folder) {
  const payload = Buffer.from(`${"a line of output ".repeat(4).slice(0, 59)}\n`.repeat(LINES));
  /** @type {import("whalesong/core").StreamEvent} */
  const frames = { kind: "frames", stream: "stdout", payload, cut: "lines" };
  /** @type {[string, string][]} */
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

/**
 * In million frames a second, and ns of CPU for one.
 * @param {import("./lib/processes.js").Server} server
 */
async function measureRate({ address, pid }) {
  const [began, before] = [performance.now(), readCpu(pid)];
  const size = await countBytes(String(address));
  const [ms, cpu] = [performance.now() - began, readCpu(pid) - before];
  if (size < FRAMES * 68) throw new Error(`got ${size} bytes`);
  return { rate: FRAMES / ms / 1000, cpu: (cpu * 1000) / FRAMES };
}

/** @param {string} socket */
function countBytes(socket) {
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
