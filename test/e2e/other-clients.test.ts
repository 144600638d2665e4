/**
 * A cassette outlives its client: recorded with one release of the docker CLI, replayed with the others. A newer CLI
 * prints the same; an older one gets a miss that names the version to set, and prints the same once it is set.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { playSession, type Said } from "./cli-player.ts";
import { ENGINE_28, type EngineName, isMissing, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { type Ending, startWhalesong } from "./whalesong.ts";

const ENGINES: readonly EngineName[] = ["20.10", "28"];
/** Path and newest API version of each CLI. */
const CLIS: Readonly<Record<string, { readonly docker: string; readonly api: number }>> = {
  "20.10": { docker: "/usr/bin/docker", api: 41 },
  "28.2": { docker: "/usr/local/bin/docker", api: 50 },
  "28.5": { docker: "programs" in ENGINE_28 ? ENGINE_28.programs.docker : "", api: 51 },
};
const NEWEST_API: Readonly<Record<EngineName, number>> = { "20.10": 41, 28: 51 };

const SESSION: readonly string[] = [
  "docker run --name web busybox echo hello",
  "docker ps -a --format '{{.Names}} {{.Image}}'",
  `docker run -d --name sea -e TIDE=low -p 8080:80 -v vol:/data busybox sh -c 'echo up; trap "exit 3" TERM; while :; do sleep 0.1; done'`,
  "docker exec sea sh -c 'echo in; exit 4'",
  "docker logs sea",
  "docker inspect --format '{{.State.Running}} {{.Config.Cmd}}' sea",
  "docker inspect --format '{{.Id}} {{.RepoTags}}' busybox",
  "docker volume create --label a=b vol2",
  "docker network create reef",
  "docker network connect reef sea",
  "docker create --name one --network reef --network-alias uno -m 64m busybox sleep 100",
  "docker create --name none --network none --privileged --entrypoint '' busybox sleep 3",
  "docker stop -t 2 sea",
  "docker wait sea",
  "docker start one",
  "docker update --memory 128m --memory-swap 128m one",
  "docker kill one",
  "docker commit -m tide one img:1",
  "docker tag img:1 img:2",
  "docker rm web sea one none",
  "docker rmi img:1 img:2",
  "docker network rm reef",
  "docker volume rm vol vol2",
  "docker rm nothing",
  "docker version --format '{{.Server.Version}} {{.Server.APIVersion}}'",
];

interface Played {
  readonly said: readonly Said[];
  readonly ending: Ending;
}

const folder = folderForAll();
const names = Object.keys(CLIS).filter((name) => existsSync(dockerOf(name)));
const recorded = new Map<string, Played>();

beforeAll(async () => {
  for (const engine of ENGINES) {
    await withDaemon(engine, async ({ url, registry }) => {
      for (const cli of names) {
        const recorder = await startWhalesong("record", cassetteOf(engine, cli), "--upstream", url);
        const said = await playSession(SESSION, stageOf(cli, recorder.url, registry));
        recorded.set(cassetteOf(engine, cli), { said, ending: await recorder.stop() });
      }
    });
  }
}, 600_000);

const recordings = ENGINES.filter((engine) => !isMissing(engine)).flatMap((engine) =>
  names.map((cli) => ({ engine, cli })),
);
const rows = recordings.flatMap(({ engine, cli: before }) =>
  names.filter((now) => now !== before).map((now) => ({ engine, before, now })),
);

test("no CLI is missing", () => expect(names).toEqual(Object.keys(CLIS)));

test.each(recordings)("the recording of CLI $cli with Engine $engine is whole", ({ engine, cli }) => {
  const { said, ending } = recorded.get(cassetteOf(engine, cli)) as Played;
  expect(ending).toMatchObject({ status: 0, stderr: expect.not.stringContaining("incomplete") });
  expect(said.map(({ status }) => status)).toEqual(SESSION.map(expectedStatus));
});

test.each(rows.filter((row) => apiOf(row.now) >= usedApi(row)))(
  "Engine $engine: CLI $now prints the same as CLI $before did, and exits alike",
  async ({ engine, before, now }) => {
    await expectSameSession(cassetteOf(engine, before), now, {});
  },
);

describe.each(rows.filter((row) => apiOf(row.now) < usedApi(row)))(
  "Engine $engine: CLI $now, which is too old for what CLI $before recorded",
  (row) => {
    const file = cassetteOf(row.engine, row.before);
    const version = `1.${usedApi(row)}`;

    test("gets a miss that names the version of the recording", async () => {
      const { said } = await replayWith(file, row.now, {}, SESSION.slice(0, 2));
      for (const { status, stdout, stderr } of said) {
        expect({ isError: status !== 0, stdout }).toEqual({ isError: true, stdout: "" });
        expect(stderr).toContain(`version  recorded ${version}   got 1.${apiOf(row.now)}`);
        expect(stderr).toContain(`set DOCKER_API_VERSION=${version} for this client`);
      }
    });

    test("prints the same and exits alike with that version", async () => {
      await expectSameSession(file, row.now, { DOCKER_API_VERSION: version });
    });
  },
);

/** The minor number of the API that the recorded CLI spoke with the daemon. */
function usedApi({ engine, before }: (typeof rows)[number]): number {
  return Math.min(apiOf(before), NEWEST_API[engine]);
}

async function expectSameSession(file: string, cli: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { said, ending } = await replayWith(file, cli, env, SESSION);
  const { said: live } = recorded.get(file) as Played;
  expect(said.map(toCompared), said.map(({ stderr }) => stderr).join("")).toEqual(live.map(toCompared));
  expect(ending, ending.stderr).toMatchObject({ status: 0 });
}

/** What the releases print on stderr differs; a miss shows in the status. */
function toCompared({ line, status, stdout }: Said): Omit<Said, "stderr"> {
  return { line, status, stdout };
}

async function replayWith(
  file: string,
  cli: string,
  env: NodeJS.ProcessEnv,
  lines: readonly string[],
): Promise<Played> {
  const replay = await startWhalesong("replay", file, "--fail-on-miss");
  const said = await playSession(lines, { ...stageOf(cli, replay.url, ""), env });
  return { said, ending: await replay.stop() };
}

function stageOf(cli: string, host: string, registry: string): Parameters<typeof playSession>[1] {
  return { folder: join(folder, "stage"), host, docker: dockerOf(cli), registry };
}

function expectedStatus(line: string): number {
  if (line.startsWith("docker exec")) return 4;
  return line === "docker rm nothing" ? 1 : 0;
}

function cassetteOf(engine: EngineName, cli: string): string {
  return join(folder, `engine-${engine}-cli-${cli}.yaml`);
}

function dockerOf(cli: string): string {
  return CLIS[cli]?.docker ?? "";
}

function apiOf(cli: string): number {
  return CLIS[cli]?.api ?? 0;
}
