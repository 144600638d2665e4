/** The live part of a simulated daemon: processes, mounted folders, open ports, and what programs do. */
import type { RootRef } from "../../userland/files/disk.ts";
import type { MissingFeature } from "../../userland/process/missing-feature.ts";
import type { Program, ProgramTable } from "../../userland/process/process.ts";
import { type Container, isRestarting } from "../model/container.ts";
import type { EngineState } from "../model/engine-state.ts";
import type { BehaviourSet } from "./behaviours/behaviour-set.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import type { HostFiles } from "./host-files.ts";
import type { PortOpener } from "./open-port.ts";
import { allocateFromBothEnds, type TwoEndedCounter } from "./two-ended-counter.ts";
import type { WebPages } from "./web-pages.ts";

export interface EngineRuntime extends EngineState {
  /** By the container's id. */
  readonly runtimes: Map<string, ContainerRuntime>;
  /** Folders of the simulated host that containers have mounted, by path. */
  readonly hostFolders: Map<string, RootRef>;
  readonly programs: ProgramTable;
  readonly behaviours: BehaviourSet;
  readonly pages: WebPages;
  /** Opens ports of this machine for the ports that containers publish. Without it, none is open. */
  readonly openPort: PortOpener | undefined;
  /** Reads this machine's files in mounted folders. Without it, those folders are empty. */
  readonly hostFiles: HostFiles | undefined;
  /** How long a process takes to begin, and again to end, in milliseconds. */
  readonly startupMs: number;
  /** The allocated blocks of process numbers. */
  readonly pidBlocks: TwoEndedCounter;
  /** The allocated ephemeral ports of the host. */
  readonly hostPorts: TwoEndedCounter;
  /** Called with unexpected exceptions of the simulation itself. */
  readonly onFault: (error: unknown) => void;
  /** Called where a container of `image` lacks a program, or an option of one, that a real one may have. */
  readonly onMissingFeature: (feature: MissingFeature, image: string) => void;
}

/** The process numbers of the simulated host begin above this. */
const FIRST_PID = 2000;
/** Below the kernel's limit (/proc/sys/kernel/pid_max). */
const LAST_PID = 4_194_000;
const PIDS_PER_CONTAINER = 100;

export function getRuntime({ runtimes }: EngineRuntime, { id }: { readonly id: string }): ContainerRuntime {
  return runtimes.get(id) as ContainerRuntime;
}

/**
 * Delays the start of a program, and the report of its end, by `startupMs`.
 * @param skip the signal at which a delay that begins now ends early; undefined where it may not. Default: none may
 */
export function withStartupDelay(
  { startupMs }: EngineRuntime,
  program: Program,
  skip: () => AbortSignal | undefined = () => undefined,
): Program {
  if (startupMs === 0) return program;
  return async (self) => {
    await self.delay(startupMs, skip());
    const status = await program(self);
    await self.delay(startupMs, skip());
    return status;
  };
}

/** The first of the host's process numbers for a container's processes. */
export function allocatePids({ pidBlocks }: EngineRuntime, container: Container): number {
  const { end, count } = allocateFromBothEnds(pidBlocks, isRestarting(container));
  return end === "low" ? FIRST_PID + PIDS_PER_CONTAINER * (count + 1) : LAST_PID - PIDS_PER_CONTAINER * (count + 1);
}
