/** A registry beside a private daemon, which serves `guarded` only for a password or a token. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { PrivateDaemon } from "../engines.ts";
import { CANARIES } from "./canaries.ts";

const PROGRAM = join(import.meta.dirname, "../programs/guarded-registry.mjs");

/** The client's logins, as `docker login` writes them into config.json. */
export const LOGINS = JSON.stringify({
  auths: Object.fromEntries(
    ["127.0.0.1:5001", "127.0.0.1:5002"].map((host) => [
      host,
      { auth: Buffer.from(`captain:${CANARIES["registry password"]}`).toString("base64") },
    ]),
  ),
});

/** The words before a command that reaches the registry. */
export function nearDaemon({ network }: PrivateDaemon): string[] {
  return ["nsenter", `--net=${network}`];
}

/** Runs `use` while the registry has busybox as `guarded`. */
export async function withGuardedRegistry(daemon: PrivateDaemon, use: () => Promise<void>): Promise<void> {
  await pushGuarded(daemon);
  const env = { ...process.env, PASSWORD: CANARIES["registry password"], TOKEN: CANARIES["registry token"] };
  const [command = "", ...words] = [...nearDaemon(daemon), process.execPath, PROGRAM];
  const guard = spawn(command, words, { stdio: ["pipe", "pipe", "inherit"], env });
  try {
    await once(guard.stdout, "data");
    await use();
  } finally {
    guard.stdin.end();
  }
}

async function pushGuarded({ docker, registry, url }: PrivateDaemon): Promise<void> {
  const image = `${registry}/guarded`;
  const line = `"$0" tag busybox ${image} && "$0" push -q ${image} && "$0" rmi ${image}`;
  const pushing = spawn("sh", ["-c", line, docker], { stdio: "ignore", env: { ...process.env, DOCKER_HOST: url } });
  const [status] = await once(pushing, "exit");
  if (status !== 0) throw new Error(`expected to push ${image}, but \`${line}\` exited with ${status}`);
}
