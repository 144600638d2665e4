/**
 * `whalesong/core`: the parts that the modes are made of, to be put together in another way. A mode is a list of
 * responders behind `createDaemon` (docs/architecture.md, "One idea").
 */
export { checkCassette } from "./cassette/check.ts";
export type * from "./cassette/model.ts";
export {
  type Cassette,
  type CassetteEntry,
  type CassetteWalk,
  type EntrySequence,
  openCassette,
} from "./cassette/read.ts";
export { formatExchange, formatHeader } from "./cassette/write.ts";
export { type FaultOptions, injectFaults } from "./faults/fault-responder.ts";
export { FaultSet, type FaultState } from "./faults/fault-set.ts";
export { readFaults } from "./faults/read-faults.ts";
export { systemClock } from "./io/clock.ts";
export { fromSocket } from "./io/connections/from-socket.ts";
export { createDiskStore } from "./io/disk/disk-store.ts";
export { openSidecar, readCassette, type SidecarFile } from "./io/disk/read-cassette.ts";
export { type Interception, type InterceptOptions, intercept } from "./io/intercept/intercept.ts";
export { createSocketUrl, type Listener, type ListenOptions, listen } from "./io/listen/listen.ts";
export { connect } from "./io/upstream/connect.ts";
export { parseUpstream, resolveDockerHost } from "./io/upstream/docker-host.ts";
export type { Upstream } from "./io/upstream/upstream.ts";
export { createPassthroughService } from "./modes/passthrough.ts";
export { createRecordService } from "./modes/record.ts";
export { createReplayService, type ReplayService } from "./modes/replay.ts";
export type { ModeService, ServiceOptions } from "./modes/service.ts";
export type { InProcessDaemon } from "./modes/upstream-connection.ts";
export { forward } from "./record/forward.ts";
export { Recording, type RecordingOptions } from "./record/recording.ts";
export { type Connect, relay } from "./record/relay.ts";
export type { RecordingStore, SidecarWriter } from "./record/store.ts";
export { type ControlTarget, createReplayControl } from "./replay/control.ts";
export { Deck, type DeckOptions } from "./replay/deck/deck.ts";
export { DeckList } from "./replay/deck/deck-list.ts";
export { respondToMiss } from "./replay/misses/respond-to-miss.ts";
export { type ReplaySession, ReplaySessions, SESSION_HEADER } from "./replay/replay-sessions.ts";
export { replay } from "./replay/responder.ts";
export type { Call, Responder } from "./session/call.ts";
export type { Connection, Daemon } from "./session/connection.ts";
export { createDaemon } from "./session/daemon.ts";
export { connectionPair } from "./session/pair.ts";
