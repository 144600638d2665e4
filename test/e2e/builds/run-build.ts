import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { clientNamed } from "../clients.ts";
import { type BuildClient, CONTEXTS } from "./build-rows.ts";
import { CANARIES } from "./canaries.ts";
import { listTree } from "./folder-tree.ts";
import { LOGINS } from "./guarded-registry.ts";
import { toComparableLines } from "./printed-lines.ts";

export interface BuildStage {
  readonly folder: string;
  readonly client: BuildClient;
}

export interface PrintedBuild {
  readonly status: number | null;
  readonly printed: string;
  /** The comparable lines of what was printed. */
  readonly lines: readonly string[];
  /** What `--iidfile` or `-q` has left in `out/id`. */
  readonly ids: string;
  /** The files that the build has put into `out/tree`. */
  readonly tree: readonly string[];
  readonly seconds: number;
  /** How the recorder ended. */
  readonly recorder?: number | null;
  /** What the replay reported. */
  readonly report?: unknown;
}

/** A build that hangs fails its test by this limit, in milliseconds. */
const LIMIT_MS = 60_000;
const LONG_AGO = new Date("2026-01-01T00:00:00Z");

/** The same files every time, with the same times. */
export function layOutContexts(folder: string): void {
  for (const name of new Set(Object.keys(CONTEXTS).map((path) => path.split("/")[0] as string))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  rmSync(join(folder, "out"), { recursive: true, force: true });
  mkdirSync(join(folder, "out"), { recursive: true });
  for (const [path, content] of Object.entries(CONTEXTS)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o644 });
    utimesSync(join(folder, path), LONG_AGO, LONG_AGO);
  }
}

/**
 * @param under words before the shell's
 * @param limitMs a build that hangs is ended then
 */
export async function runBuild(
  line: string,
  stage: BuildStage,
  host: string,
  under: readonly string[] = [],
  limitMs: number = LIMIT_MS,
): Promise<PrintedBuild> {
  const { folder } = stage;
  const began = performance.now();
  const { status, printed } = await runLine(line, stage, host, under, limitMs);
  return {
    status,
    printed,
    lines: toComparableLines(printed),
    ids: readIfThere(join(folder, "out/id")),
    tree: existsSync(join(folder, "out/tree")) ? listTree(join(folder, "out/tree")) : [],
    seconds: (performance.now() - began) / 1000,
  };
}

/** Runs a line of shell with the client; its standard output comes before its standard error. */
export async function runLine(
  line: string,
  { folder, client }: BuildStage,
  host: string,
  under: readonly string[] = [],
  limitMs: number = LIMIT_MS,
): Promise<Pick<PrintedBuild, "status" | "printed">> {
  const [command = "", ...words] = [...under, "sh", "-c", line];
  const child = spawn(command, words, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: await environmentOf(folder, client, host),
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await exited, printed: stdout + stderr };
}

async function environmentOf(folder: string, client: BuildClient, host: string): Promise<NodeJS.ProcessEnv> {
  const { docker = "/usr/bin/docker", plugins } = await clientNamed(`docker ${client}`, folder);
  const tools = join(folder, `tools ${client}`);
  rmSync(tools, { recursive: true, force: true });
  mkdirSync(join(tools, "config"), { recursive: true });
  symlinkSync(docker, join(tools, "docker"));
  writeFileSync(join(tools, "config/config.json"), LOGINS);
  if (plugins !== undefined) symlinkSync(plugins, join(tools, "config/cli-plugins"));
  const { DOCKER_CONTEXT: _, ...rest } = process.env;
  return {
    ...rest,
    PATH: [tools, rest.PATH].join(delimiter),
    HOME: tools,
    DOCKER_HOST: host,
    DOCKER_CONFIG: join(tools, "config"),
    DOCKER_BUILDKIT: "1",
    BUILDKIT_PROGRESS: "plain",
    COMPOSE_PROGRESS: "plain",
    DOCKER_CLI_HINTS: "false",
    COMPOSE_MENU: "false",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    BUILD_TOKEN: CANARIES["secret from the environment"],
  };
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
