/** A container as the daemon remembers it: a record that is replaced, never changed. */
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

export interface Health {
  readonly status: "starting" | "healthy" | "unhealthy";
  readonly failingStreak: number;
  /** The latest five. */
  readonly log: readonly HealthResult[];
}

export interface ContainerState {
  readonly status: ContainerStatus;
  /** 0 while it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  readonly error: string;
  readonly isOomKilled: boolean;
  readonly startedAt: bigint | undefined;
  readonly finishedAt: bigint | undefined;
  readonly health: Health | undefined;
}

/** What a container sees at a path: a volume, or a folder of the simulated host. */
export interface MountPoint {
  readonly type: "volume" | "bind" | "tmpfs";
  /** The volume's; undefined for others. */
  readonly name?: string;
  readonly source: string;
  readonly destination: string;
  readonly driver?: string;
  readonly mode: string;
  readonly isWritable: boolean;
  readonly propagation: string;
}

export interface Container {
  readonly id: string;
  /** Without the slash that it is told with. */
  readonly name: string;
  readonly created: bigint;
  /** Path and arguments of what it runs, from entrypoint and command. */
  readonly argv: readonly string[];
  readonly config: ContainerConfig;
  readonly hostConfig: HostConfig;
  readonly state: ContainerState;
  readonly restartCount: number;
  /** Empty where it was created without one. */
  readonly imageId: string;
  readonly mounts: readonly MountPoint[];
  /** By the network's name. */
  readonly networks: Readonly<Record<string, NetworkEndpoint>>;
  readonly sandboxId: string;
  /** What is published while it runs, by `80/tcp`; null where a port is only exposed. */
  readonly ports: Readonly<Record<string, readonly PortBinding[] | null>>;
  /** Stopped by a client: a restart policy does not bring it back. */
  readonly isStoppedByHand: boolean;
}

export const CREATED: ContainerState = {
  status: "created",
  pid: 0,
  exitCode: 0,
  error: "",
  isOomKilled: false,
  startedAt: undefined,
  finishedAt: undefined,
  health: undefined,
};

/** A process of it is there, frozen or not; a restarting one counts, as with moby. */
export function isRunning({ state: { status } }: Container): boolean {
  return status === "running" || status === "paused" || status === "restarting";
}

/**
 * Its restart policy brings it back. When that happens is the clock's business: whatever is counted or made up for it is
 * counted apart, so that clients' own things are the same in every run.
 */
export function isComingBack({ state: { status } }: Container): boolean {
  return status === "restarting";
}

export function withState(container: Container, change: Partial<ContainerState>): Container {
  return { ...container, state: { ...container.state, ...change } };
}

export function started(container: Container, pid: number, at: bigint): Container {
  return withState(container, { status: "running", pid, startedAt: at, exitCode: 0, error: "", isOomKilled: false });
}

export function ended(
  container: Container,
  exitCode: number,
  at: bigint,
  status: ContainerStatus = "exited",
): Container {
  return withState(container, { status, pid: 0, exitCode, finishedAt: at });
}
