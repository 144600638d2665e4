/** A container's record, which is replaced and never changed. */
import type { ContainerConfig } from "./container-config.ts";
import type { HostConfig, PortBinding } from "./host-config.ts";
import type { NetworkEndpoint } from "./network.ts";

export type ContainerStatus = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

export interface HealthResult {
  readonly start: bigint;
  readonly end: bigint;
  readonly exitCode: number;
  readonly output: string;
}

export interface ContainerHealth {
  readonly status: "starting" | "healthy" | "unhealthy";
  readonly failingStreak: number;
  /** The latest five results. */
  readonly log: readonly HealthResult[];
}

export interface ContainerState {
  readonly status: ContainerStatus;
  /** 0 if the container does not run. */
  readonly pid: number;
  readonly exitCode: number;
  readonly error: string;
  readonly isOomKilled: boolean;
  readonly startedAt: bigint | undefined;
  readonly finishedAt: bigint | undefined;
  readonly health: ContainerHealth | undefined;
}

/** A mount of a container: a volume, a folder of the simulated host, a tmpfs, or an image. */
export interface MountPoint {
  readonly type: "volume" | "bind" | "tmpfs" | "image";
  /** The name of the volume or the image. Undefined for other types. */
  readonly name?: string;
  readonly source: string;
  readonly destination: string;
  readonly driver?: string;
  readonly mode: string;
  readonly isWritable: boolean;
  readonly propagation: string;
  /** The id of a mounted image. */
  readonly imageId?: string;
  /** The part of the volume or image that is mounted. */
  readonly subpath?: string;
}

export interface Container {
  readonly id: string;
  /** Without the slash that the API shows. */
  readonly name: string;
  readonly created: bigint;
  /** The command line: entrypoint and command. */
  readonly argv: readonly string[];
  readonly config: ContainerConfig;
  readonly hostConfig: HostConfig;
  readonly state: ContainerState;
  readonly restartCount: number;
  /** Empty for a container without an image. */
  readonly imageId: string;
  readonly mounts: readonly MountPoint[];
  /** By the network's name. */
  readonly networks: Readonly<Record<string, NetworkEndpoint>>;
  readonly sandboxId: string;
  /** The published ports of a running container, by `80/tcp`. Null for a port that is only exposed. */
  readonly ports: Readonly<Record<string, readonly PortBinding[] | null>>;
  /** A client stopped the container, so its restart policy does not apply. */
  readonly isStoppedByHand: boolean;
}

export const CREATED_STATE: ContainerState = {
  status: "created",
  pid: 0,
  exitCode: 0,
  error: "",
  isOomKilled: false,
  startedAt: undefined,
  finishedAt: undefined,
  health: undefined,
};

/** Running, paused or restarting, as moby counts. */
export function isRunning({ state: { status } }: Container): boolean {
  return status === "running" || status === "paused" || status === "restarting";
}

/**
 * The restart policy is about to start the container. Numbers and ids of such a start come from their own sequences, so
 * that its timing does not change those of the client's own actions.
 */
export function isRestarting({ state: { status } }: Container): boolean {
  return status === "restarting";
}

export function withState(container: Container, change: Partial<ContainerState>): Container {
  return { ...container, state: { ...container.state, ...change } };
}

export function markStarted(container: Container, pid: number, at: bigint): Container {
  return withState(container, { status: "running", pid, startedAt: at, exitCode: 0, error: "", isOomKilled: false });
}

export function markEnded(
  container: Container,
  exitCode: number,
  at: bigint,
  status: ContainerStatus = "exited",
): Container {
  return withState(container, { status, pid: 0, exitCode, finishedAt: at });
}
