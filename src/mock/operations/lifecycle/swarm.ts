/** The beginning and the end of a swarm, and how what is in it changes (moby daemon/cluster/swarm.go). */

import { ApiError, badParameter, systemError } from "../../model/api-error.ts";
import { emitEvent } from "../../model/emit-events.ts";
import { type JoinTokens, Swarm, type SwarmRecord, type SwarmSpec } from "../../model/swarm.ts";
import type { Engine } from "../engine.ts";

const WAY_OUT = 'Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const ALREADY =
  'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.';
const LAST_MANAGER =
  "You are attempting to leave the swarm on a node that is participating as a manager. " +
  "Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. ";
const PORT = 2377;
/** Where the simulated host is reached, for who listens on all of its addresses. */
const HOST = "192.168.0.2";
const ID_LENGTH = 25;
const FIRST_NODE_VERSION = 9;
const FIRST_CLUSTER_VERSION = 10;
/** What a swarm is begun with where a client is silent (moby api/types/swarm, swarmkit's defaults). */
const BEGINNING: SwarmSpec = {
  Orchestration: { TaskHistoryRetentionLimit: 5 },
  Raft: {
    SnapshotInterval: 10_000,
    KeepOldSnapshots: 0,
    LogEntriesForSlowFollowers: 500,
    ElectionTick: 10,
    HeartbeatTick: 1,
  },
  Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
  CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
};
/** Silence in a change means nothing at all. */
const NOTHING: SwarmSpec = {
  Orchestration: { TaskHistoryRetentionLimit: 0 },
  Raft: { KeepOldSnapshots: 0, ElectionTick: 0, HeartbeatTick: 0 },
  Dispatcher: {},
  CAConfig: {},
};

/** @throws Refusal 503 where there is none */
export function swarmOf({ swarm }: Engine): Swarm {
  if (swarm === undefined) throw new ApiError(503, `This node is not a swarm manager. ${WAY_OUT}`);
  return swarm;
}

/** @throws Refusal 503 */
export function checkAlone({ swarm }: Engine): void {
  if (swarm !== undefined) throw new ApiError(503, ALREADY);
}

/** @throws Refusal 503 where there is one, 400 for an address that is none */
export function beginSwarm(engine: Engine, sent: SwarmSpec): Swarm {
  checkAlone(engine);
  const [host, port] = listenAddress(sent.ListenAddr);
  const [advertised] = addressIn(sent.AdvertiseAddr || (host === "0.0.0.0" ? HOST : host));
  const spec = clusterSpec(sent.Spec ?? {}, BEGINNING);
  const node = { Labels: {}, Role: "manager", Availability: sent.Availability || "active" };
  engine.swarm = new Swarm({
    cluster: newRecord(engine, "cluster", FIRST_CLUSTER_VERSION, spec),
    node: newRecord(engine, "node", FIRST_NODE_VERSION, node),
    tokens: newTokens(engine),
    address: `${advertised}:${port}`,
    version: FIRST_CLUSTER_VERSION,
  });
  emitEvent(engine, "node", "create", engine.swarm.node.id, { name: "docker" });
  return engine.swarm;
}

/** @throws Refusal 503 where there is none, and where the last manager is not forced to go */
export function leaveSwarm(engine: Engine, isForced: boolean): void {
  if (engine.swarm === undefined) throw new ApiError(503, "This node is not part of a swarm");
  if (!isForced) throw new ApiError(503, LAST_MANAGER);
  engine.swarm = undefined;
}

/** @throws Refusal 500 where somebody else was faster */
export function updateCluster(engine: Engine, seen: number, sent: SwarmSpec, rotates: Partial<JoinTokens>): void {
  const swarm = swarmOf(engine);
  swarm.cluster = changedRecord(engine, swarm, swarm.cluster, seen, clusterSpec(sent, NOTHING));
  const fresh = newTokens(engine);
  swarm.tokens = {
    Worker: rotates.Worker === undefined ? swarm.tokens.Worker : fresh.Worker,
    Manager: rotates.Manager === undefined ? swarm.tokens.Manager : fresh.Manager,
  };
}

export function newRecord(engine: Engine, kind: string, version: number, spec: SwarmSpec): SwarmRecord {
  const created = engine.time.stamp();
  return { id: swarmId(engine, kind), version, created, updated: created, spec };
}

/** @throws Refusal 500 where somebody else was faster */
export function changedRecord(
  engine: Engine,
  swarm: Swarm,
  record: SwarmRecord,
  seen: number,
  spec: SwarmSpec,
): SwarmRecord {
  if (seen !== record.version) throw systemError("rpc error: code = Unknown desc = update out of sequence");
  return { ...record, version: swarm.nextVersion(), updated: engine.time.stamp(), spec };
}

/** @throws Refusal 400 for what is no address */
export function listenAddress(sent: unknown): readonly [string, number] {
  if (typeof sent !== "string" || sent === "") throw badParameter('invalid ListenAddr "": invalid empty address');
  return addressIn(sent);
}

function addressIn(text: string): readonly [string, number] {
  const [host = "", port] = text.split(/:(?=\d+$)/);
  return [host, Number(port ?? PORT)];
}

function clusterSpec(sent: SwarmSpec, silence: SwarmSpec): SwarmSpec {
  const { Labels, Orchestration, Raft, Dispatcher, CAConfig, TaskDefaults, EncryptionConfig } = sent;
  return {
    Name: "default",
    Labels: Labels ?? {},
    Orchestration: { ...silence.Orchestration, ...Orchestration },
    Raft: { ...silence.Raft, ...Raft },
    Dispatcher: { ...silence.Dispatcher, ...Dispatcher },
    CAConfig: { ...silence.CAConfig, ...CAConfig },
    TaskDefaults: TaskDefaults ?? {},
    EncryptionConfig: { AutoLockManagers: EncryptionConfig?.AutoLockManagers === true },
  };
}

/** The first half is the swarm's, the second what one may become in it. */
function newTokens(engine: Engine): JoinTokens {
  const swarm = swarmId(engine, "token") + swarmId(engine, "token");
  return {
    Worker: `SWMTKN-1-${swarm}-${swarmId(engine, "token")}`,
    Manager: `SWMTKN-1-${swarm}-${swarmId(engine, "token")}`,
  };
}

function swarmId({ random }: Engine, kind: string): string {
  return BigInt(`0x${random.id(`swarm ${kind}`)}`)
    .toString(36)
    .padStart(ID_LENGTH, "0")
    .slice(-ID_LENGTH);
}
