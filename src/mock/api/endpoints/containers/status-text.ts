import type { Container } from "../../../model/container.ts";
import { formatHumanDuration } from "../../../model/human-duration.ts";

/** The status as `docker ps` prints it, e.g. `Up 5 seconds (healthy)` (moby container/state.go, String). */
export function formatStatus({ state }: Container, now: bigint): string {
  const { status, exitCode, health } = state;
  const formatSince = (from: bigint | undefined): string => formatHumanDuration(now - (from ?? now));
  const condition =
    health === undefined ? "" : health.status === "starting" ? " (health: starting)" : ` (${health.status})`;
  switch (status) {
    case "running":
      return `Up ${formatSince(state.startedAt)}${condition}`;
    case "paused":
      return `Up ${formatSince(state.startedAt)} (Paused)`;
    case "restarting":
      return `Restarting (${exitCode}) ${formatSince(state.finishedAt)} ago`;
    case "removing":
      return "Removal In Progress";
    case "dead":
      return "Dead";
    default:
      if (state.startedAt === undefined) return "Created";
      return state.finishedAt === undefined ? "" : `Exited (${exitCode}) ${formatSince(state.finishedAt)} ago`;
  }
}
