/** One container as a test holds it: what it is now, and what can be done to it behind the client's back. */

import type { Disk } from "../../../userland/files/disk.ts";
import { notFound } from "../../model/api-error.ts";
import { type Container, type ContainerStatus, isRunning } from "../../model/container.ts";
import type { Engine } from "../../operations/engine.ts";
import { removeContainer } from "../../operations/lifecycle/remove.ts";
import { startContainer } from "../../operations/lifecycle/start.ts";
import {
  killContainer,
  pauseContainer,
  signalContainer,
  stopContainer,
  unpauseContainer,
} from "../../operations/lifecycle/stop.ts";
import { stillDiskOf } from "../../runtime/container-environment.ts";
import { runtimeOf } from "../../runtime/engine-runtime.ts";
import type { OutputStream } from "../../runtime/streams/log.ts";
import { writeFiles } from "../fixtures/write-files.ts";

const KILL = 9;

export interface CrashOptions {
  /** Default: 137, as after a SIGKILL. */
  readonly exitCode?: number;
  /** The kernel ended it for want of memory. */
  readonly isOutOfMemory?: boolean;
}

/** What it does fails as it fails for a client: with a `Refusal`, its `status` and the daemon's words. */
export class SimulatedContainer {
  readonly id: string;
  readonly #engine: Engine;

  constructor(engine: Engine, { id }: { readonly id: string }) {
    this.#engine = engine;
    this.id = id;
  }

  /** All that the daemon knows of it. @throws Refusal 404 where it has been removed */
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

  /** Of the last run; 0 while it runs. */
  get exitCode(): number {
    return this.record.state.exitCode;
  }

  get isRemoved(): boolean {
    return this.#engine.containers.get(this.id) === undefined;
  }

  /** What it has printed; of both streams where none is named. */
  logs(only?: OutputStream): string {
    const { log } = runtimeOf(this.#engine, this.record);
    const lines = log.lines.filter(({ stream }) => only === undefined || stream === only);
    return lines.map(({ text }) => text.toString("utf8")).join("");
  }

  /** It prints a line: whoever is attached, or follows its logs, hears it. */
  async log(line: string, stream: OutputStream = "stdout"): Promise<void> {
    const { output, log, run } = runtimeOf(this.#engine, this.record);
    const bytes = Buffer.from(`${line}\n`);
    // While it runs, the log is one of those who listen.
    if (run === undefined) log.write(stream, bytes);
    else await output.say(stream, bytes);
  }

  /** @throws FileError `ENOENT` and its like */
  readFile(path: string): Buffer {
    return this.#disk.read(path);
  }

  /** Folders on the way are made. */
  writeFile(path: string, content: string | Uint8Array): void {
    writeFiles(this.#disk, { [path]: content });
  }

  /** Runs at once, unless ports of this machine are opened for it: then when they are. */
  start(): Promise<void> | undefined {
    return startContainer(this.#engine, this.id);
  }

  /** As `docker stop` does: resolves when it has stopped. */
  stop(seconds?: number): Promise<void> {
    return stopContainer(this.#engine, this.id, seconds);
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

  /** Its first process ends by itself, so that a restart policy may bring it back. Resolves when it has ended. */
  async crash({ exitCode = 137, isOutOfMemory = false }: CrashOptions = {}): Promise<void> {
    const runtime = runtimeOf(this.#engine, this.record);
    if (runtime.run === undefined) return;
    const exit = runtime.nextExit;
    if (isOutOfMemory) runtime.run.table.outOfMemory();
    runtime.run.table.thaw();
    runtime.run.main.endWith(exitCode);
    await exit;
  }

  /** As `docker rm --force` does. */
  async remove(): Promise<void> {
    const { record } = this;
    if (isRunning(record)) {
      const exit = runtimeOf(this.#engine, record).nextExit;
      signalContainer(this.#engine, record, KILL);
      await exit;
    }
    if (!this.isRemoved) removeContainer(this.#engine, this.id, { removesVolumes: false });
  }

  /** Resolves as soon as it is so; at once where it is so already, or where the container is removed. */
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
    const { files, run } = runtimeOf(this.#engine, this.record);
    return run?.table.disk ?? stillDiskOf(this.#engine, this.record, files);
  }
}
