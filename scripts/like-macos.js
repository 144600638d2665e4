/**
 * Runs a command on Linux under what is different on macOS: the platform that Node names, no /proc and no /sys, socket
 * paths of at most 103 bytes, 128 waiting connections, and a TMPDIR that is long and a symbolic link.
 *
 *     node scripts/like-macos.js npx vitest run test/io test/cli
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** As long as `/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T`, where /var is a link to /private/var. */
const LENGTH = 48;

const root = mkdtempSync(join(tmpdir(), "mac"));
try {
  const folder = join("/", "v".repeat(Math.max(1, LENGTH - root.length - "/f//T".length)), "T");
  mkdirSync(join(root, "private", folder), { recursive: true });
  symlinkSync("private", join(root, "f"));
  const preload = new URL("./like-macos/preload.js", import.meta.url);
  const { NODE_OPTIONS = "" } = process.env;
  const env = { ...process.env, TMPDIR: join(root, "f", folder), NODE_OPTIONS: `${NODE_OPTIONS} --import ${preload}` };
  const [command = "", ...words] = process.argv.slice(2);
  process.exitCode = spawnSync(command, words, { env, stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
