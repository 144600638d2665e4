import type { StepStatus, StepUpdate } from "../build-model.ts";

/** What one says of a step at its first mention, and leaves out later. */
export type KnownStep = Pick<StepUpdate, "name" | "inputs" | "started">;
export type KnownStatus = Pick<StepStatus, "name" | "started">;

/** What the lines of a build have said so far: the writer leaves it out, the reader fills it in. */
export class ProgressMemory {
  readonly #steps = new Map<string, KnownStep>();
  readonly #statuses = new Map<string, KnownStatus>();

  findStep(digest: string): KnownStep | undefined {
    return this.#steps.get(digest);
  }

  findStatus(digest: string, id: string): KnownStatus | undefined {
    return this.#statuses.get(`${digest} ${id}`);
  }

  keepStep(step: StepUpdate): void {
    const started = step.started ?? this.#steps.get(step.digest)?.started;
    this.#steps.set(step.digest, { ...step, ...(started === undefined ? {} : { started }) });
  }

  keepStatus(status: StepStatus): void {
    this.#statuses.set(`${status.digest} ${status.id}`, status);
  }
}
