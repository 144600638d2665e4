/** The command-line tool as its users have it: a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const BIN = join(import.meta.dirname, "../../bin/whalesong.js");
const PEAK_MEMORY = pathToFileURL(join(import.meta.dirname, "peak-memory.mjs")).href;

export interface Ending {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory it ever had, in MB; 0 where it was killed. */
  readonly peakMemory: number;
}

export interface Whalesong {
  readonly url: string;
  /** The path of its socket. */
  readonly socket: string;
  readonly pid: number;
  readonly ended: Promise<Ending>;
  stop(signal?: NodeJS.Signals): Promise<Ending>;
}

/** Runs it to its end. */
export function runWhalesong(...words: readonly string[]): Promise<Ending> {
  return endingOf(spawned(words));
}

/** Starts `record` or `replay` without a command; resolves once connections are accepted. */
export async function startWhalesong(...words: readonly string[]): Promise<Whalesong> {
  const child = spawned(words);
  const ended = endingOf(child);
  const url = await Promise.race([urlOf(child), ended.then(refuseToStart)]);
  return {
    url,
    socket: url.replace("unix://", ""),
    pid: child.pid as number,
    ended,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return ended;
    },
  };
}

function spawned(words: readonly string[]): ChildProcess {
  const { DOCKER_HOST: _, ...env } = process.env;
  const stdio = ["ignore", "pipe", "pipe", "pipe"] as const;
  return spawn(process.execPath, ["--import", PEAK_MEMORY, BIN, ...words], {
    stdio: [...stdio],
    env: { ...env, NO_COLOR: "1" },
  });
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  const exit = new Promise<Pick<Ending, "status" | "signal">>((resolve) => {
    child.on("exit", (status, signal) => resolve({ status, signal }));
  });
  const [stdout, stderr, peak] = await Promise.all([1, 2, 3].map((fd) => text(child.stdio[fd] as Readable)));
  return { ...(await exit), stdout: stdout ?? "", stderr: stderr ?? "", peakMemory: Number(peak) };
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    child.stderr?.on("data", (piece: Buffer) => {
      said += piece.toString();
      const [, url] = /^listening on (\S+)$/m.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

function refuseToStart({ status, stderr }: Ending): never {
  throw new Error(`whalesong ended with status ${status} instead of listening:\n${stderr}`);
}
