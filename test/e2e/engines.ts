/** The real daemons of the e2e tests: Engine 20.10 from this machine's packages, and Engine 28, which is fetched. */
import { type Engine28, fetchEngine28 } from "../../scripts/engine28.js";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";

export type EngineName = "20.10" | "28";
export type PrivateDaemon = Awaited<ReturnType<typeof startPrivateDaemon>>;

/**
 * The programs of Engine 28, or why this machine cannot fetch them. Its tests are then skipped by name; `.ci/run` prints
 * the reason.
 */
export const ENGINE_28: { readonly programs: Engine28 } | { readonly missingBecause: string } = fetchOrSayWhy();

function fetchOrSayWhy(): typeof ENGINE_28 {
  try {
    return { programs: fetchEngine28() };
  } catch (error) {
    const missingBecause = (error as Error).message;
    console.warn(`not run: ${missingBecause}`);
    return { missingBecause };
  }
}

export function isMissing(engine: EngineName): boolean {
  return engine === "28" && "missingBecause" in ENGINE_28;
}

/** Runs `use` with a daemon that has busybox, and stops the daemon; does nothing where the engine cannot be had. */
export async function withDaemon(engine: EngineName, use: (daemon: PrivateDaemon) => Promise<void>): Promise<void> {
  if (isMissing(engine)) return;
  const daemon = await startPrivateDaemon({ engine });
  try {
    await importBusybox(daemon.url, "busybox:latest");
    await use(daemon);
  } finally {
    await daemon.stop();
  }
}
