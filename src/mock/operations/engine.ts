import type { Registry } from "../registry/registry.ts";
import type { EngineRuntime } from "../runtime/engine-runtime.ts";

/** A whole simulated daemon: its state, what of it is alive, and the registries that it pulls from. */
export interface Engine extends EngineRuntime {
  readonly registry: Registry;
}
