/** A short run of scripts/crash.js; docs/robustness.md has the figures of a long one. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../scripts/crash.js", import.meta.url));
const ROUNDS = ["--kills", "2", "--signals", "3", "--full-disks", "1"];
/** The recorder is busy, and leaves the other tests a core. The uploads are long enough to have no digest before the end. */
const LOAD = ["--upload-kib", "1536", "--pause-ms", "15"];

// RLIMIT_FSIZE stands for a full disk, and prlimit is Linux's.
test.runIf(process.platform === "linux")(
  "a busy recorder that is ended in any way leaves what it promises",
  () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...ROUNDS, ...LOAD, "--seed", "1"]);
    expect(String(stderr)).toBe("");
    expect(status).toBe(0);
    const lines = String(stdout).trim().split("\n");
    const summaries = lines.map((line) => JSON.parse(line) as { kind: string; ended: number });
    expect(summaries.map(({ kind }) => kind).sort()).toEqual(["full-disk", "kill", "signal"]);
    for (const { ended } of summaries) expect(ended).toBeGreaterThan(10);
  },
  180_000,
);
