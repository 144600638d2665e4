/** When a container comes back by itself (moby restartmanager/restartmanager.go). */
import type { Container } from "../../model/container.ts";

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 60_000;
/** Who ran longer than this begins anew. */
const STABLE_MS = 10_000;

export function restarts({ hostConfig, isStoppedByHand, restartCount }: Container, exitCode: number): boolean {
  const { Name, MaximumRetryCount } = hostConfig.RestartPolicy;
  if (isStoppedByHand) return false;
  if (Name === "always" || Name === "unless-stopped") return true;
  if (Name !== "on-failure" || exitCode === 0) return false;
  return MaximumRetryCount === 0 || restartCount < MaximumRetryCount;
}

/** Twice as long each time. */
export function restartDelayMs(count: number, ranMs: number): number {
  if (ranMs >= STABLE_MS) return FIRST_DELAY_MS;
  return Math.min(FIRST_DELAY_MS * 2 ** Math.min(count - 1, 10), LONGEST_DELAY_MS);
}
