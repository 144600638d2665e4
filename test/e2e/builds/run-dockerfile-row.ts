/** Runs a row of the table of Dockerfiles against a daemon, and writes down what its clients print. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { dirname, join } from "node:path";
import type { DockerfileRow } from "./dockerfile-rows.ts";
import { runLine } from "./run-build.ts";
import { toStepLines } from "./step-lines.ts";

const LONG_AGO = new Date("2026-01-01T00:00:00Z");

/** Below the folder, which also has the client's programs and settings: they are no part of a context. */
const CONTEXT = "context";

/** @returns each line of the row with its exit status and what it prints, as text */
export async function runDockerfileRow(row: DockerfileRow, folder: string, host: string): Promise<string> {
  layOutRow(row, join(folder, CONTEXT));
  await pruneCache(host);
  const answers: string[] = [];
  for (const line of row.lines) {
    const { status, printed } = await runLine(`cd ${CONTEXT}; ${line}`, { folder, client: "CLI 28.5" }, host);
    answers.push([`$ ${line}`, `exit status ${status}`, ...toStepLines(printed)].map((text) => `${text}\n`).join(""));
  }
  return answers.join("\n");
}

function layOutRow({ files, prepare }: DockerfileRow, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o644 });
    utimesSync(join(folder, path), LONG_AGO, LONG_AGO);
  }
  if (prepare !== undefined) execFileSync("sh", ["-c", prepare], { cwd: folder });
}

/** One row must not find the steps of another. */
function pruneCache(host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: host.replace("unix://", ""), path: "/build/prune?all=1", method: "POST" };
    const pruning = request(options, (response) => response.resume().on("end", resolve));
    pruning.on("error", reject).end();
  });
}
