/** Small cassettes for the tests of the disk store. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder } from "./temporary.ts";

export const HEADER = "whalesong: 1\n";
export const UNFINISHED = "whalesong: 1\nunfinished: true\n";

export function exchange(target: string): string {
  return `---\nrequest: GET ${target}\nresponse: 200 OK\n`;
}

export const [A, B, C] = [exchange("/a"), exchange("/b"), exchange("/c")];

export function read(path: string): string {
  return readFileSync(path, "utf8");
}

export function createCassettePath(): string {
  return join(createTemporaryFolder(), "run.yaml");
}

/** Puts the file there as a person would have. */
export function createExisting(text: string): string {
  const path = createCassettePath();
  writeFileSync(path, text);
  return path;
}
