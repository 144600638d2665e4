/** What the clients of Engine 28.5 print of each row of the table of Dockerfiles, as files that one can read. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DockerfileRow } from "./dockerfile-rows.ts";

const FOLDER = join(import.meta.dirname, "live-answers");

/** @throws Error for a row that has no answer yet */
export function readLiveAnswer(row: DockerfileRow): string {
  const path = toAnswerPath(row);
  if (existsSync(path)) return readFileSync(path, "utf8");
  throw new Error(`no live answer for \`${row.name}\`: expected ${path}; WRITE_LIVE_ANSWERS=1 writes it`);
}

export function writeLiveAnswer(row: DockerfileRow, answer: string): void {
  mkdirSync(dirname(toAnswerPath(row)), { recursive: true });
  writeFileSync(toAnswerPath(row), answer);
}

function toAnswerPath({ topic, name }: DockerfileRow): string {
  return join(FOLDER, topic, `${name.replace(/\W+/g, "-")}.txt`);
}
