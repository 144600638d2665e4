/** A simulated daemon for a test: `whalesong/mock` (docs/mock.md). */
export type { FaultLiteral } from "../faults/fault.ts";
export { readBehaviours } from "../io/disk/read-behaviours.ts";
export type { RecordedCall } from "../mock/daemon/calls/recorded-call.ts";
export type { CallFilter, CallLog, CallExpectation } from "../mock/daemon/calls/call-log.ts";
export type { AfterHook, BeforeHook, HookCall, HookResponse } from "../mock/daemon/calls/hooks.ts";
export type * from "../mock/daemon/fixtures/state-literal.ts";
export type { CrashOptions, SimulatedContainer } from "../mock/daemon/handles/simulated-container.ts";
export type { ContainerChange, SimulatedContainers } from "../mock/daemon/handles/simulated-containers.ts";
export type { MockEvents } from "../mock/daemon/simulation.ts";
export type { Actor } from "../mock/runtime/behaviours/actor.ts";
export type { Act, Behaviour, PortBehaviour, Step } from "../mock/runtime/behaviours/behaviour.ts";
export { type ImageTar, MockDocker, type MockOptions, mockDocker } from "../modes/mock-docker.ts";
