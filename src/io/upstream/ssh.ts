import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "../../base/clock.ts";
import type { Connection } from "../../session/connection.ts";
import { StreamConnection } from "../connections/stream-connection.ts";
import type { SshUpstream } from "./upstream.ts";

type Ssh = ChildProcessByStdio<Writable, Readable, Readable>;

/** How long ssh is watched before it counts as started: an unknown host name fails within this time. */
const EARLY_DEATH_MS = 250;
const STDERR_LIMIT = 4096;

/**
 * A connection through `ssh … docker system dial-stdio`, as the docker CLI makes it (docker/cli: cli/connhelper). ssh
 * does not report when it has logged in, so a failure may come after this has resolved. Then `onLateFailure` is called
 * once, unless the daemon has already sent bytes.
 */
export async function connectSsh(
  upstream: SshUpstream,
  clock: Clock,
  onLateFailure: (error: Error) => void,
): Promise<Connection> {
  const ssh: Ssh = spawn("ssh", buildSshArguments(upstream), { stdio: ["pipe", "pipe", "pipe"] });
  if (ssh.pid === undefined) throw (await once(ssh, "error"))[0];
  const connection = connectStdio(ssh);
  const failure = watchFailure(ssh);
  const early = await waitForEarlyFailure(ssh, failure, clock);
  if (early !== undefined) throw early;
  void failure.then((late) => late !== undefined && onLateFailure(late));
  return connection;
}

/** `ssh [-l user] [-p port] -- host docker [--host unix://path] system dial-stdio` */
export function buildSshArguments({ user, host, port, path }: SshUpstream): readonly string[] {
  const login = user === undefined ? [] : ["-l", user];
  const door = port === undefined ? [] : ["-p", String(port)];
  const daemon = path === undefined ? [] : ["--host", quoteShellWord(`unix://${path}`)];
  return [...login, ...door, "--", host, "docker", ...daemon, "system", "dial-stdio"];
}

/** The remote shell parses the command, so a word with other than plain characters must be quoted. */
function quoteShellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function connectStdio(ssh: Ssh): Connection {
  const forceClose = (): void => {
    ssh.kill();
    ssh.stdin.destroy();
    ssh.stdout.destroy();
  };
  return new StreamConnection({ readable: ssh.stdout, writable: ssh.stdin, forceClose: forceClose });
}

/** Waits for the first bytes of the daemon, a failure of ssh, or EARLY_DEATH_MS. */
async function waitForEarlyFailure(
  ssh: Ssh,
  failure: Promise<Error | undefined>,
  clock: Clock,
): Promise<Error | undefined> {
  const wake = new AbortController();
  ssh.stdout.once("data", () => wake.abort());
  const asleep = clock.sleep(EARLY_DEATH_MS, wake.signal).then(() => undefined);
  const early = await Promise.race([failure, asleep]);
  wake.abort();
  return early;
}

/** Resolves when ssh has ended: with its stderr as an error if no byte came through it, otherwise with undefined. */
function watchFailure(ssh: Ssh): Promise<Error | undefined> {
  let [complaint, hasOutput] = ["", false];
  ssh.stderr.on("data", (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-STDERR_LIMIT);
  });
  ssh.stdout.once("data", () => {
    hasOutput = true;
  });
  return new Promise((resolve) => {
    ssh.once("close", (status: number | null) => {
      const isFine = hasOutput || status === 0 || status === null;
      resolve(isFine ? undefined : new Error(`ssh ended with status ${status} (${complaint.trim() || "no message"})`));
    });
  });
}
