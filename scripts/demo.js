/**
 * `npm run demo`: all of whalesong on a machine without Docker. A real client (dockerode) talks to a simulated daemon and
 * is recorded; the daemon is stopped; the same client is answered from the recording, and has to see the same.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { record, replayCassettes } from "whalesong";
import { parseUpstream, readCassette } from "whalesong/core";
import { mockDocker } from "whalesong/mock";
import { dockerodeRun } from "./clients/dockerode-run.js";

const PATIENCE_MS = 20_000;
const SHOWN_LINES = 24;
/** The expected result of the session, so that two equal failures are no success. */
const EXPECTED = new Map([
  ["ping", "OK"],
  ["say two lines, end stdin", "hello\ntwo lines\n"],
  ["wait for web", "exit status 0"],
  ["read its logs", "hello\ntwo lines\n"],
  ["remove it, look for it", "No such container: web"],
]);

const folder = mkdtempSync(join(tmpdir(), "whalesong-demo-"));
const cassette = join(folder, "demo.yaml");
const patience = setTimeout(() => {
  console.error(`  ✗ nothing happened for ${PATIENCE_MS} ms`);
  process.exit(1);
}, PATIENCE_MS);

try {
  const first = await recorded();
  showCassette();
  const second = await replayed(first);
  process.exitCode = second ? 0 : 1;
} finally {
  clearTimeout(patience);
  rmSync(folder, { recursive: true });
}

async function recorded() {
  const daemon = await mockDocker();
  const recording = await record({ cassette, upstream: parseUpstream(daemon.url) });
  console.log("1. A simulated daemon, recorded while dockerode talks to it over a unix socket\n");
  const steps = await session(recording.url, ({ did, saw }) => line(isRight(did, saw), did, saw));
  const { exchanges } = await recording.stop();
  await daemon.stop();
  console.log(`\n   ${exchanges} exchanges recorded. The daemon is stopped.\n`);
  return steps;
}

function showCassette() {
  const { entries } = readCassette(cassette);
  const attach = entries.find(({ target }) => target.includes("/attach"));
  const lines = (attach?.readText() ?? "").trimEnd().split("\n");
  console.log("2. One of them, as it stands in the cassette\n");
  for (const text of lines.slice(0, SHOWN_LINES)) console.log(`     ${text}`);
  console.log();
}

/** Whether the client saw the same as before, and requested exactly what is recorded. */
async function replayed(before) {
  const replay = await replayCassettes({ cassettes: [cassette] });
  console.log("3. The same client, answered from the cassette\n");
  const steps = await session(replay.url, ({ did, saw }, at) =>
    line(isRight(did, saw) && before[at]?.saw === saw, did, saw),
  );
  const { played, exchanges, missed, unplayed } = await replay.stop();
  const areSame = JSON.stringify(steps) === JSON.stringify(before) && steps.every(({ did, saw }) => isRight(did, saw));
  const isAsRecorded = areSame && steps.length >= EXPECTED.size && missed.length + unplayed.length === 0;
  console.log(`\n   ${played} of ${exchanges} exchanges played, ${missed.length} missed.`);
  console.log(
    isAsRecorded ? "   The client saw the same, and no daemon was contacted." : "   This differs from the recording.",
  );
  return isAsRecorded;
}

async function session(url, tell) {
  const steps = [];
  for await (const step of dockerodeRun(new Docker({ socketPath: url.slice("unix://".length) }))) {
    tell(step, steps.length);
    steps.push(step);
  }
  return steps;
}

function isRight(did, saw) {
  return (EXPECTED.get(did) ?? saw) === saw;
}

function line(isGood, did, saw) {
  console.log(`   ${isGood ? "✓" : "✗"} ${did.padEnd(26)}${saw.trim().replaceAll("\n", " ⏎ ")}`);
}
