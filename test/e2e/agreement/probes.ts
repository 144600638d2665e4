/** What both daemons are asked, in this order, at each version of the API. To compare more, add lines. */
import { buildProbes } from "./build.ts";
import { containerProbes } from "./containers.ts";
import { execProbes } from "./exec.ts";
import { imageProbes } from "./images.ts";
import { lateProbes } from "./late-settings.ts";
import { laterProbes } from "./later-versions.ts";
import { networkProbes } from "./networks.ts";
import type { Probe } from "./probe.ts";
import { streamProbes } from "./streams.ts";
import { swarmProbes } from "./swarm.ts";
import { systemProbes } from "./system.ts";
import { volumeProbes } from "./volumes.ts";

export const PROBES: readonly Probe[] = [
  ...systemProbes,
  ...containerProbes,
  ...lateProbes,
  ...execProbes,
  ...streamProbes,
  ...imageProbes,
  ...buildProbes,
  ...networkProbes,
  ...volumeProbes,
  ...laterProbes,
  ...swarmProbes,
];
