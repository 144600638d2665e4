import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine28 } from "../../scripts/engine28.js";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { type MockDocker, mockDocker } from "../../src/modes/mock-docker.ts";
import { CLI_ALLOWANCES, ENGINE_28_ALLOWANCES, TODAY_ALLOWANCES } from "./agreement/cli-allowances.ts";
import { normalizeOutputs, type OutputAllowance } from "./agreement/normalize-output.ts";
import { playSession, type Said } from "./cli-player.ts";
import { CLI_SESSION } from "./cli-session.ts";
import { ENGINE_28, type EngineName } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { withoutOwnClock } from "./own-clock.ts";
import { TODAY_FILES } from "./today-files.ts";
import { TODAY_ENV, TODAY_SESSION } from "./today-session.ts";
import { type Ending, runWhalesong, startWhalesong } from "./whalesong.ts";

const folder = folderForAll();

/** What is played, and what it needs beside a docker CLI. */
interface CliSession {
  readonly name: string;
  readonly lines: readonly string[];
  readonly commands: number;
  readonly replays: number;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What is compared of a line. @default every byte */
  readonly toComparable?: (said: Said) => Said;
  /** Where the mock may differ, beside the allowances of all sessions. */
  readonly allowances?: readonly OutputAllowance[];
}

/** A CLI, the daemon that it talks to, and what it is asked. */
interface SessionRow extends CliSession {
  readonly engine: EngineName;
  readonly docker: string;
  readonly plugins?: string;
}

const CLASSIC: CliSession = { name: "a session", lines: CLI_SESSION, commands: 40, replays: 5 };
const TODAY: CliSession = {
  name: "a session with compose and buildx",
  lines: TODAY_SESSION,
  commands: 60,
  replays: 2,
  files: TODAY_FILES,
  env: TODAY_ENV,
  toComparable: withoutOwnClock,
  allowances: TODAY_ALLOWANCES,
};

/** Of the older engine, the machine's own CLI and the one that comes with the daemon: they do not ask alike. */
const rows: readonly SessionRow[] = [
  ...["/usr/local/bin/docker", "/usr/bin/docker"]
    .filter(existsSync)
    .map((docker) => ({ ...CLASSIC, engine: "20.10" as const, docker })),
  ...("programs" in ENGINE_28 ? rowsOf(ENGINE_28.programs) : []),
].filter((row) => new RegExp(process.env.ROWS ?? "").test(`Engine ${row.engine}, ${row.docker}, ${row.name}`));

function rowsOf({ docker, plugins }: Engine28): readonly SessionRow[] {
  const engine = "28";
  return [
    { ...CLASSIC, engine, docker },
    { ...TODAY, engine, docker, plugins },
  ];
}

const recorded = new Map<SessionRow, { readonly said: readonly Said[]; readonly ending: Ending }>();
/** One for all: a client may print it. */
const SOCKET = `unix://${join(folder, "docker.sock")}`;
let registry = "";

beforeAll(async () => {
  for (const row of rows) recorded.set(row, await recordedSession(row));
}, 600_000);

describe.each(rows)("$name of $docker with Engine $engine", (row) => {
  const { engine, lines, commands, replays, toComparable = (said: Said) => said } = row;
  const told = (): { said: readonly Said[]; ending: Ending } => recorded.get(row) as never;

  test("has many commands, and the tools that they need", () => {
    expect(lines.join("\n").match(/\bdocker [a-z]/g)?.length).toBeGreaterThan(commands);
    expect(told().said.filter(({ status, stdout }) => status === 99 || stdout.includes("[drive:"))).toEqual([]);
  });

  test("is recorded without a complaint, into a cassette that is good", async () => {
    expect(told().ending).toMatchObject({ status: 0, stderr: expect.not.stringContaining("incomplete") });
    expect(await runWhalesong("check", cassetteOf(row))).toMatchObject({ status: 0 });
  });

  test("leaves no password in the cassette or beside it", () => {
    const secrets = ["s3cret-tide", Buffer.from("s3cret-tide").toString("base64").slice(0, 12)];
    for (const text of textsOf(cassetteOf(row)))
      for (const secret of secrets) expect(text.includes(secret)).toBe(false);
  });

  test.each(Array.from({ length: replays }, (_, index) => index + 1))(
    "prints the same bytes and exits alike without a daemon, replay %i",
    async () => {
      const { said, ending } = await session(row, "replay", cassetteOf(row), "--fail-on-miss");
      expect(said.map(toComparable)).toEqual(told().said.map(toComparable));
      expect(ending).toMatchObject({ status: 0 });
    },
  );

  test("is had with the simulated daemon just so, but for ids, times and sizes", async () => {
    const ofEngine = engine === "28" ? ENGINE_28_ALLOWANCES : [];
    const allowances = [...CLI_ALLOWANCES, ...ofEngine, ...(row.allowances ?? [])];
    const mock = await mockDocker({ engine, listen: SOCKET, readsHostFiles: true });
    withOneImage(mock);
    const said = await play(row, mock.url);
    await mock.stop();
    const comparable = (all: readonly Said[]): Said[] => normalizeOutputs(all.map(toComparable), allowances);
    expect(comparable(said)).toEqual(comparable(told().said));
    if (row.name !== CLASSIC.name) return;
    const attached = said.find(({ line }) => line.startsWith("docker attach --no-stdin ticking "));
    expect(attached).toMatchObject({ status: 6, stdout: "tick\ntock\n" });
  });
});

/** A daemon of its own: a session leaves a container behind. */
async function recordedSession(row: SessionRow): Promise<{ said: Said[]; ending: Ending }> {
  const daemon = await startPrivateDaemon({ engine: row.engine });
  registry = daemon.registry;
  try {
    await importBusybox(daemon.url, "busybox:latest");
    return await session(row, "record", cassetteOf(row), "--upstream", daemon.url);
  } finally {
    await daemon.stop();
  }
}

/** As the real daemon is prepared. */
function withOneImage({ engine: { images } }: MockDocker): void {
  images.delete(images.find("hello-world").id);
}

async function session(row: SessionRow, ...words: string[]): Promise<{ said: Said[]; ending: Ending }> {
  const whalesong = await startWhalesong(...words, "--listen", SOCKET);
  const said = await play(row, whalesong.url);
  return { said, ending: await whalesong.stop() };
}

function play({ lines, docker, plugins, files, env }: SessionRow, host: string): Promise<Said[]> {
  const stage = { folder: join(folder, "desk"), host, docker, plugins, registry };
  return playSession(lines, { ...stage, ...(files && { files }), ...(env && { env }) });
}

function cassetteOf(row: SessionRow): string {
  return join(folder, `${rows.indexOf(row)}.yaml`);
}

function* textsOf(cassette: string): Generator<string> {
  yield readFileSync(cassette, "latin1");
  const beside = cassette.replace(/\.yaml$/, "");
  for (const name of existsSync(beside) ? readdirSync(beside) : []) yield readFileSync(join(beside, name), "latin1");
}
