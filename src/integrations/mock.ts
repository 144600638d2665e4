/** A simulated daemon for a test: `whalesong/mock` (docs/mock.md). */
export type { FaultLiteral } from "../faults/fault.ts";
export { readBehaviours } from "../io/disk/read-behaviours.ts";
export type { AskedCall } from "../mock/daemon/calls/asked-call.ts";
export type { About, Calls, Times } from "../mock/daemon/calls/calls.ts";
export type { AfterHook, BeforeHook, HookCall, InsteadAnswer } from "../mock/daemon/calls/hooks.ts";
export type * from "../mock/daemon/fixtures/literal.ts";
export type { Crash, SimulatedContainer } from "../mock/daemon/handles/container.ts";
export type { ContainerChange, SimulatedContainers } from "../mock/daemon/handles/containers.ts";
export type { Happenings } from "../mock/daemon/simulation.ts";
export type { Actor } from "../mock/runtime/behaviours/actor.ts";
export type { Act, Behaviour, PortBehaviour, Step } from "../mock/runtime/behaviours/behaviour.ts";
export { type ImageTar, MockDocker, type MockOptions, mockDocker } from "../modes/mock-docker.ts";
