/** What of a simulated daemon is alive: processes, mounted folders, published ports, and what programs do. */
import type { Cell } from "../../userland/files/disk.ts";
import type { Program, Programs } from "../../userland/process/process.ts";
import { type Container, isComingBack } from "../model/container.ts";
import type { EngineState } from "../model/engine-state.ts";
import type { Behaviours } from "./behaviours/behaviours.ts";
import type { Machine } from "./container-runtime.ts";
import type { HostFiles } from "./host-files.ts";
import type { OpensPorts } from "./open-port.ts";
import { allocateFromBothEnds, type TwoEndedCounter } from "./two-ended-counter.ts";
import type { Pages } from "./web-pages.ts";

export interface EngineRuntime extends EngineState {
  /** By the container's id. */
  readonly machines: Map<string, Machine>;
  /** Folders of the simulated host that containers have mounted, by path. */
  readonly hostFolders: Map<string, Cell>;
  readonly programs: Programs;
  readonly behaviours: Behaviours;
  readonly pages: Pages;
  /** Listens on ports of this machine for the ports that containers publish; without it none is answered. */
  readonly opensPorts: OpensPorts | undefined;
  /** Reads this machine's files in mounted folders; without it those folders are empty. */
  readonly hostFiles: HostFiles | undefined;
  /** How long a process takes to begin, and again to end, in milliseconds. */
  readonly startupMs: number;
  /** How many blocks of process numbers were handed out. */
  readonly pidBlocks: TwoEndedCounter;
  /** How many ports of the host were handed out. */
  readonly hostPorts: TwoEndedCounter;
  /** Called with unexpected exceptions of the simulation itself. */
  readonly onFault: (error: unknown) => void;
}

/** The first number of a process on the simulated host is above this. */
const FIRST_PID = 2000;
/** Below the kernel's last (/proc/sys/kernel/pid_max). */
const LAST_PID = 4_194_000;
const PIDS_PER_CONTAINER = 100;

export function runtimeOf({ machines }: EngineRuntime, { id }: { readonly id: string }): Machine {
  return machines.get(id) as Machine;
}

/** `program` with the delays that a process takes to begin and to end. */
export function withStartupDelay({ startupMs }: EngineRuntime, program: Program): Program {
  if (startupMs === 0) return program;
  return async (self) => {
    await self.moment(startupMs);
    const status = await program(self);
    await self.moment(startupMs);
    return status;
  };
}

/** The first of the host's process numbers for a container's processes. */
export function allocatePids({ pidBlocks }: EngineRuntime, container: Container): number {
  const { end, count } = allocateFromBothEnds(pidBlocks, isComingBack(container));
  return end === "low" ? FIRST_PID + PIDS_PER_CONTAINER * (count + 1) : LAST_PID - PIDS_PER_CONTAINER * (count + 1);
}
