/** Go's types of the bodies of swarms (moby api/types/swarm, 20.10). */
import { typeMembers } from "./go-bodies.ts";
import { type GoType, goBool, goBytes, goInt, goList, goMap, goString, goStruct } from "./go-type.ts";

const LABELS = goMap(goString());
const DURATION = goInt("time.Duration");
const ANNOTATIONS = { Name: goString(), Labels: LABELS };
const DRIVER = goStruct("swarm.Driver", { Name: goString(), Options: LABELS });
const AVAILABILITY = goString("swarm.NodeAvailability");
const ADDRESSES = typeMembers(goString(), "ListenAddr AdvertiseAddr DataPathAddr");

const EXTERNAL_CA = goStruct("swarm.ExternalCA", {
  Protocol: goString("swarm.ExternalCAProtocol"),
  ...typeMembers(goString(), "URL CACert"),
  Options: LABELS,
});

const RAFT = goStruct("swarm.RaftConfig", {
  ...typeMembers(goInt("uint64"), "SnapshotInterval KeepOldSnapshots LogEntriesForSlowFollowers"),
  ...typeMembers(goInt("int"), "ElectionTick HeartbeatTick"),
});

const CA = goStruct("swarm.CAConfig", {
  NodeCertExpiry: DURATION,
  ExternalCAs: goList(EXTERNAL_CA, "[]*swarm.ExternalCA"),
  ...typeMembers(goString(), "SigningCACert SigningCAKey"),
  ForceRotate: goInt("uint64"),
});

export const SWARM_BODY: GoType = goStruct("swarm.Spec", {
  ...ANNOTATIONS,
  Orchestration: goStruct("swarm.OrchestrationConfig", { TaskHistoryRetentionLimit: goInt() }),
  Raft: RAFT,
  Dispatcher: goStruct("swarm.DispatcherConfig", { HeartbeatPeriod: DURATION }),
  CAConfig: CA,
  TaskDefaults: goStruct("swarm.TaskDefaults", { LogDriver: DRIVER }),
  EncryptionConfig: goStruct("swarm.EncryptionConfig", { AutoLockManagers: goBool }),
});

export const SWARM_INIT_BODY: GoType = goStruct("swarm.InitRequest", {
  ...ADDRESSES,
  ...typeMembers(goInt("uint32"), "DataPathPort SubnetSize"),
  ...typeMembers(goBool, "ForceNewCluster AutoLockManagers"),
  Spec: SWARM_BODY,
  Availability: AVAILABILITY,
  DefaultAddrPool: goList(goString()),
});

export const SWARM_JOIN_BODY: GoType = goStruct("swarm.JoinRequest", {
  ...ADDRESSES,
  RemoteAddrs: goList(goString()),
  JoinToken: goString(),
  Availability: AVAILABILITY,
});

export const SWARM_UNLOCK_BODY: GoType = goStruct("swarm.UnlockRequest", { UnlockKey: goString() });

export const NODE_BODY: GoType = goStruct("swarm.NodeSpec", {
  ...ANNOTATIONS,
  Role: goString("swarm.NodeRole"),
  Availability: AVAILABILITY,
});

export const SECRET_BODY: GoType = goStruct("swarm.SecretSpec", {
  ...ANNOTATIONS,
  Data: goBytes,
  Driver: DRIVER,
  Templating: DRIVER,
});

export const CONFIG_BODY: GoType = goStruct("swarm.ConfigSpec", { ...ANNOTATIONS, Data: goBytes, Templating: DRIVER });
