/** A container as tests hold it: its current state, and operations that the client does not know of. */

import { checkOptions } from "../../../base/options/check-options.ts";
import { createNumberKind, flagKind } from "../../../base/options/common-kinds.ts";
import { type OptionKind, recordOf } from "../../../base/options/option-kind.ts";
import type { Disk } from "../../../userland/files/disk.ts";
import { notFound } from "../../model/api-error.ts";
import { type Container, type ContainerStatus, isRunning } from "../../model/container.ts";
import type { Engine } from "../../operations/engine.ts";
import { removeContainer } from "../../operations/lifecycle/remove-container.ts";
import { startContainer } from "../../operations/lifecycle/start-container.ts";
import {
  killContainer,
  pauseContainer,
  signalContainer,
  stopContainer,
  unpauseContainer,
} from "../../operations/lifecycle/stop-container.ts";
import { createStoppedDisk } from "../../runtime/container-disk.ts";
import { getRuntime } from "../../runtime/engine-runtime.ts";
import type { OutputStream } from "../../runtime/streams/container-log.ts";
import { writeFiles } from "../fixtures/write-files.ts";

const KILL = 9;

/** How a container crashes. */
const LAST_EXIT_CODE = 255;

/** Options of `crash`. */
export interface CrashOptions {
  /** The exit status of its first process. @default 137, as after a SIGKILL */
  readonly exitCode?: number;
  /** Whether the kernel killed it because memory ran out. @default false */
  readonly isOutOfMemory?: boolean;
}

const crashKind: OptionKind = recordOf<CrashOptions>(
  { exitCode: createNumberKind(LAST_EXIT_CODE), isOutOfMemory: flagKind },
  "an object of options",
);

/** Its methods throw what a client would get: an `ApiError` with a `status` and the daemon's message. */
export class SimulatedContainer {
  readonly id: string;
  readonly #engine: Engine;

  constructor(engine: Engine, { id }: { readonly id: string }) {
    this.#engine = engine;
    this.id = id;
  }

  /** The daemon's record of the container. @throws ApiError 404 if the container was removed */
  get record(): Container {
    const record = this.#engine.containers.get(this.id);
    if (record === undefined) throw notFound(`No such container: ${this.id}`);
    return record;
  }

  get name(): string {
    return this.record.name;
  }

  get image(): string {
    return this.record.config.Image;
  }

  get labels(): Readonly<Record<string, string>> {
    return this.record.config.Labels;
  }

  get status(): ContainerStatus {
    return this.record.state.status;
  }

  /** The exit code of the last run, or 0 while the container runs. */
  get exitCode(): number {
    return this.record.state.exitCode;
  }

  get isRemoved(): boolean {
    return this.#engine.containers.get(this.id) === undefined;
  }

  /** What the container has printed on one stream, or on both. */
  logs(only?: OutputStream): string {
    const { log } = getRuntime(this.#engine, this.record);
    const lines = log.lines.filter(({ stream }) => only === undefined || stream === only);
    return lines.map(({ text }) => text.toString("utf8")).join("");
  }

  /** Makes the container print a line. Attached clients and clients that follow its logs get it. */
  async log(line: string, stream: OutputStream = "stdout"): Promise<void> {
    const { output, log, run } = getRuntime(this.#engine, this.record);
    const bytes = Buffer.from(`${line}\n`);
    // While the container runs, its log listens to its output.
    if (run === undefined) log.write(stream, bytes);
    else await output.write(stream, bytes);
  }

  /** @throws FileError, e.g. `ENOENT` */
  readFile(path: string): Buffer {
    return this.#disk.read(path);
  }

  /** Writes a file and creates its folders. */
  writeFile(path: string, content: string | Uint8Array): void {
    writeFiles(this.#disk, { [path]: content });
  }

  /** Starts the container. Returns a promise if ports of this machine must be opened before. */
  start(): Promise<void> | undefined {
    return startContainer(this.#engine, this.id);
  }

  /** Stops the container as `docker stop` does. Resolves when it has stopped. */
  stop(seconds?: number): Promise<void> {
    return stopContainer(this.#engine, this.id, { seconds });
  }

  kill(signal = "KILL"): Promise<void> {
    return killContainer(this.#engine, this.id, signal);
  }

  pause(): void {
    pauseContainer(this.#engine, this.id);
  }

  unpause(): void {
    unpauseContainer(this.#engine, this.id);
  }

  /** Ends the first process as if by itself, so that a restart policy applies. Resolves when it has ended. */
  async crash(options: CrashOptions = {}): Promise<void> {
    checkOptions("crash", options, crashKind);
    const { exitCode = 137, isOutOfMemory = false } = options;
    const runtime = getRuntime(this.#engine, this.record);
    if (runtime.run === undefined) return;
    const exit = runtime.nextExit;
    if (isOutOfMemory) runtime.run.table.reportOutOfMemory();
    runtime.run.table.thaw();
    runtime.run.main.endWith(exitCode);
    await exit;
  }

  /** Removes the container as `docker rm --force` does. */
  async remove(): Promise<void> {
    const { record } = this;
    if (isRunning(record)) {
      const exit = getRuntime(this.#engine, record).nextExit;
      signalContainer(this.#engine, record, KILL);
      await exit;
    }
    if (!this.isRemoved) removeContainer(this.#engine, this.id, { removesVolumes: false });
  }

  /** Resolves once the condition is true, or the container is removed. */
  until(condition: (container: Container) => boolean): Promise<void> {
    const { containers } = this.#engine;
    return new Promise((resolve) => {
      const isOver = (now: Container | undefined): boolean => now === undefined || condition(now);
      if (isOver(containers.get(this.id))) return resolve();
      const stop = containers.watch((after, before) => {
        if ((after ?? before)?.id !== this.id || !isOver(after)) return;
        stop();
        resolve();
      });
    });
  }

  get #disk(): Disk {
    const { files, run } = getRuntime(this.#engine, this.record);
    return run?.table.disk ?? createStoppedDisk(this.#engine, this.record, files);
  }
}
