/**
 * What a call costs when the simulated daemon holds many containers, and what a container costs in memory.
 *
 *     npm run build && node --expose-gc bench/mock.js [containers]
 */
import { request } from "node:http";
import { mockDocker } from "whalesong/mock";

const COUNT = Number(process.argv[2] ?? 10_000);

function ask(socketPath, method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "Content-Type": "application/json" };
    const outgoing = request({ socketPath, method, path, headers }, (answer) => {
      let size = 0;
      answer.on("data", (bytes) => (size += bytes.length));
      answer.on("end", () => resolve({ status: answer.statusCode, size }));
    });
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Of this process, in milliseconds: a busy machine changes it little. Client and server share the process. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The median of so many runs, in milliseconds of CPU. */
async function median(times, run) {
  const taken = [];
  for (let at = 0; at < times; at += 1) {
    const start = cpuMs();
    await run(at);
    taken.push(cpuMs() - start);
  }
  return taken.sort((one, other) => one - other)[Math.floor(times / 2)];
}

function heapMb() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

async function measured(count) {
  const before = heapMb();
  const started = cpuMs();
  const names = Array.from({ length: count }, (_, at) => `c${at}`);
  const containers = names.map((name, at) => ({ name, image: "busybox", state: at % 10 === 0 ? "running" : "exited" }));
  const docker = await mockDocker({ containers });
  const populatedMs = cpuMs() - started;
  const { socketPath } = docker;
  const get = (path) => ask(socketPath, "GET", `/v1.41${path}`);
  const figures = {
    containers: count,
    "populate, s": (populatedMs / 1000).toFixed(2),
    "KiB each": (((heapMb() - before) * 1024) / count).toFixed(1),
    "ping, ms": await median(200, () => get("/_ping")),
    "list of all, ms": await median(5, () => get("/containers/json?all=1")),
    "list by name, ms": await median(20, (at) => get(`/containers/json?all=1&filters={"name":["c${at}$"]}`)),
    "inspect by name, ms": await median(200, (at) => get(`/containers/c${at % count}/json`)),
    "inspect by id, ms": await median(200, (at) =>
      get(`/containers/${docker.containers.get(`c${at % count}`).id}/json`),
    ),
    "create, ms": await median(50, () => ask(socketPath, "POST", "/v1.41/containers/create", { Image: "busybox" })),
    "start, ms": await median(20, (at) => ask(socketPath, "POST", `/v1.41/containers/c${(at * 10 + 1) % count}/start`)),
    "past events, ms": await median(50, () => get("/events?since=0&until=1")),
  };
  await docker.stop();
  return figures;
}

const rows = [];
for (const count of [100, COUNT / 10, COUNT]) rows.push(await measured(count));
const keys = Object.keys(rows[0]);
for (const key of keys) {
  const cells = rows.map((row) =>
    typeof row[key] === "number" && key.endsWith("ms") ? row[key].toFixed(2) : row[key],
  );
  console.log(`| ${[key, ...cells].join(" | ")} |`);
}
