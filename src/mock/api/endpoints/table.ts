/** Every simulated operation by its name. To add one, write a file in its section's folder and add a line here. */
import { imageBuild } from "./builder/build.ts";
import { grpc } from "./builder/grpc.ts";
import { buildCancel, buildPrune } from "./builder/prune.ts";
import { session } from "./builder/session.ts";

import { containerArchive, containerArchiveInfo, putContainerArchive } from "./containers/archive.ts";
import { containerAttach, containerAttachWebsocket } from "./containers/attach.ts";
import { containerChanges } from "./containers/changes.ts";
import { containerCopy } from "./containers/copy.ts";
import { containerCreate } from "./containers/create.ts";
import { containerDelete } from "./containers/delete.ts";
import { containerExport } from "./containers/export.ts";
import { containerInspect } from "./containers/inspect.ts";
import {
  containerKill,
  containerPause,
  containerRestart,
  containerStart,
  containerStop,
  containerUnpause,
} from "./containers/lifecycle.ts";
import { containerList } from "./containers/list.ts";
import { containerLogs } from "./containers/logs.ts";
import { containerPrune } from "./containers/prune.ts";
import { containerRename } from "./containers/rename.ts";
import { containerResize } from "./containers/resize.ts";
import { containerStats } from "./containers/stats.ts";
import { containerTop } from "./containers/top.ts";
import { containerUpdate } from "./containers/update.ts";
import { containerWait } from "./containers/wait.ts";
import type { Endpoint } from "./endpoint.ts";
import { containerExec } from "./exec/create.ts";
import { execInspect } from "./exec/inspect.ts";
import { execResize } from "./exec/resize.ts";
import { execStart } from "./exec/start.ts";
import { imageGet, imageGetAll, imageLoad } from "./images/archive.ts";
import { imageCommit } from "./images/commit.ts";
import { imageCreate } from "./images/create.ts";
import { imageDelete } from "./images/delete.ts";
import { distributionInspect } from "./images/distribution.ts";
import { imageHistory } from "./images/history.ts";
import { imageInsert } from "./images/insert.ts";
import { imageInspect } from "./images/inspect.ts";
import { imageList } from "./images/list.ts";
import { imagePrune } from "./images/prune.ts";
import { imagePush } from "./images/push.ts";
import { imageSearch } from "./images/search.ts";
import { imageTag } from "./images/tag.ts";
import { imageViz } from "./images/viz.ts";
import { networkConnect, networkDisconnect } from "./networks/connect.ts";
import { networkCreate } from "./networks/create.ts";
import { networkDelete } from "./networks/delete.ts";
import { networkInspect } from "./networks/inspect.ts";
import { networkList } from "./networks/list.ts";
import { networkPrune } from "./networks/prune.ts";
import { onePluginEndpoints, pluginList } from "./plugins/plugins.ts";
import { nodeDelete, nodeInspect, nodeList, nodeUpdate } from "./swarm/nodes.ts";
import { secretsAndConfigs } from "./swarm/secrets-and-configs.ts";
import { serviceEndpoints } from "./swarm/services.ts";
import {
  swarmInit,
  swarmInspect,
  swarmJoin,
  swarmLeave,
  swarmUnlock,
  swarmUnlockKey,
  swarmUpdate,
} from "./swarm/swarm.ts";
import { auth, authShow } from "./system/auth.ts";
import { systemDiskUsage } from "./system/disk-usage.ts";
import { events } from "./system/events.ts";
import { info } from "./system/info.ts";
import { ping, pingHead } from "./system/ping.ts";
import { version } from "./system/version.ts";
import { volumeCreate } from "./volumes/create.ts";
import { volumeDelete } from "./volumes/delete.ts";
import { volumeInspect } from "./volumes/inspect.ts";
import { volumeList } from "./volumes/list.ts";
import { volumePrune } from "./volumes/prune.ts";
import { volumeUpdate } from "./volumes/update.ts";

const SYSTEM: readonly Endpoint[] = [auth, authShow, events, info, ping, pingHead, systemDiskUsage, version];

const CONTAINERS: readonly Endpoint[] = [
  containerArchive,
  containerArchiveInfo,
  containerAttach,
  containerAttachWebsocket,
  containerChanges,
  containerCopy,
  containerCreate,
  containerDelete,
  containerExec,
  containerExport,
  containerInspect,
  containerKill,
  containerList,
  containerLogs,
  containerPause,
  containerPrune,
  containerRename,
  containerResize,
  containerRestart,
  containerStart,
  containerStats,
  containerStop,
  containerTop,
  containerUnpause,
  containerUpdate,
  containerWait,
  putContainerArchive,
];

const EXEC: readonly Endpoint[] = [execInspect, execResize, execStart];

const BUILDKIT: readonly Endpoint[] = [grpc, session];

const IMAGES: readonly Endpoint[] = [
  buildCancel,
  buildPrune,
  distributionInspect,
  imageBuild,
  imageCommit,
  imageCreate,
  imageDelete,
  imageGet,
  imageGetAll,
  imageHistory,
  imageInsert,
  imageInspect,
  imageList,
  imageLoad,
  imagePrune,
  imagePush,
  imageSearch,
  imageTag,
  imageViz,
];

const NETWORKS: readonly Endpoint[] = [
  networkConnect,
  networkCreate,
  networkDelete,
  networkDisconnect,
  networkInspect,
  networkList,
  networkPrune,
];

const VOLUMES: readonly Endpoint[] = [volumeCreate, volumeDelete, volumeInspect, volumeList, volumePrune, volumeUpdate];

const PLUGINS: readonly Endpoint[] = [pluginList, ...onePluginEndpoints];

const SWARM: readonly Endpoint[] = [
  nodeDelete,
  nodeInspect,
  nodeList,
  nodeUpdate,
  swarmInit,
  swarmInspect,
  swarmJoin,
  swarmLeave,
  swarmUnlock,
  swarmUnlockKey,
  swarmUpdate,
  ...secretsAndConfigs,
  ...serviceEndpoints,
];

export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  [SYSTEM, CONTAINERS, EXEC, BUILDKIT, IMAGES, NETWORKS, VOLUMES, PLUGINS, SWARM]
    .flat()
    .map((endpoint) => [endpoint.operation, endpoint]),
);
