/** Every method of dockerode that asks the daemon for something, in what it is for; and other clients. */
import type { Cases } from "./case.ts";
import { CONTAINERS } from "./containers.ts";
import { IMAGES } from "./images.ts";
import { OTHERS } from "./others.ts";
import { SURROUNDINGS } from "./surroundings.ts";
import { NO_SWARM, SWARM } from "./swarm.ts";

export const GROUPS: Readonly<Record<string, Cases>> = {
  containers: CONTAINERS,
  images: IMAGES,
  surroundings: SURROUNDINGS,
  "no swarm": NO_SWARM,
  swarm: SWARM,
  "other clients": OTHERS,
};

/** Their answers are about the machine, so what is recorded of them is not kept. */
export const OF_THE_MACHINE: Cases = {
  version: (docker) => docker.version(),
  info: (docker) => docker.info(),
  "the swarm's node": async (docker) => {
    await docker.swarmInit({
      ListenAddr: "127.0.0.1:2377",
      AdvertiseAddr: "127.0.0.1",
      ForceNewCluster: false,
      Spec: {},
    });
    const nodes = await docker.listNodes();
    await docker.swarmLeave({ force: true });
    return nodes;
  },
};
