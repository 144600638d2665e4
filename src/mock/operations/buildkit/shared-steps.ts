/** Steps that several builds have in common run once: the targets of `buildx bake` read one context (buildkit solver/jobs.go). */
import { toErrorMessage } from "../../../base/error-message.ts";
import type { BuildProgress, BuildVertex, RunningVertex } from "./build-progress.ts";

interface SharedStep {
  /** Of the build that runs it. */
  readonly progress: BuildProgress;
  readonly vertex: RunningVertex;
  readonly result: Promise<unknown>;
}

export class SharedSteps {
  readonly #steps = new Map<string, SharedStep>();
  readonly #marks = new Set<string>();
  #buildCount = 0;

  /** While a build is under way, others take over the results of its steps. */
  async duringBuild<T>(work: () => Promise<T>): Promise<T> {
    this.#buildCount += 1;
    try {
      return await work();
    } finally {
      this.#buildCount -= 1;
      if (this.#buildCount === 0) this.#forgetSteps();
    }
  }

  #forgetSteps(): void {
    this.#steps.clear();
    this.#marks.clear();
  }

  /** Whether none of the builds that are under way has marked it before. */
  markOnce(digest: string): boolean {
    const isFirst = !this.#marks.has(digest);
    this.#marks.add(digest);
    return isFirst;
  }

  /** Runs a step, or waits for the build that runs it and reports what it has reported. */
  async run<T>(
    progress: BuildProgress,
    definition: BuildVertex,
    work: (vertex: RunningVertex) => Promise<T>,
  ): Promise<T> {
    const running = this.#steps.get(definition.digest);
    if (running !== undefined) return this.#join(progress, running) as Promise<T>;
    const vertex = progress.begin(definition);
    const result = complete(vertex, work);
    this.#steps.set(definition.digest, { progress, vertex, result });
    try {
      return await result;
    } catch (error) {
      this.#steps.delete(definition.digest);
      throw error;
    }
  }

  async #join(progress: BuildProgress, { progress: own, vertex, result }: SharedStep): Promise<unknown> {
    try {
      return await result;
    } finally {
      if (progress !== own) progress.report({ vertexes: [vertex.record] });
    }
  }
}

/** Work that found its result in the cache has completed the vertex itself. */
async function complete<T>(vertex: RunningVertex, work: (vertex: RunningVertex) => Promise<T>): Promise<T> {
  try {
    const result = await work(vertex);
    if (vertex.record.completed === undefined) vertex.complete();
    return result;
  } catch (error) {
    vertex.complete({ error: toErrorMessage(error) });
    throw error;
  }
}
