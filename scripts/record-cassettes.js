/**
 * Records cassettes/ anew, from a private daemon and through the product itself: `npm run cassettes:record [name...]`.
 * What has not changed but for its timing keeps its text, so that a diff shows what the daemon does differently.
 */
import { spawnSync } from "node:child_process";
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
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { busyboxRoot, imageArchive } from "./busybox-image.js";
import { CONVERSATIONS } from "./conversations.js";
import { importBusybox, loadArchive, startPrivateDaemon } from "./private-daemon.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WHALESONG = join(ROOT, "bin/whalesong.js");
const LONG_AGO = new Date("2024-01-01T00:00:00Z");

/** @typedef {import("./conversations.js").Conversation} Conversation */
/** @typedef {Awaited<ReturnType<typeof startPrivateDaemon>>} PrivateDaemon */

const selected = process.argv.slice(2);
const daemon = await startPrivateDaemon();
const folder = mkdtempSync(join(tmpdir(), "whalesong-cassettes-"));
try {
  await provideImages();
  fillRegistry();
  for (const conversation of CONVERSATIONS) {
    if (selected.length === 0 || selected.includes(conversation.name)) await recordConversation(conversation);
  }
} finally {
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** @param {Conversation} conversation */
async function recordConversation({ name, about, setup = "", when, files = {} }) {
  const home = furnish(name, files);
  const cassette = join("cassettes", `${name}.yaml`);
  await provideImages();
  run(home, ["sh", "-ec", setup]);
  const words = [
    process.execPath,
    WHALESONG,
    "record",
    join(ROOT, cassette),
    "--upstream",
    daemon.url,
    "--",
    "sh",
    "-c",
    when,
  ];
  const { stdout, stderr } = spoken(home, words);
  tell(cassette, when, stdout, stderr);
  keepAbout(join(ROOT, cassette), about);
  run(ROOT, [process.execPath, WHALESONG, "check", cassette]);
  refuseTraces(name);
  run(home, ["sh", "-c", "docker ps -aq | xargs -r docker rm -f"]);
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

/** `greeting` has layers, to be pulled; `note` has next to nothing, to be saved. */
async function provideImages() {
  const greeting = { name: "greeting.txt", content: "hello from a layer\n" };
  const note = { name: "note.txt", content: "a note\n" };
  await importBusybox(daemon.url, "busybox:latest");
  await loadArchive(daemon.url, await imageArchive({ tag: "greeting:latest", layers: [busyboxRoot(), [greeting]] }));
  await loadArchive(daemon.url, await imageArchive({ tag: "note:latest", layers: [[note]] }));
}

/** The daemon's mirror of docker.io: `docker pull greeting` finds it there. */
function fillRegistry() {
  for (const image of ["busybox", "greeting"]) {
    const there = `${daemon.registry}/library/${image}`;
    run(folder, ["sh", "-ec", `docker tag ${image} ${there}; docker push -q ${there}; docker rmi ${there}`]);
  }
}

/**
 * @param {string} home
 * @param {readonly string[]} words
 */
function run(home, words) {
  const { status, stdout, stderr } = spoken(home, words);
  if (status !== 0) throw new Error(`\`${words.join(" ")}\` ended with ${status}\n${stdout}${stderr}`);
}

/**
 * @param {string} home
 * @param {readonly string[]} words
 */
function spoken(home, [command = "", ...words]) {
  return spawnSync(command, words, { cwd: home, encoding: "utf8", env: environment() });
}

/** Only these variables: clients send more about their environment to a daemon than one expects. */
function environment() {
  return {
    PATH: [dirname(daemon.docker), dirname(process.execPath), process.env.PATH].join(delimiter),
    DOCKER_HOST: daemon.url,
    DOCKER_CONFIG: join(folder, ".docker"),
    DOCKER_BUILDKIT: "0",
    CLIENTS: join(ROOT, "scripts/clients"),
    HOME: folder,
    LC_ALL: "C.UTF-8",
    TERM: "xterm",
  };
}

/**
 * @param {string} cassette
 * @param {string} when
 * @param {string} stdout
 * @param {string} stderr whalesong's summary is its last line
 */
function tell(cassette, when, stdout, stderr) {
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
function keepAbout(cassette, about) {
  const text = readFileSync(cassette, "utf8");
  if (!text.startsWith("#")) writeFileSync(cassette, `# ${about}\n${text}`);
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
  // Names that every machine has tell of none.
  return all.filter((trace) => !["root", "/root", "/", "localhost", "docker", "127.0.0.1", "::1"].includes(trace));
}
