/** Decides whether and when a container restarts (moby restartmanager/restartmanager.go). */
import type { Container } from "../../model/container.ts";

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 60_000;
/** A run of this length resets the delay. */
const STABLE_MS = 10_000;

export function hasToRestart({ hostConfig, isStoppedByHand, restartCount }: Container, exitCode: number): boolean {
  const { Name, MaximumRetryCount } = hostConfig.RestartPolicy;
  if (isStoppedByHand) return false;
  if (Name === "always" || Name === "unless-stopped") return true;
  if (Name !== "on-failure" || exitCode === 0) return false;
  return MaximumRetryCount === 0 || restartCount < MaximumRetryCount;
}

/**
 * The delay before the next restart: twice the one before, or the first after a stable run.
 * @param beforeMs the delay before the last restart; 0 if there was none
 * @param ranMs how long the last run was
 */
export function nextRestartDelayMs(beforeMs: number, ranMs: number): number {
  if (beforeMs === 0 || ranMs >= STABLE_MS) return FIRST_DELAY_MS;
  return Math.min(2 * beforeMs, MAX_DELAY_MS);
}
