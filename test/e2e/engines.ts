/**
 * The real daemons of the e2e tests: Engine 20.10 and podman from this machine's packages, and Engine 28, which is
 * fetched.
 */
import { type Engine28, fetchEngine28 } from "../../scripts/engine28.js";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { ensurePodman, startPrivatePodman } from "../../scripts/private-podman.js";

export type EngineName = "20.10" | "28";
/** What records may come from. */
export type UpstreamName = EngineName | "podman";
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
    return { missingBecause: explainMissing(error) };
  }
}

function explainMissing(error: unknown): string {
  const { message } = error as Error;
  console.warn(`not run: ${message}`);
  return message;
}

let podman: { readonly missingBecause?: string } | undefined;

/** Podman is looked for, and installed, only by tests that use it. */
function findPodman(): { readonly missingBecause?: string } {
  if (podman !== undefined) return podman;
  try {
    ensurePodman();
    podman = {};
  } catch (error) {
    podman = { missingBecause: explainMissing(error) };
  }
  return podman;
}

export function isMissing(upstream: UpstreamName): boolean {
  if (upstream === "podman") return findPodman().missingBecause !== undefined;
  return upstream === "28" && "missingBecause" in ENGINE_28;
}

/** Starts a daemon that has busybox. Its user stops it. */
export async function startDaemon(upstream: UpstreamName): Promise<PrivateDaemon> {
  const daemon = upstream === "podman" ? await startPrivatePodman() : await startPrivateDaemon({ engine: upstream });
  await importBusybox(daemon.url, "busybox:latest").catch(async (error: unknown) => {
    await daemon.stop();
    throw error;
  });
  return daemon;
}

/** Runs `use` with a daemon that has busybox, and stops the daemon; does nothing where it cannot be had. */
export async function withDaemon(upstream: UpstreamName, use: (daemon: PrivateDaemon) => Promise<void>): Promise<void> {
  if (isMissing(upstream)) return;
  const daemon = await startDaemon(upstream);
  try {
    await use(daemon);
  } finally {
    await daemon.stop();
  }
}
