/** Creates, updates and leaves a swarm of one node (moby daemon/cluster/swarm.go). */

import { ApiError, badParameter, systemError } from "../../model/api-error.ts";
import { emitEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { type JoinTokens, Swarm, type SwarmRecord, type SwarmSpec } from "../../model/swarm.ts";
import type { Engine } from "../engine.ts";
import { putNetwork } from "./create-network.ts";

const JOIN_HINT = 'Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const ALREADY_JOINED =
  'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.';
const LAST_MANAGER =
  "You are attempting to leave the swarm on a node that is participating as a manager. " +
  "Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. ";
const PORT = 2377;
const GATEWAY_NETWORK = "docker_gwbridge";
const GATEWAY_OPTIONS = {
  "com.docker.network.bridge.enable_icc": "false",
  "com.docker.network.bridge.enable_ip_masquerade": "true",
  "com.docker.network.bridge.name": GATEWAY_NETWORK,
};
/** The simulated host's address, which a swarm that listens on all addresses advertises. */
const HOST = "192.168.0.2";
const ID_LENGTH = 25;
const FIRST_NODE_VERSION = 9;
const FIRST_CLUSTER_VERSION = 10;
/** The defaults of a new swarm (moby api/types/swarm, swarmkit's defaults). */
const INITIAL_SPEC: SwarmSpec = {
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
/** The defaults of an update: all that a client omits is zero. */
const EMPTY_SPEC: SwarmSpec = {
  Orchestration: { TaskHistoryRetentionLimit: 0 },
  Raft: { KeepOldSnapshots: 0, ElectionTick: 0, HeartbeatTick: 0 },
  Dispatcher: {},
  CAConfig: {},
};

/** @throws ApiError 503 without a swarm */
export function getSwarm({ swarm }: Engine): Swarm {
  if (swarm === undefined) throw new ApiError(503, `This node is not a swarm manager. ${JOIN_HINT}`);
  return swarm;
}

/** @throws ApiError 503 if the node is in a swarm already */
export function checkNoSwarm({ swarm }: Engine): void {
  if (swarm !== undefined) throw new ApiError(503, ALREADY_JOINED);
}

/** @throws ApiError 503 if the node is in a swarm already, 400 without a listen address */
/** The network by which containers of a swarm reach the outside (libnetwork default_gateway_linux.go). It stays after a leave. */
function addGatewayNetwork(engine: Engine): void {
  if (engine.networks.getByName(GATEWAY_NETWORK) === undefined)
    putNetwork(engine, { Name: GATEWAY_NETWORK, Options: GATEWAY_OPTIONS });
}

export function initSwarm(engine: Engine, sent: SwarmSpec): Swarm {
  checkNoSwarm(engine);
  const [host, port] = listenAddress(sent.ListenAddr);
  const [advertised] = splitAddress(sent.AdvertiseAddr || (host === "0.0.0.0" ? HOST : host));
  const spec = toClusterSpec(sent.Spec ?? {}, INITIAL_SPEC);
  const node = { Labels: {}, Role: "manager", Availability: sent.Availability || "active" };
  engine.swarm = new Swarm({
    cluster: createRecord(engine, "cluster", FIRST_CLUSTER_VERSION, spec),
    node: createRecord(engine, "node", FIRST_NODE_VERSION, node),
    tokens: createTokens(engine),
    address: `${advertised}:${port}`,
    version: FIRST_CLUSTER_VERSION,
  });
  emitEvent(engine, "node", "create", engine.swarm.node.id, { name: "docker" });
  if (!isOlderEngine(engine.release, "28")) addGatewayNetwork(engine);
  return engine.swarm;
}

/** @throws ApiError 503 without a swarm, or if the last manager leaves without force */
export function leaveSwarm(engine: Engine, isForced: boolean): void {
  if (engine.swarm === undefined) throw new ApiError(503, "This node is not part of a swarm");
  if (!isForced) throw new ApiError(503, LAST_MANAGER);
  engine.swarm = undefined;
}

/** @throws ApiError 500 if another client has updated it since `seenVersion` */
export function updateCluster(
  engine: Engine,
  seenVersion: number,
  sent: SwarmSpec,
  rotates: Partial<JoinTokens>,
): void {
  const swarm = getSwarm(engine);
  swarm.cluster = updateRecord(engine, swarm, swarm.cluster, seenVersion, toClusterSpec(sent, EMPTY_SPEC));
  const fresh = createTokens(engine);
  swarm.tokens = {
    Worker: rotates.Worker === undefined ? swarm.tokens.Worker : fresh.Worker,
    Manager: rotates.Manager === undefined ? swarm.tokens.Manager : fresh.Manager,
  };
}

export function createRecord(engine: Engine, kind: string, version: number, spec: SwarmSpec): SwarmRecord {
  const created = engine.time.stamp();
  return { id: createSwarmId(engine, kind), version, created, updated: created, spec };
}

/** @throws ApiError 500 if another client has updated it since `seenVersion` */
export function updateRecord(
  engine: Engine,
  swarm: Swarm,
  record: SwarmRecord,
  seenVersion: number,
  spec: SwarmSpec,
): SwarmRecord {
  if (seenVersion !== record.version) throw systemError("rpc error: code = Unknown desc = update out of sequence");
  return { ...record, version: swarm.advanceVersion(), updated: engine.time.stamp(), spec };
}

/** @throws ApiError 400 for an empty address */
export function listenAddress(sent: unknown): readonly [string, number] {
  if (typeof sent !== "string" || sent === "") throw badParameter('invalid ListenAddr "": invalid empty address');
  return splitAddress(sent);
}

function splitAddress(text: string): readonly [string, number] {
  const [host = "", port] = text.split(/:(?=\d+$)/);
  return [host, Number(port ?? PORT)];
}

function toClusterSpec(sent: SwarmSpec, defaults: SwarmSpec): SwarmSpec {
  const { Labels, Orchestration, Raft, Dispatcher, CAConfig, TaskDefaults, EncryptionConfig } = sent;
  return {
    Name: "default",
    Labels: Labels ?? {},
    Orchestration: { ...defaults.Orchestration, ...Orchestration },
    Raft: { ...defaults.Raft, ...Raft },
    Dispatcher: { ...defaults.Dispatcher, ...Dispatcher },
    CAConfig: { ...defaults.CAConfig, ...CAConfig },
    TaskDefaults: TaskDefaults ?? {},
    EncryptionConfig: { AutoLockManagers: EncryptionConfig?.AutoLockManagers === true },
  };
}

/** Both tokens share the swarm's digest. The last part is the role's secret. */
function createTokens(engine: Engine): JoinTokens {
  const swarm = createSwarmId(engine, "token") + createSwarmId(engine, "token");
  return {
    Worker: `SWMTKN-1-${swarm}-${createSwarmId(engine, "token")}`,
    Manager: `SWMTKN-1-${swarm}-${createSwarmId(engine, "token")}`,
  };
}

function createSwarmId({ random }: Engine, kind: string): string {
  return BigInt(`0x${random.drawId(`swarm ${kind}`)}`)
    .toString(36)
    .padStart(ID_LENGTH, "0")
    .slice(-ID_LENGTH);
}
