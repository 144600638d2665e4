import type { Disk } from "../files/disk.ts";
import { createUnconnectedHost, type NetworkHost } from "../network/host.ts";
import type { SimulatedTime } from "../time/time.ts";
import type { MissingFeature } from "./missing-feature.ts";
import { Process, type ProcessGroup, type ProcessStart, type Program, type ProgramTable } from "./process.ts";
import { CannotFork } from "./process-end.ts";
import type { SignalName } from "./signals.ts";

/** As a kernel has its pids.max. Each takes some 50 kB here. */
const MOST_PROCESSES = 1000;
/** Steps are calls of a program: to read, to write, to wait, the next command of a shell. */
const STEPS_A_TURN = 200;
const CANNOT_FORK = 2;

/** What the processes of one container share. */
export interface ProcessTableOptions {
  readonly disk: Disk;
  readonly time: SimulatedTime;
  readonly hostname: string;
  readonly programs: ProgramTable;
  /** Default: a host without a network. */
  readonly host?: NetworkHost;
  /** Called with a program's own fault, which ends its process. */
  readonly onFault: (error: unknown) => void;
  /** Called when one of them has asked for more memory than there is. */
  readonly onOutOfMemory?: () => void;
  /** Called when one of them asks for what is not simulated. */
  readonly onMissingFeature?: (feature: MissingFeature) => void;
}

/** The processes of one container, numbered as its own namespace numbers them. */
export class ProcessTable implements ProcessGroup {
  readonly disk: Disk;
  readonly time: SimulatedTime;
  readonly hostname: string;
  readonly programs: ProgramTable;
  readonly host: NetworkHost;
  readonly #onFault: (error: unknown) => void;
  readonly #onOutOfMemory: () => void;
  readonly #onMissingFeature: (feature: MissingFeature) => void;
  #ranOutOfMemory = false;
  readonly #running = new Map<number, Process>();
  #last = 0;
  #steps = 0;
  #turn: Promise<void> | undefined;
  #thawed: Promise<void> | undefined;
  #thaw: () => void = () => undefined;

  constructor(surroundings: ProcessTableOptions) {
    const { disk, time, hostname, programs, host, onFault } = surroundings;
    const { onOutOfMemory = () => undefined, onMissingFeature = () => undefined } = surroundings;
    this.disk = disk;
    this.time = time;
    this.hostname = hostname;
    this.programs = programs;
    this.host = host ?? createUnconnectedHost();
    this.#onFault = onFault;
    this.#onOutOfMemory = onOutOfMemory;
    this.#onMissingFeature = onMissingFeature;
  }

  get running(): readonly Process[] {
    return [...this.#running.values()];
  }

  find(pid: number): Process | undefined {
    return this.#running.get(pid);
  }

  /** While frozen: resolves when it is over. */
  get thawed(): Promise<void> | undefined {
    return this.#thawed;
  }

  /** A program's own fault goes to `onFault`, and ends its process with 255. */
  spawn(start: ProcessStart, program: Program, parent?: Process): Process {
    if (this.#running.size >= MOST_PROCESSES) throw new CannotFork();
    this.#last += 1;
    const process = new Process(this, this.#last, start, parent);
    this.#running.set(process.pid, process);
    const runGuarded: Program = async (self) => {
      try {
        return await program(self);
      } catch (error) {
        if (error instanceof CannotFork) return failToFork(self, error);
        if (self.isKnownEnd(error)) throw error;
        this.#onFault(error);
        return 255;
      }
    };
    void process.run(runGuarded);
    return process;
  }

  /** Resolves at once, or in a turn of its own for each so many steps of all processes: others are served meanwhile. */
  step(): Promise<void> | undefined {
    this.#steps += 1;
    if (this.#turn === undefined && this.#steps % STEPS_A_TURN === 0) this.#turn = this.#takeTurn();
    return this.#turn;
  }

  async #takeTurn(): Promise<void> {
    await this.time.yieldTurn();
    this.#turn = undefined;
  }

  remove({ pid }: Process): void {
    this.#running.delete(pid);
  }

  reportOutOfMemory(): void {
    this.#ranOutOfMemory = true;
    this.#onOutOfMemory();
  }

  reportMissing(feature: MissingFeature): void {
    this.#onMissingFeature(feature);
  }

  get ranOutOfMemory(): boolean {
    return this.#ranOutOfMemory;
  }

  signalAll(name: SignalName): void {
    for (const process of this.running) process.signal(name);
  }

  freeze(): void {
    this.#thawed ??= new Promise((resolve) => {
      this.#thaw = resolve;
    });
  }

  thaw(): void {
    this.#thaw();
    this.#thawed = undefined;
  }
}

/** As ash ends then. */
async function failToFork(self: Process, { message }: CannotFork): Promise<number> {
  await self.writeStderr(`${self.argv[0] ?? "sh"}: ${message}\n`);
  return CANNOT_FORK;
}
