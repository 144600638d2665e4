/** A folder that is gone when the part ends, however it ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs a part in a folder of its own.
 * @param {(folder: string) => Promise<void>} run
 */
export async function withFolder(run) {
  const folder = mkdtempSync(join(process.env.BENCH_TMP ?? tmpdir(), "whalesong-bench-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs with servers, and ends all that were started.
 * @template Result
 * @param {(keep: (starting: Promise<import("./processes.js").Server>) => Promise<import("./processes.js").Server>) => Promise<Result>} run
 */
export async function withServers(run) {
  /** @type {import("./processes.js").Server[]} */
  const servers = [];
  const keep = async (/** @type {Promise<import("./processes.js").Server>} */ starting) => {
    const server = await starting;
    servers.push(server);
    return server;
  };
  try {
    return await run(keep);
  } finally {
    for (const server of servers) await server.stop();
  }
}
