/**
 * Records the cassettes of test/clients anew, from a private daemon: `npm run clients:record`. The tests do it
 * themselves, each in its own process as users have it; what they saw becomes their snapshots.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { imageArchive } from "./busybox-image.js";
import { importBusybox, loadArchive, startPrivateDaemon } from "./private-daemon.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TESTS = ["test/clients/every-dockerode-method.test.ts"];

const daemon = await startPrivateDaemon();
try {
  await importBusybox(daemon.url, "busybox:latest");
  const note = { name: "note.txt", content: "a note\n" };
  await loadArchive(daemon.url, await imageArchive({ tag: "note:latest", layers: [[note]] }));
  const { status } = spawnSync(
    "npx",
    ["vitest", "run", "-u", "--no-file-parallelism", ...TESTS, ...process.argv.slice(2)],
    {
      cwd: ROOT,
      stdio: "inherit",
      env: { ...process.env, WHALESONG_MODE: "record", WHALESONG_UPSTREAM: daemon.url, CI: "" },
    },
  );
  process.exitCode = status ?? 1;
} finally {
  await daemon.stop();
}
