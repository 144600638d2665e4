/** A command of a real docker CLI, as one of several clients of a case. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { clientNamed } from "../clients.ts";
import type { SlowDocker } from "./slow-docker.ts";

export type CliRelease = "20.10" | "28.5";

/** Resolves with what it has printed. Both releases speak the API that both know, so that their requests can be equal. */
export async function runCli(docker: SlowDocker, release: CliRelease, ...words: readonly string[]): Promise<string> {
  await docker.pause();
  const config = mkdtempSync(join(tmpdir(), "whalesong-cli-"));
  const { docker: program } = await clientNamed(`docker CLI ${release}`, config);
  const headers = docker.session === undefined ? {} : { "Whalesong-Session": docker.session };
  writeFileSync(join(config, "config.json"), JSON.stringify({ HttpHeaders: headers }));
  const env = {
    PATH: process.env.PATH,
    DOCKER_HOST: `unix://${docker.socket}`,
    DOCKER_CONFIG: config,
    DOCKER_API_VERSION: "1.41",
    DOCKER_CLI_HINTS: "false",
  };
  try {
    return (await promisify(execFile)(program as string, words, { env })).stdout.trim();
  } finally {
    rmSync(config, { recursive: true, force: true });
  }
}
