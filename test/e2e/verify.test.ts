/** The golden cassettes are still true: verified against the engines that they were recorded from. */
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { busyboxRoot, imageArchive } from "../../scripts/busybox-image.js";
import { CONVERSATIONS } from "../../scripts/conversations.js";
import { importBusybox, loadArchive } from "../../scripts/private-daemon.js";
import { RecordedClients } from "../../scripts/recorded-clients.js";
import { isMissing, type PrivateDaemon, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { type Ending, runWhalesong } from "./whalesong.ts";

const CASSETTES = join(import.meta.dirname, "../../cassettes");
const LONG_AGO = new Date("2024-01-01T00:00:00Z");
const CLEAN_UP = `docker ps -aq | xargs -r docker rm -f; docker network prune -f
  docker images -q greeting | sort -u | xargs -r docker rmi -f; docker builder prune -af`;

/** Its container ends by what a websocket says, and websockets are not verified. */
const UNVERIFIED = "attach-websocket";

const rows = CONVERSATIONS.filter(
  ({ name, engine }) => name !== UNVERIFIED && !isMissing(engine) && new RegExp(process.env.ROWS ?? "").test(name),
);
const folder = folderForAll();
const endings = new Map<string, Ending>();

beforeAll(async () => {
  for (const engine of ["20.10", "28"] as const) {
    const own = rows.filter((row) => row.engine === engine);
    if (own.length === 0) continue;
    await withDaemon(engine, async (daemon) => {
      const clients = new RecordedClients(engine, daemon, folder);
      await provideImages(daemon);
      clients.fillRegistry();
      for (const row of own) endings.set(row.name, await verify(row, daemon, clients));
    });
  }
}, 600_000);

describe.each(rows)("$name", ({ name }) => {
  test("is still true of its engine", () => {
    const { status, stdout, stderr } = endings.get(name) as Ending;
    expect({ status, stderr }, stdout).toMatchObject({ status: 0 });
    expect(stdout).toMatch(/still true; \d+ exchanges? verified: 0 error/);
    expect(stdout).not.toContain("could not be removed");
  });
});

async function verify(
  { name, setup = "", files = {} }: (typeof CONVERSATIONS)[number],
  daemon: PrivateDaemon,
  clients: RecordedClients,
): Promise<Ending> {
  const home = join(folder, name);
  mkdirSync(home);
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(home, file), content);
    utimesSync(join(home, file), LONG_AGO, LONG_AGO);
  }
  await provideImages(daemon);
  clients.run(home, ["sh", "-ec", setup]);
  const cassette = join(CASSETTES, `${name}.yaml`);
  const ending = await runWhalesong(
    "verify",
    cassette,
    "--upstream",
    daemon.url,
    "--allow-changes",
    "--touch-existing",
  );
  clients.run(home, ["sh", "-c", CLEAN_UP]);
  return ending;
}

/** As they were when the cassettes were recorded (scripts/record-cassettes.js). */
async function provideImages({ url }: PrivateDaemon): Promise<void> {
  const [greeting, note] = [
    { name: "greeting.txt", content: "hello from a layer\n" },
    { name: "note.txt", content: "a note\n" },
  ];
  await importBusybox(url, "busybox:latest");
  await loadArchive(url, await imageArchive({ tag: "greeting:latest", layers: [busyboxRoot(), [greeting]] }));
  await loadArchive(url, await imageArchive({ tag: "note:latest", layers: [[note]] }));
}
