/** A simulated daemon for a test: `whalesong/mock` (docs/mock.md). */
export type { FaultLiteral } from "../faults/fault.ts";
export { readBehaviours } from "../io/disk/read-behaviours.ts";
export type { Actor } from "../mock/behaviours/actor.ts";
export type { Act, Behaviour, PortBehaviour, Step } from "../mock/behaviours/behaviour.ts";
export type { AskedCall } from "../mock/calls/asked-call.ts";
export type { About, Calls, Times } from "../mock/calls/calls.ts";
export type { AfterHook, BeforeHook, HookCall, InsteadAnswer } from "../mock/calls/hooks.ts";
export type * from "../mock/literal/literal.ts";
export type { Crash, SimulatedContainer } from "../mock/outside/container.ts";
export type { ContainerChange, SimulatedContainers } from "../mock/outside/containers.ts";
export type { Happenings } from "../mock/simulation.ts";
export { type ImageTar, MockDocker, type MockOptions, mockDocker } from "../modes/mock-docker.ts";
