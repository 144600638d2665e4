import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { playSession, type Said } from "./cli-player.ts";
import { CLI_SESSION } from "./cli-session.ts";
import { folderForAll } from "./folder.ts";
import { type Ending, runWhalesong, startWhalesong } from "./whalesong.ts";

const REPLAYS = 5;
const folder = folderForAll();
/** The machine's own CLI, and the one that comes with the daemon: they do not ask alike. */
const clis = ["/usr/local/bin/docker", "/usr/bin/docker"].filter(existsSync);
const recorded = new Map<string, { readonly said: readonly Said[]; readonly ending: Ending }>();
let registry = "";

beforeAll(async () => {
  const daemon = await startPrivateDaemon();
  registry = daemon.registry;
  try {
    for (const docker of clis) {
      await importBusybox(daemon.url, "busybox:latest");
      recorded.set(docker, await session(docker, "record", cassetteOf(docker), "--upstream", daemon.url));
    }
  } finally {
    await daemon.stop();
  }
});

describe.each(clis)("a session of %s", (docker) => {
  const told = (): { said: readonly Said[]; ending: Ending } => recorded.get(docker) as never;

  test("has more than 40 commands, and the tools that they need", () => {
    expect(CLI_SESSION.join("\n").match(/\bdocker [a-z]/g)?.length).toBeGreaterThan(40);
    expect(told().said.filter(({ status, stdout }) => status === 99 || stdout.includes("[drive:"))).toEqual([]);
  });

  test("is recorded without a complaint, into a cassette that is good", async () => {
    expect(told().ending).toMatchObject({ status: 0, stderr: expect.not.stringContaining("incomplete") });
    expect(await runWhalesong("check", cassetteOf(docker))).toMatchObject({ status: 0 });
  });

  test("leaves no password in the cassette or beside it", () => {
    const secrets = ["s3cret-tide", Buffer.from("s3cret-tide").toString("base64").slice(0, 12)];
    for (const text of textsOf(cassetteOf(docker)))
      for (const secret of secrets) expect(text.includes(secret)).toBe(false);
  });

  test.each(Array.from({ length: REPLAYS }, (_, index) => index + 1))(
    "prints the same bytes and exits alike without a daemon, replay %i",
    async () => {
      const { said, ending } = await session(docker, "replay", cassetteOf(docker), "--fail-on-miss");
      expect(said).toEqual(told().said);
      expect(ending).toMatchObject({ status: 0 });
    },
  );
});

async function session(docker: string, ...words: string[]): Promise<{ said: Said[]; ending: Ending }> {
  // One socket path for all: a client may print it.
  const whalesong = await startWhalesong(...words, "--listen", `unix://${join(folder, "docker.sock")}`);
  const said = await playSession(CLI_SESSION, { folder: join(folder, "desk"), host: whalesong.url, docker, registry });
  return { said, ending: await whalesong.stop() };
}

function cassetteOf(docker: string): string {
  return join(folder, `${docker.replaceAll("/", "-").slice(1)}.yaml`);
}

function* textsOf(cassette: string): Generator<string> {
  yield readFileSync(cassette, "latin1");
  const beside = cassette.replace(/\.yaml$/, "");
  for (const name of existsSync(beside) ? readdirSync(beside) : []) yield readFileSync(join(beside, name), "latin1");
}
