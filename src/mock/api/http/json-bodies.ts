/** Go's type of each body in JSON, by the operation. */
import {
  AUTH_BODY,
  CONNECT_BODY,
  COPY_BODY,
  CREATE_BODY,
  DISCONNECT_BODY,
  EXEC_BODY,
  EXEC_START_BODY,
  NETWORK_BODY,
  UPDATE_BODY,
  VOLUME_BODY,
} from "./go-bodies.ts";
import type { GoType } from "./go-type.ts";
import {
  CONFIG_BODY,
  NODE_BODY,
  SECRET_BODY,
  SWARM_BODY,
  SWARM_INIT_BODY,
  SWARM_JOIN_BODY,
  SWARM_UNLOCK_BODY,
} from "./swarm-bodies.ts";

/** What has a body in JSON. A start has one until API 1.23, in types of its own (`legacy-settings.ts`). */
export type JsonOperation =
  | "ContainerCreate"
  | "ContainerUpdate"
  | "ContainerCopy"
  | "ContainerExec"
  | "ExecStart"
  | "ImageCommit"
  | "NetworkCreate"
  | "NetworkConnect"
  | "NetworkDisconnect"
  | "VolumeCreate"
  | "SystemAuth"
  | "SwarmInit"
  | "SwarmUpdate"
  | "SwarmJoin"
  | "SwarmUnlock"
  | "NodeUpdate"
  | "SecretCreate"
  | "SecretUpdate"
  | "ConfigCreate"
  | "ConfigUpdate";

export const JSON_BODIES: Readonly<Record<JsonOperation, GoType>> = {
  ContainerCreate: CREATE_BODY,
  ContainerUpdate: UPDATE_BODY,
  ContainerCopy: COPY_BODY,
  ContainerExec: EXEC_BODY,
  ExecStart: EXEC_START_BODY,
  ImageCommit: CREATE_BODY,
  NetworkCreate: NETWORK_BODY,
  NetworkConnect: CONNECT_BODY,
  NetworkDisconnect: DISCONNECT_BODY,
  VolumeCreate: VOLUME_BODY,
  SystemAuth: AUTH_BODY,
  SwarmInit: SWARM_INIT_BODY,
  SwarmUpdate: SWARM_BODY,
  SwarmJoin: SWARM_JOIN_BODY,
  SwarmUnlock: SWARM_UNLOCK_BODY,
  NodeUpdate: NODE_BODY,
  SecretCreate: SECRET_BODY,
  SecretUpdate: SECRET_BODY,
  ConfigCreate: CONFIG_BODY,
  ConfigUpdate: CONFIG_BODY,
};
