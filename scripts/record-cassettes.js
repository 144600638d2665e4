/**
 * Records cassettes/ anew, from private daemons and through the product itself: `npm run cassettes:record [name...]`.
 * Each conversation names its engine. What has not changed but for its timing keeps its text, so that a diff shows what
 * the daemon does differently.
 */
import { getServers } from "node:dns";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, networkInterfaces, release, tmpdir, totalmem, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { busyboxRoot, imageArchive } from "./busybox-image.js";
import { CONVERSATIONS } from "./conversations.js";
import { hideMachine } from "./hide-machine.js";
import { importBusybox, loadArchive, startPrivateDaemon } from "./private-daemon.js";
import { RecordedClients } from "./recorded-clients.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WHALESONG = join(ROOT, "bin/whalesong.js");
const LONG_AGO = new Date("2024-01-01T00:00:00Z");

const COMMON_NAMES = ["root", "/root", "localhost", "docker", "127.0.0.1"];
/** Nothing of a conversation is left to the next one: a build would come from the cache. */
const CLEAN_UP = `docker ps -aq | xargs -r docker rm -f; docker network prune -f
  docker images -q greeting | sort -u | xargs -r docker rmi -f; docker builder prune -af`;

/** @typedef {import("./conversations.js").Conversation} Conversation */
/** @typedef {Awaited<ReturnType<typeof startPrivateDaemon>>} PrivateDaemon */

/** What a builder tells of the disk is the same on every machine. */
const SETTINGS = { builder: { gc: { enabled: true, policy: [{ all: true, keepStorage: "10GB" }] } } };

const selected = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "whalesong-cassettes-"));
try {
  for (const engine of /** @type {const} */ (["20.10", "28"])) {
    const own = CONVERSATIONS.filter(
      (one) => one.engine === engine && (selected.length === 0 || selected.includes(one.name)),
    );
    if (own.length > 0) await recordFrom(engine, own);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {Conversation["engine"]} engine
 * @param {readonly Conversation[]} conversations
 */
async function recordFrom(engine, conversations) {
  const daemon = await startPrivateDaemon({ engine, settings: engine === "28" ? SETTINGS : {} });
  try {
    const clients = new RecordedClients(engine, daemon, folder);
    await provideImages(daemon);
    clients.fillRegistry();
    for (const conversation of conversations) await recordConversation(conversation, daemon, clients);
  } finally {
    await daemon.stop();
  }
}

/**
 * @param {Conversation} conversation
 * @param {PrivateDaemon} daemon
 * @param {RecordedClients} clients
 */
async function recordConversation({ name, about, setup = "", when, files = {} }, daemon, clients) {
  const home = furnish(name, files);
  const cassette = join("cassettes", `${name}.yaml`);
  await provideImages(daemon);
  clients.run(home, ["sh", "-ec", setup]);
  // Some of the commands are meant to fail.
  const words = ["record", join(ROOT, cassette), "--upstream", daemon.url, "--keep-failed"];
  const record = [WHALESONG, ...words, "--", "sh", "-c", when];
  const { stdout, stderr } = clients.spawn(home, [process.execPath, ...record]);
  printSummary(cassette, when, stdout, stderr);
  finishText(join(ROOT, cassette), about);
  clients.run(ROOT, [process.execPath, WHALESONG, "check", cassette]);
  refuseTraces(name);
  clients.run(home, ["sh", "-c", CLEAN_UP]);
}

/**
 * A folder of its own for the clients: its files are old, and belong to no user.
 * @param {string} name
 * @param {Readonly<Record<string, string>>} files
 */
function furnish(name, files) {
  const home = join(folder, name);
  mkdirSync(home);
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(home, file), content, { mode: 0o644 });
    utimesSync(join(home, file), LONG_AGO, LONG_AGO);
  }
  return home;
}

/**
 * `greeting` has layers, to be pulled; `note` has next to nothing, to be saved.
 * @param {PrivateDaemon} daemon
 */
async function provideImages(daemon) {
  const greeting = { name: "greeting.txt", content: "hello from a layer\n" };
  const note = { name: "note.txt", content: "a note\n" };
  await importBusybox(daemon.url, "busybox:latest");
  await loadArchive(daemon.url, await imageArchive({ tag: "greeting:latest", layers: [busyboxRoot(), [greeting]] }));
  await loadArchive(daemon.url, await imageArchive({ tag: "note:latest", layers: [[note]] }));
}

/**
 * @param {string} cassette
 * @param {string} when
 * @param {string} stdout
 * @param {string} stderr whalesong's summary is its last line
 */
function printSummary(cassette, when, stdout, stderr) {
  const lines = stderr.trimEnd().split("\n");
  if (process.env.VERBOSE !== undefined)
    process.stdout.write(`\n$ ${when}\n${stdout}${lines.slice(0, -1).join("\n")}\n`);
  process.stdout.write(`${cassette}  ${lines.at(-1)?.split(" | ").slice(0, -1).join(", ")}\n`);
}

/**
 * The first line says what is in it. Once it is there, people may change it, and recording again keeps it.
 * @param {string} cassette
 * @param {string} about
 */
function finishText(cassette, about) {
  const text = hideMachine(readFileSync(cassette, "utf8"));
  writeFileSync(cassette, text.startsWith("#") ? text : `# ${about}\n${text}`);
}

/**
 * A cassette that tells of this machine must not be published.
 * @param {string} name
 */
function refuseTraces(name) {
  const sidecars = join(ROOT, "cassettes", name);
  const files = existsSync(sidecars) ? readdirSync(sidecars).map((file) => join(sidecars, file)) : [];
  for (const file of [join(ROOT, "cassettes", `${name}.yaml`), ...files]) {
    const text = readFileSync(file, "latin1");
    const found = tracesOfThisMachine().find((trace) => text.includes(trace));
    if (found !== undefined) throw new Error(`${file} tells of this machine: \`${found}\``);
  }
}

function tracesOfThisMachine() {
  const { username, homedir } = userInfo();
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .map(({ address }) => address);
  const all = [
    hostname(),
    release(),
    String(totalmem()),
    username,
    homedir,
    process.cwd(),
    ROOT.slice(0, -1),
    folder,
    ...addresses,
    ...getServers(),
  ];
  // Names that every machine has tell of none; two or three letters stand in random bytes, too.
  return all.filter((trace) => trace.length > 3 && !COMMON_NAMES.includes(trace));
}
