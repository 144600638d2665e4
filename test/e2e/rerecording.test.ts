/**
 * A session that is recorded again over its cassette, from real daemons: without a change `git diff` is empty, with one
 * it shows that change, and what comes of it replays.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type EngineName, isMissing, type PrivateDaemon, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { type Ending, runWhalesong } from "./whalesong.ts";

const COMPOSE_FILE = `services:
  web: {image: busybox, init: true, command: sleep 600}
  db: {image: busybox, init: true, command: sleep 600, volumes: ["data:/data"]}
volumes: {data: {}}
`;
const DOCKERFILE = "FROM busybox\nCOPY app.txt /\nRUN date > /built; cat app.txt\n";
const COMPOSE = "docker compose --progress quiet -p tide";
const CLEAN_UP =
  "docker ps -aq | xargs -r docker rm -f; docker volume prune -af; docker builder prune -af; docker rmi -f demo:1; true";

interface Session {
  readonly does: string;
  readonly engines: readonly EngineName[];
  readonly line: string;
  /** The same session with one command that is another. */
  readonly changed: string;
  /** What the diff of the changed one has to show. */
  readonly shows: RegExp;
  /** Added and removed lines of that diff, at most. */
  readonly most: number;
}

const CLI = `docker version; docker run --rm busybox echo hello
  docker run -d --name web -p 8099:80 busybox sh -c 'echo up; exec sleep 600'
  docker ps; docker inspect web; docker exec web hostname; docker logs --timestamps web; docker top web
  docker images; docker network ls; docker info; docker rm -f web`;
const UP = `${COMPOSE} up -d; ${COMPOSE} ps; ${COMPOSE} exec -T web echo inside; ${COMPOSE} down -t 0 -v`;

const SESSIONS: readonly Session[] = [
  {
    does: "docker CLI",
    engines: ["20.10", "28"],
    line: CLI,
    changed: CLI.replace("echo hello", "echo HELLO"),
    shows: /^\+.*stdout: "HELLO\\n"$/m,
    most: 8,
  },
  {
    does: "dockerode",
    engines: ["20.10", "28"],
    line: 'node "$PROGRAMS/dockerode.mjs"',
    changed: 'node "$PROGRAMS/dockerode.mjs"; docker volume ls',
    shows: /^\+request: GET \/v1\.\d+\/volumes$/m,
    most: 40,
  },
  {
    does: "compose",
    engines: ["28"],
    line: UP,
    changed: UP.replace("echo inside", "echo INSIDE"),
    shows: /^\+.*stdout: "INSIDE\\n"$/m,
    most: 10,
  },
  {
    does: "build",
    engines: ["28"],
    line: "docker build -t demo:1 .",
    changed: "docker build -t demo:1 .; docker volume ls",
    shows: /^\+request: GET \/v1\.\d+\/volumes$/m,
    most: 40,
  },
];

const rows = SESSIONS.flatMap((session) => session.engines.map((engine) => ({ ...session, engine })))
  .map((row) => ({ ...row, title: `${row.does} with Engine ${row.engine}` }))
  .filter(({ engine, title }) => !isMissing(engine) && new RegExp(process.env.ROWS ?? "").test(title));

const folder = folderForAll();
const ENVIRONMENT = { ...process.env };
const diffs = new Map<
  string,
  { readonly same: string; readonly changed: string; readonly replayed: readonly Ending[] }
>();

beforeAll(async () => {
  for (const engine of ["20.10", "28"] as const) {
    const own = rows.filter((row) => row.engine === engine);
    if (own.length > 0)
      await withDaemon(engine, async (daemon) => {
        for (const row of own) diffs.set(row.title, await recordThrice(row, daemon));
      });
  }
}, 600_000);

describe.each(rows)("$title", ({ title, shows, most }) => {
  test("that is recorded again without a change differs in no line", () => {
    expect(diffs.get(title)?.same).toBe("");
  });

  test("that is recorded again with a change shows only the change", () => {
    const lines = (diffs.get(title)?.changed ?? "").split("\n").filter((line) => /^[-+](?![-+])/.test(line));
    expect(lines.join("\n")).toMatch(shows);
    expect(lines.length, lines.join("\n")).toBeLessThanOrEqual(most);
  });

  test("replays after each recording, with nothing missed", () => {
    for (const { status, stderr } of diffs.get(title)?.replayed ?? [])
      expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(diffs.get(title)?.replayed).toHaveLength(3);
  });
});

/** Recorded, recorded again, and recorded again with the change. */
async function recordThrice(
  { does, line, changed }: Session,
  daemon: PrivateDaemon,
): Promise<{ same: string; changed: string; replayed: Ending[] }> {
  const replayed: Ending[] = [];
  const cassette = join(folder, `${does.replaceAll(" ", "-")}.yaml`);
  const old = join(folder, "old.yaml");
  const record = async (command: string): Promise<string> => {
    if (existsSync(cassette)) copyFileSync(cassette, old);
    await play(daemon, command, "record", cassette, "--upstream", daemon.url);
    execFileSync("sh", ["-c", CLEAN_UP], { env: environmentOf(daemon, daemon.url), stdio: "ignore" });
    replayed.push(await play(daemon, command, "replay", cassette));
    return existsSync(old) ? diff(old, cassette) : "";
  };
  await record(line);
  const diffsOfRow = { same: await record(line), changed: await record(changed), replayed };
  for (const path of [cassette, old, cassette.replace(".yaml", "")]) rmSync(path, { recursive: true, force: true });
  return diffsOfRow;
}

function play(daemon: PrivateDaemon, command: string, ...words: string[]): Promise<Ending> {
  const desk = join(folder, "desk");
  rmSync(desk, { recursive: true, force: true });
  mkdirSync(join(desk, ".docker", "cli-plugins"), { recursive: true });
  if (daemon.plugins !== undefined) cpSync(daemon.plugins, join(desk, ".docker", "cli-plugins"), { recursive: true });
  for (const [name, text] of Object.entries({
    "compose.yaml": COMPOSE_FILE,
    Dockerfile: DOCKERFILE,
    "app.txt": "app\n",
  }))
    writeFileSync(join(desk, name), text);
  Object.assign(process.env, environmentOf(daemon));
  return runWhalesong(...words, "--", "sh", "-c", `cd "${desk}"; ${command}`);
}

function environmentOf(daemon: PrivateDaemon, host?: string): NodeJS.ProcessEnv {
  return {
    ...ENVIRONMENT,
    HOME: join(folder, "desk"),
    PATH: `${dirname(daemon.docker)}:${ENVIRONMENT.PATH}`,
    PROGRAMS: join(import.meta.dirname, "programs"),
    DOCKER_BUILDKIT: "1",
    RUN: "0f1e2d3c4b5a",
    UUID: "0f1e2d3c-4b5a-4987-8123-0123456789ab",
    ...(host === undefined ? {} : { DOCKER_HOST: host }),
  };
}

/** As a reviewer sees it; empty where nothing differs. */
function diff(old: string, fresh: string): string {
  try {
    return execFileSync("git", ["diff", "--no-index", "-U0", old, fresh], { encoding: "utf8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
