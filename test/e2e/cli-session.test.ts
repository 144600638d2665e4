import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { type MockDocker, mockDocker } from "../../src/modes/mock-docker.ts";
import { CLI_ALLOWANCES } from "./agreement/cli-allowances.ts";
import { normalizeOutputs } from "./agreement/normalize-output.ts";
import { playSession, type Said } from "./cli-player.ts";
import { CLI_SESSION } from "./cli-session.ts";
import { folderForAll } from "./folder.ts";
import { type Ending, runWhalesong, startWhalesong } from "./whalesong.ts";

const REPLAYS = 5;
const folder = folderForAll();
/** The machine's own CLI, and the one that comes with the daemon: they do not ask alike. */
const clis = ["/usr/local/bin/docker", "/usr/bin/docker"].filter(existsSync);
const recorded = new Map<string, { readonly said: readonly Said[]; readonly ending: Ending }>();
/** One for all: a client may print it. */
const SOCKET = `unix://${join(folder, "docker.sock")}`;
let registry = "";

beforeAll(async () => {
  for (const docker of clis) recorded.set(docker, await recordedSession(docker));
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

  test("is had with the simulated daemon just so, but for ids, times and sizes", async () => {
    const mock = await mockDocker({ listen: SOCKET });
    withOneImage(mock);
    letAttachWin(mock);
    const said = await play(docker, mock.url);
    await mock.stop();
    expect(normalizeOutputs(said, CLI_ALLOWANCES)).toEqual(normalizeOutputs(told().said, CLI_ALLOWANCES));
    const race = said.find(({ line }) => line.startsWith("docker attach --no-stdin ticking &"));
    expect(race).toMatchObject({ status: 6, stdout: "tick\ntock\n" });
  });
});

/** A daemon of its own: a session leaves a container behind. */
async function recordedSession(docker: string): Promise<{ said: Said[]; ending: Ending }> {
  const daemon = await startPrivateDaemon();
  registry = daemon.registry;
  try {
    await importBusybox(daemon.url, "busybox:latest");
    return await session(docker, "record", cassetteOf(docker), "--upstream", daemon.url);
  } finally {
    await daemon.stop();
  }
}

/** As the real daemon is prepared. */
function withOneImage({ engine: { images } }: MockDocker): void {
  images.delete(images.find("hello-world").id);
}

/** The session has two commands run at a time, and trusts in an exec that takes its while, as a real one does. */
function letAttachWin(mock: MockDocker): void {
  const attached = new Promise<void>((resolve) => {
    mock.before("ContainerAttach", ({ name }) => (name === "ticking" ? resolve() : undefined));
  });
  mock.before("ContainerExec", ({ name }) => (name === "ticking" ? attached : undefined));
}

async function session(docker: string, ...words: string[]): Promise<{ said: Said[]; ending: Ending }> {
  const whalesong = await startWhalesong(...words, "--listen", SOCKET);
  const said = await play(docker, whalesong.url);
  return { said, ending: await whalesong.stop() };
}

function play(docker: string, host: string): Promise<Said[]> {
  return playSession(CLI_SESSION, { folder: join(folder, "desk"), host, docker, registry });
}

function cassetteOf(docker: string): string {
  return join(folder, `${docker.replaceAll("/", "-").slice(1)}.yaml`);
}

function* textsOf(cassette: string): Generator<string> {
  yield readFileSync(cassette, "latin1");
  const beside = cassette.replace(/\.yaml$/, "");
  for (const name of existsSync(beside) ? readdirSync(beside) : []) yield readFileSync(join(beside, name), "latin1");
}
