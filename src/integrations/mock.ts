/** `whalesong/mock`: a simulated daemon for a test, and the parts that it is made of (docs/mock.md). */
export type { FaultLiteral } from "../faults/fault.ts";
export { readBehaviours } from "../io/disk/read-behaviours.ts";
export type { CallExpectation, CallFilter, CallLog } from "../mock/daemon/calls/call-log.ts";
export type { AfterHook, BeforeHook, HookCall, HookResponse } from "../mock/daemon/calls/hooks.ts";
export type { RecordedCall } from "../mock/daemon/calls/recorded-call.ts";
export { createEngine, type EngineOptions } from "../mock/daemon/create-engine.ts";
export type * from "../mock/daemon/fixtures/state-literal.ts";
export type { CrashOptions, SimulatedContainer } from "../mock/daemon/handles/simulated-container.ts";
export type { ContainerChange, SimulatedContainers } from "../mock/daemon/handles/simulated-containers.ts";
export { mock } from "../mock/daemon/mock.ts";
export type { MockEvents } from "../mock/daemon/simulation.ts";
export type { Engine } from "../mock/operations/engine.ts";
export type { Actor } from "../mock/runtime/behaviours/actor.ts";
export type {
  Behaviour,
  BehaviourFunction,
  BehaviourStep,
  PortBehaviour,
} from "../mock/runtime/behaviours/behaviour.ts";
export { parseBehaviours } from "../mock/runtime/behaviours/parse-behaviours.ts";
export { type ImageTar, MockDocker, type MockOptions, mockDocker } from "../modes/mock-docker.ts";
export type { SimulationOptions } from "../modes/mock-responders.ts";
