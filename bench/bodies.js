/**
 * D1: 1 GiB replayed from a sidecar: `node bench/bodies.js [ROUNDS [MIB]]`. Beside it, the same file from nginx with
 * `sendfile`, where it is installed, and from Node's own `createReadStream().pipe()`. Each round starts a replay anew: a
 * sidecar is read for its digest when a process sends it for the first time.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFolder, withServers } from "./lib/folder.js";
import { buildGenerator, download } from "./lib/generator.js";
import { findProgram } from "./lib/peers.js";
import { BARE, BIN, finishServer, readCpu, readMemory, startServer } from "./lib/processes.js";
import { formatNumber, formatRatio, printMachine, printTable, reportGoal, skipGoal } from "./lib/report.js";
import { interleave, medianOf, medianRatio } from "./lib/rounds.js";

const MIB = Number(process.argv[3] ?? 1024);
const BYTES = MIB * 1024 ** 2;
const LARGE = "/v1.41/containers/big/export";

/** @typedef {import("./lib/processes.js").Server} Server */
/** @typedef {{ name: string, start(): Promise<Server>, times: number }} Candidate `times`: how often the body is sent; the last one counts */
/** @typedef {{ seconds: number, cpu: number, peak: number }} Sent `cpu` in s, `peak` in MB */

await withFolder(async (folder) => {
  const { cassette, sidecar } = await recordBody(folder);
  const candidates = listCandidates(folder, cassette, sidecar);
  printMachine(`${MIB} MiB`);
  report(await interleave(candidates, send));
});

/**
 * Records a body from memory.
 * @param {string} folder
 */
async function recordBody(folder) {
  const [origin, socket, cassette] = [
    join(folder, "memory.sock"),
    join(folder, "record.sock"),
    join(folder, "body.yaml"),
  ];
  const words = ["record", cassette, "--upstream", `unix://${origin}`, "--listen", `unix://${socket}`];
  await withServers(async (keep) => {
    await keep(startServer("memory", origin, ["serve", origin, String(BYTES)], { program: buildGenerator() }));
    const recorder = await keep(startServer("recorder", socket, [BIN, ...words]));
    await download(socket, LARGE);
    await finishServer(recorder);
  });
  const sidecars = join(folder, "body");
  const [name = ""] = readdirSync(sidecars);
  return { cassette, sidecar: join(sidecars, name) };
}

/**
 * @param {string} folder
 * @param {string} cassette
 * @param {string} sidecar
 * @returns {Candidate[]}
 */
function listCandidates(folder, cassette, sidecar) {
  const place = (/** @type {string} */ name) => join(folder, `${name}.sock`);
  const replay = () =>
    startServer("replay", place("replay"), [BIN, "replay", cassette, "--listen", `unix://${place("replay")}`]);
  const nginx = findProgram("nginx");
  const settings = join(folder, "nginx.conf");
  writeFileSync(settings, configureNginx(folder, place("nginx"), sidecar));
  return [
    {
      name: "createReadStream().pipe()",
      times: 1,
      start: () => startServer("file", place("file"), [BARE, "file", place("file"), sidecar]),
    },
    { name: "whalesong", times: 1, start: replay },
    { name: "whalesong, the second time", times: 2, start: replay },
    ...(nginx
      ? [
          {
            name: "nginx, sendfile",
            times: 1,
            start: () => startServer("nginx", place("nginx"), ["-p", folder, "-c", settings], { program: nginx }),
          },
        ]
      : []),
  ];
}

/**
 * @param {Candidate} candidate
 * @returns {Promise<Sent>}
 */
async function send({ start, times }) {
  const server = await start();
  for (let time = 1; time < times; time += 1) await download(server.address, LARGE);
  const before = readCpu(server.pid);
  const { seconds, bytes } = await download(server.address, LARGE);
  const sent = { seconds, cpu: (readCpu(server.pid) - before) / 1e6, peak: readMemory(server.pid, "peak") };
  await server.stop();
  if (bytes < BYTES) throw new Error(`got ${bytes} of ${BYTES} bytes`);
  return sent;
}

/** @param {Record<string, Sent[]>} results */
function report(results) {
  const [stream, nginx, own = []] = ["createReadStream().pipe()", "nginx, sendfile", "whalesong"].map(
    (name) => results[name],
  );
  const speedOf = (/** @type {Sent} */ { seconds }) => 1 / seconds;
  if (nginx) reportGoal("replayLarge", medianRatio(own, nginx, speedOf));
  else skipGoal("replayLarge", "nginx is not installed");
  reportGoal("replayMemory", Math.max(...own.map(({ peak }) => peak)));
  console.log();
  const rows = Object.entries(results).map(([name, all]) => {
    const ratios = [
      nginx && medianRatio(all, nginx, speedOf),
      medianRatio(all, stream, speedOf),
      medianRatio(all, stream, ({ cpu }) => cpu),
    ];
    const [seconds, cpu] = [medianOf(all, (one) => one.seconds), medianOf(all, (one) => one.cpu)].map(
      (value) => `${formatNumber(value)} s`,
    );
    return [
      name,
      ...ratios.map((ratio) => formatRatio(ratio ?? Number.NaN)),
      `${seconds}`,
      `${cpu}`,
      `${Math.round(Math.max(...all.map(({ peak }) => peak)))} MB`,
    ];
  });
  printTable(
    [
      `${MIB} MiB from a file`,
      "speed beside nginx",
      "speed beside the stream",
      "CPU beside the stream",
      "time",
      "CPU",
      "peak",
    ],
    rows,
  );
}

/**
 * Every path is the one file.
 * @param {string} folder
 * @param {string} socket
 * @param {string} file
 */
function configureNginx(folder, socket, file) {
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path ${join(folder, name)};`,
  );
  return `daemon off;
master_process off;
pid ${join(folder, "nginx.pid")};
error_log ${join(folder, "nginx.log")};
events {}
http {
  access_log off;
  sendfile on;
${paths.join("\n")}
  server {
    listen unix:${socket};
    location / { root ${join(file, "..")}; try_files /${file.split("/").pop()} =404; }
  }
}
`;
}
