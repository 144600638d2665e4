import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, parse } from "node:path";
import { buffer } from "node:stream/consumers";

/** What a command line came to. */
export interface Said {
  readonly line: string;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Stage {
  /** Where the lines are played. */
  readonly folder: string;
  /** DOCKER_HOST. */
  readonly host: string;
  /** The docker CLI. */
  readonly docker: string;
  /** A folder of the CLI's plugins; without one it has those of the machine. */
  readonly plugins?: string | undefined;
  readonly registry: string;
  /** More files, by path below `folder`. */
  readonly files?: Readonly<Record<string, string>>;
  /** More of the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** The words before the shell's. */
  readonly under?: readonly string[];
  /** After this long the line is ended. */
  readonly patienceMs?: number;
}

const TOOLS = ["drive.py", "without-log.sh"];
const TEXT_SIZE = 16 * 1024;
const CONTEXT: Readonly<Record<string, string>> = {
  Dockerfile:
    'FROM busybox\nARG WHO=world\nLABEL tide=low\nCOPY fish.txt /\nRUN echo "hello $WHO" > /hello && cat /hello\nCMD ["cat","/hello"]\n',
  Failing: "FROM busybox\nRUN echo before; exit 7\n",
  Broken: "FROM busybox\nSWIM\n",
  "fish.txt": "cod\n",
};
const LONG_AGO = new Date("2026-01-01T00:00:00Z");

/** Plays the lines one after the other. */
export async function playSession(lines: readonly string[], stage: Stage): Promise<Said[]> {
  layOutFiles(stage);
  const said: Said[] = [];
  for (const line of lines) said.push(await play(line, stage));
  return said;
}

/** The same files every time, with the same times: a build's context is part of the conversation. */
function layOutFiles({ folder, docker, plugins, files = {} }: Stage): void {
  rmSync(folder, { recursive: true, force: true });
  for (const path of ["bin", "config", "in/sub", "context"]) mkdirSync(join(folder, path), { recursive: true });
  symlinkSync(docker, join(folder, "bin/docker"));
  if (plugins !== undefined) symlinkSync(plugins, join(folder, "config/cli-plugins"));
  for (const tool of TOOLS) symlinkSync(join(import.meta.dirname, tool), join(folder, "bin", parse(tool).name));
  const write = (path: string, content: string): void => writeFileSync(join(folder, path), content);
  write("in/hello.txt", "hello from the shore\n");
  write("in/sub/numbers.txt", Array.from({ length: 50_000 }, (_, index) => `${index}\n`).join(""));
  symlinkSync("hello.txt", join(folder, "in/link"));
  for (const [name, content] of Object.entries(CONTEXT)) write(`context/${name}`, content);
  for (const path of ["in/hello.txt", "in/sub/numbers.txt", "in/sub", "in", "context/fish.txt", "context"]) {
    utimesSync(join(folder, path), LONG_AGO, LONG_AGO);
  }
  for (const [path, content] of Object.entries(files)) layOutFile(join(folder, path), content);
}

function layOutFile(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o644 });
  for (const each of [path, dirname(path)]) utimesSync(each, LONG_AGO, LONG_AGO);
}

async function play(line: string, stage: Stage): Promise<Said> {
  const [command = "", ...words] = [...(stage.under ?? []), "sh", "-c", line];
  const child = spawn(command, words, {
    cwd: stage.folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(stage),
    ...(stage.patienceMs === undefined ? {} : { timeout: stage.patienceMs }),
  });
  const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const [stdout, stderr] = await Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  return { line, status: await exit, stdout: told(stdout), stderr: told(stderr) };
}

function environment({ folder, host, registry, env }: Stage): NodeJS.ProcessEnv {
  const { DOCKER_CONTEXT: _, DOCKER_TLS_VERIFY: _verify, ...rest } = { ...process.env, ...env };
  return {
    ...rest,
    PATH: [join(folder, "bin"), rest.PATH].join(delimiter),
    DOCKER_HOST: host,
    DOCKER_CONFIG: join(folder, "config"),
    DOCKER_CLI_HINTS: "false",
    R: registry,
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
  };
}

/** Every byte counts, whatever it means; of long ones a digest is enough. */
function told(bytes: Buffer): string {
  if (bytes.length <= TEXT_SIZE) return bytes.toString("latin1");
  return `${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}`;
}
