import type { ImageRegistry } from "../registry/image-registry.ts";
import type { EngineRuntime } from "../runtime/engine-runtime.ts";

/** A whole simulated daemon: its state, its running containers, and its registries. */
export interface Engine extends EngineRuntime {
  readonly registry: ImageRegistry;
}
