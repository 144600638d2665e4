import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Each path below `folder` with its type, mode, time, links and content, as one line. */
export function listTree(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return paths.map((path) => `${path}: ${describeEntry(join(folder, path))}`);
}

function describeEntry(path: string): string {
  const status = lstatSync(path);
  const mode = (status.mode & 0o7777).toString(8);
  if (status.isDirectory()) return `folder ${mode}`;
  if (status.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  const digest = createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
  return `file ${mode}, ${status.nlink} names, ${status.size} bytes, sha256 ${digest}`;
}
