/** The public API. The two modes first; below them the parts they are made of, to be put together otherwise. */
export { CassetteError, EnvironmentError, UsageError, WhalesongError, WireError } from "./base/errors.ts";
export { checkCassette } from "./cassette/check.ts";
export type * from "./cassette/model.ts";
export { type Cassette, type Entry, openCassette } from "./cassette/read.ts";
export { exchangeText, headerText } from "./cassette/write.ts";
export type { FaultLiteral } from "./faults/fault.ts";
export { type FaultOptions, faults } from "./faults/faults.ts";
export { readFaults } from "./faults/read.ts";
export { FaultSheet, type FaultState } from "./faults/sheet.ts";
export { type ImportReport, importFile } from "./integrations/import-file.ts";
export { type CassetteOptions, insertCassette } from "./integrations/insert.ts";
export type { InsertedCassette } from "./integrations/inserted.ts";
export { useCassette } from "./integrations/use-cassette.ts";
export type { CassetteReport } from "./integrations/verdict.ts";
export { systemClock } from "./io/clock.ts";
export { connectionPair } from "./io/connections/pair.ts";
export { fromSocket } from "./io/connections/socket.ts";
export { diskStore } from "./io/disk/disk-store.ts";
export { readBehaviours } from "./io/disk/read-behaviours.ts";
export { readCassette, type SidecarFile, sidecarFile } from "./io/disk/read-cassette.ts";
export { type Interception, type InterceptOptions, intercept } from "./io/intercept/intercept.ts";
export { freshSocketUrl, type Listener, type ListenOptions, listen } from "./io/listen/listen.ts";
export { connect } from "./io/upstream/connect.ts";
export { dockerHost, parseUpstream, type Upstream } from "./io/upstream/docker-host.ts";
export type { Actor } from "./mock/behaviours/actor.ts";
export type { Act, Behaviour, PortBehaviour, Step } from "./mock/behaviours/behaviour.ts";
export { behavioursIn } from "./mock/behaviours/read.ts";
export type { AskedCall } from "./mock/calls/asked-call.ts";
export type { About, Calls, Times } from "./mock/calls/calls.ts";
export type { AfterHook, BeforeHook, HookCall, InsteadAnswer } from "./mock/calls/hooks.ts";
export { Engine, type EngineOptions } from "./mock/engine.ts";
export type * from "./mock/literal/literal.ts";
export { mock } from "./mock/mock.ts";
export type { Crash, SimulatedContainer } from "./mock/outside/container.ts";
export type { ContainerChange, SimulatedContainers } from "./mock/outside/containers.ts";
export type { Happenings } from "./mock/simulation.ts";
export { MockDocker, type MockOptions, mockDocker } from "./modes/mock-docker.ts";
export type { Mode, SettledMode } from "./modes/mode.ts";
export {
  passService,
  type RecordOptions,
  type ReplayOptions,
  type Running,
  record,
  recordService,
  replayCassettes,
  replayService,
  type Service,
  type ServiceOptions,
} from "./modes.ts";
export { forward } from "./record/forward.ts";
export { type Connect, relay } from "./record/relay.ts";
export type { RecordingStore, SidecarWriter } from "./record/store.ts";
export { type RecordingReport, Tape, type TapeOptions } from "./record/tape.ts";
export { control, type Playback } from "./replay/control.ts";
export { Deck, type DeckOptions } from "./replay/deck/deck.ts";
export { Rack } from "./replay/deck/rack.ts";
export type { Miss } from "./replay/miss.ts";
export { missed } from "./replay/misses/missed.ts";
export { parseTempo, type Tempo } from "./replay/play/tempo.ts";
export { type Playthrough, Playthroughs, SESSION_HEADER } from "./replay/playthrough.ts";
export type { ReplayReport } from "./replay/report.ts";
export { replay } from "./replay/responder.ts";
export type { Call, Responder } from "./session/call.ts";
export type { Connection, Daemon } from "./session/connection.ts";
export { daemon } from "./session/daemon.ts";
export { version } from "./version.ts";
