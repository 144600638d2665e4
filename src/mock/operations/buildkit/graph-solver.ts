/**
 * Runs a build: what nodes need is made first, side by side where nothing orders it. The first failure stops the rest
 * (buildkit solver/edge.go).
 */
import { createLayer } from "../../images/layers.ts";
import { type BuildNode, collectNames, type ImageNode, type NodeResult, type StepNode } from "./build-node.ts";
import type { BuildVertex, RunningVertex } from "./build-progress.ts";
import { createCancelError, isCancelError } from "./solve-error.ts";
import type { SolveScope } from "./solve-scope.ts";

/** @throws SolveError of the node that failed first */
export async function solveGraph(
  scope: SolveScope,
  target: BuildNode,
  blame: (error: unknown, node: BuildNode) => unknown,
): Promise<NodeResultLookup> {
  return new GraphSolver(scope, target, blame).run();
}

/** The result of a node that was solved. */
export type NodeResultLookup = (node: BuildNode) => NodeResult;

class GraphSolver {
  readonly #scope: SolveScope;
  readonly #target: BuildNode;
  readonly #blame: (error: unknown, node: BuildNode) => unknown;
  readonly #names: ReadonlyMap<string, string>;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  readonly #pending = new Map<BuildNode, Promise<NodeResult>>();
  readonly #results = new Map<BuildNode, NodeResult>();
  #failure: { readonly error: unknown } | undefined;

  constructor(scope: SolveScope, target: BuildNode, blame: (error: unknown, node: BuildNode) => unknown) {
    this.#scope = scope;
    this.#target = target;
    this.#blame = blame;
    this.#names = collectNames(target);
    this.#signal = AbortSignal.any([scope.signal, this.#stopping.signal]);
  }

  async run(): Promise<NodeResultLookup> {
    await this.#solve(this.#target).catch(() => undefined);
    await Promise.allSettled(this.#pending.values());
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#load([this.#target]);
    return (node) => this.#results.get(node) as NodeResult;
  }

  #solve(node: BuildNode): Promise<NodeResult> {
    const pending = this.#pending.get(node) ?? this.#solveAfresh(node);
    this.#pending.set(node, pending);
    return pending;
  }

  async #solveAfresh(node: BuildNode): Promise<NodeResult> {
    const inputs = await this.#solveInputs(node);
    try {
      if (this.#signal.aborted) throw createCancelError();
      const result = await this.#run(node, inputs);
      this.#results.set(node, result);
      return result;
    } catch (error) {
      this.#failure ??= { error: this.#blame(error, node) };
      this.#stopping.abort();
      throw error;
    }
  }

  /** Where a download fails, BuildKit has loaded the image that it was for. */
  async #solveInputs({ inputs }: BuildNode): Promise<readonly NodeResult[]> {
    const solving = inputs.map((input) => this.#solve(input));
    try {
      return await Promise.all(solving);
    } catch (error) {
      if (inputs.some(({ kind }) => kind === "fetch")) this.#load(inputs);
      throw error;
    }
  }

  #run(node: BuildNode, inputs: readonly NodeResult[]): Promise<NodeResult> | NodeResult {
    switch (node.kind) {
      case "files":
        return node.result;
      case "image":
        return this.#share(node, async (vertex) => {
          if (node.task !== "") vertex.beginTask(node.task)();
          return node.result;
        });
      case "fetch":
        return this.#fetch(node.fetch);
      case "step":
        return this.#share(node, (vertex) => this.#runStep(node, inputs, vertex));
    }
  }

  async #fetch(fetch: () => Promise<NodeResult["root"]>): Promise<NodeResult> {
    return { root: await fetch(), layers: [], created: 0n, cacheKey: "" };
  }

  /** A build that shares the step may be stopped: then the step begins anew. */
  async #share<T>(node: BuildNode, work: (vertex: RunningVertex) => Promise<T>): Promise<T> {
    const { builder, progress } = this.#scope;
    try {
      return await builder.sharedSteps.run(progress, this.#toVertex(node), work);
    } catch (error) {
      if (this.#signal.aborted || !isCancelError(error)) throw error;
      return this.#share(node, work);
    }
  }

  #toVertex({ digest, name, inputs }: BuildNode): BuildVertex {
    const named = inputs.filter((input) => input.kind !== "files");
    const digests = [...new Set(named.map((input) => input.digest))];
    return { digest, name: this.#names.get(digest) ?? name, inputs: digests };
  }

  /** Finds the result in the cache, or makes it. */
  async #runStep(node: StepNode, inputs: readonly NodeResult[], vertex: RunningVertex): Promise<NodeResult> {
    const { cache } = this.#scope.builder;
    const cacheKey = this.#toKey(node, inputs);
    const cached = node.usesCache ? cache.get(cacheKey) : undefined;
    if (cached !== undefined) {
      vertex.complete({ isCached: true });
      return cached;
    }
    this.#load(node.inputs);
    const root = await node.work(inputs, vertex, this.#signal);
    const layers = inputs[0]?.layers ?? [];
    const made = [...layers, createLayer(root, layers.at(-1))];
    const result = { root, layers: made, created: this.#scope.engine.time.stamp(), cacheKey };
    cache.set(cacheKey, result);
    return result;
  }

  #toKey(node: StepNode, inputs: readonly NodeResult[]): string {
    try {
      return node.toKey(inputs);
    } catch (error) {
      this.#load(node.inputs);
      throw error;
    }
  }

  /** An image whose files a step needs is cached where an earlier build has needed them. */
  #load(nodes: readonly BuildNode[]): void {
    const { builder, progress } = this.#scope;
    for (const image of nodes.filter((node): node is ImageNode => node.kind === "image")) {
      if (!builder.sharedSteps.markOnce(image.digest)) continue;
      if (builder.loadedImages.has(image.digest)) progress.begin(this.#toVertex(image)).complete({ isCached: true });
      builder.loadedImages.add(image.digest);
    }
  }
}
