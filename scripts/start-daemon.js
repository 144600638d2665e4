/**
 * Starts a private daemon to try things with, and keeps it until Ctrl-C: `node scripts/start-daemon.js [20.10|28]`.
 * It has `busybox:latest`, and leaves nothing behind. Linux, as root.
 */
import { once } from "node:events";
import { importBusybox, startPrivateDaemon } from "./private-daemon.js";

const [engine = "28"] = process.argv.slice(2);
if (engine !== "20.10" && engine !== "28") {
  console.error(`there is no engine \`${engine}\`: node scripts/start-daemon.js [20.10|28]`);
  process.exit(2);
}

const daemon = await startPrivateDaemon({ engine });
try {
  const stopped = Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
  await importBusybox(daemon.url, "busybox:latest");
  console.log(`Engine ${engine} runs, with busybox:latest, until Ctrl-C. In another shell:`);
  console.log(`  export DOCKER_HOST=${daemon.url}`);
  if (daemon.docker.includes("/")) console.log(`  alias docker=${daemon.docker}`);
  await stopped;
} finally {
  await daemon.stop();
}
