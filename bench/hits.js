/**
 * What a recorded answer costs beside a bare `node:http` server that matches nothing and sends bytes of the same size:
 * `node bench/hits.js [ROUNDS]`. Rounds are interleaved, in random order; the ratios are taken within a round. The CPU of
 * the server for one request is what to look at on a busy machine. `npm run build` first. Linux: it reads /proc.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "../bin/whalesong.js");
const ROUNDS = Number(process.argv[2] ?? 7);
const CONNECTIONS = 16;
const ROUND_MS = 600;

const LIST = JSON.stringify(Array.from({ length: 6 }, (_, at) => describeContainer(at)));
const CREATED = JSON.stringify({ Id: "c".repeat(64), Warnings: [] });
const CREATES = Array.from({ length: 5 }, (_, at) => JSON.stringify(describeCreate(at)));

const CASES = {
  "GET of 2.5 KB": { bytes: encodeRequest("GET", "/v1.41/containers/json?all=1") },
  "POST of 1.9 KB, chosen by its body": { bytes: encodeRequest("POST", "/v1.41/containers/create", CREATES[3]) },
  "the GET, a connection each": { bytes: encodeRequest("GET", "/v1.41/containers/json?all=1"), isNew: true },
};

if (process.argv[2] === "--bare") serveBare(process.argv[3]);
else await compare();

async function compare() {
  const folder = mkdtempSync(join(tmpdir(), "whalesong-bench-"));
  const servers = [];
  try {
    servers.push(await start("node:http", folder, (socket) => [process.argv[1], "--bare", socket]));
    const cassette = writeCassette(folder);
    servers.push(
      await start("whalesong", folder, (socket) => [BIN, "replay", cassette, "--listen", `unix://${socket}`]),
    );
    console.log(
      `Node ${process.versions.node}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, ${ROUNDS} rounds\n`,
    );
    console.log("| what | CPU beside node:http | requests beside node:http | CPU of node:http | CPU of whalesong |");
    console.log("| --- | --- | --- | --- | --- |");
    for (const [name, request] of Object.entries(CASES)) console.log(await compareCase(name, request, servers));
  } finally {
    for (const { child } of servers) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareCase(name, request, servers) {
  for (const server of servers) await measure(server, request);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const results = {};
    for (const server of [...servers].sort(() => Math.random() - 0.5))
      results[server.name] = await measure(server, request);
    rounds.push(results);
  }
  const pick = (choose) => median(rounds.map(({ "node:http": bare, whalesong }) => choose(bare, whalesong)));
  const cpu = pick((bare, ours) => ours.cpu / bare.cpu).toFixed(2);
  const rate = pick((bare, ours) => ours.rate / bare.rate).toFixed(2);
  const [bare, ours] = [pick((one) => one.cpu), pick((_, other) => other.cpu)];
  return `| ${name} | × ${cpu} | × ${rate} | ${bare.toFixed(1)} µs | ${ours.toFixed(1)} µs |`;
}

/** Requests a second, and the server's CPU in µs for one of them. */
async function measure({ child, socket }, { bytes, isNew = false }) {
  const [began, before] = [performance.now(), readCpu(child.pid)];
  const until = began + ROUND_MS;
  const counts = await Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      isNew ? connectAnew(socket, bytes, until) : keepAsking(socket, bytes, until),
    ),
  );
  const count = counts.reduce((sum, each) => sum + each, 0);
  return { rate: count / (performance.now() - began), cpu: (readCpu(child.pid) - before) / count };
}

/** One request after the other on one connection. A response is over when it has as many bytes as the first one. */
function keepAsking(socket, bytes, until) {
  return new Promise((resolve, reject) => {
    const client = connect(socket, () => client.write(bytes));
    let [count, size, got] = [0, 0, 0];
    client.on("error", reject);
    client.on("data", (piece) => {
      got += piece.length;
      if (size === 0) size = readSize(piece);
      if (got < size) return;
      got = 0;
      count += 1;
      if (performance.now() < until) client.write(bytes);
      else {
        client.destroy();
        resolve(count);
      }
    });
  });
}

async function connectAnew(socket, bytes, until) {
  let count = 0;
  for (; performance.now() < until; count += 1) await keepAsking(socket, bytes, 0);
  return count;
}

function readSize(piece) {
  const text = piece.toString("latin1");
  if (!/^HTTP\/1\.1 20[01] /.test(text)) throw new Error(`got ${text.slice(0, 300)}`);
  return text.indexOf("\r\n\r\n") + 4 + Number(/content-length: (\d+)/i.exec(text)[1]);
}

/** In µs, of all threads. */
function readCpu(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const readNs = (thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return threads.reduce((sum, thread) => sum + readNs(thread), 0) / 1000;
}

async function start(name, folder, toArguments) {
  const socket = join(folder, `${name.replace(":", "-")}.sock`);
  const child = spawn(process.execPath, toArguments(socket), { stdio: "ignore" });
  for (let tries = 0; !existsSync(socket); tries += 1) {
    if (tries > 500) throw new Error(`${name} does not listen`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { name, socket, child };
}

function serveBare(socket) {
  const list = { "Api-Version": "1.41", "Content-Type": "application/json", "Content-Length": Buffer.byteLength(LIST) };
  const created = { ...list, "Content-Length": Buffer.byteLength(CREATED) };
  createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (request.method === "GET") return response.writeHead(200, list).end(LIST);
    request.resume().on("end", () => response.writeHead(201, created).end(CREATED));
  }).listen(socket);
}

function writeCassette(folder) {
  const path = join(folder, "hits.yaml");
  const documents = ["whalesong: 1\n"];
  documents.push(formatExchange("GET /v1.41/containers/json?all=1", undefined, "200 OK", LIST));
  for (const create of CREATES) {
    documents.push(formatExchange("POST /v1.41/containers/create", create, "201 Created", CREATED));
  }
  writeFileSync(path, documents.join("---\n"));
  return path;
}

function formatExchange(line, body, status, answer) {
  const request =
    body === undefined
      ? `request: ${line}\n`
      : `repeat: true\nrequest:\n  line: ${line}\n  headers: {Content-Type: application/json}\n  json-bare: ${body}\n`;
  return `${request}response:\n  status: ${status}\n  headers: {Content-Type: application/json}\n  json-bare: ${answer}\n`;
}

function describeContainer(at) {
  const id = String(at).repeat(64);
  const labels = Object.fromEntries(
    Array.from({ length: 4 }, (_, label) => [`com.example.label-${label}`, `value ${at}`]),
  );
  return {
    Id: id,
    Names: [`/web-${at}`],
    Image: "busybox:1.36",
    Command: "sleep 600",
    State: "running",
    Labels: labels,
  };
}

function describeCreate(at) {
  const env = Array.from({ length: 40 }, (_, number) => `VARIABLE_${number}=the value of it, ${at}`);
  return { Image: "busybox:1.36", Cmd: ["sleep", "600"], Env: env, HostConfig: { NetworkMode: "default" } };
}

function encodeRequest(method, path, body) {
  const fields =
    body === undefined ? "" : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: docker\r\n${fields}\r\n${body ?? ""}`);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
