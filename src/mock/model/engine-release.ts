/** The releases of Docker Engine that the simulated daemon can resemble, and what each says about itself. */
import type { ApiVersion } from "./api-version.ts";

export const ENGINE_NAMES = ["20.10", "28"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** A program that the daemon runs, with its own version. */
interface EnginePart {
  readonly version: string;
  readonly commit: string;
}

export interface EngineRelease {
  readonly name: EngineName;
  readonly version: string;
  /** The oldest and the newest API version of a real daemon. */
  readonly oldestApi: string;
  readonly maxApi: string;
  readonly buildTime: string;
  readonly gitCommit: string;
  readonly goVersion: string;
  readonly parts: Readonly<Record<"containerd" | "runc" | "docker-init", EnginePart>>;
}

/** The release that a mock resembles without an `engine` option. */
export const DEFAULT_ENGINE: EngineName = "28";

export const ENGINE_RELEASES: Readonly<Record<EngineName, EngineRelease>> = {
  "20.10": {
    name: "20.10",
    version: "20.10.24",
    oldestApi: "1.12",
    maxApi: "1.41",
    buildTime: "2023-04-04T18:16:59.000000000+00:00",
    gitCommit: "5d6db84",
    goVersion: "go1.19.7",
    parts: {
      containerd: { version: "1.6.20", commit: "2806fc1057397dbaeefbea0e4e17bddfbd388f38" },
      runc: { version: "1.1.5", commit: "v1.1.5-0-gf19387a6" },
      "docker-init": { version: "0.19.0", commit: "de40ad0" },
    },
  },
  "28": {
    name: "28",
    version: "28.5.2",
    oldestApi: "1.24",
    maxApi: "1.51",
    buildTime: "2025-11-05T14:43:40.000000000+00:00",
    gitCommit: "89c5e8f",
    goVersion: "go1.25.3",
    parts: {
      containerd: { version: "v1.7.29", commit: "442cb34bda9a6a0fed82a2ca7cade05c5c749582" },
      runc: { version: "1.3.3", commit: "v1.3.3-0-gd842d771" },
      "docker-init": { version: "0.19.0", commit: "de40ad0" },
    },
  },
};

/** Whether a release is older than Engine `name`. */
export function isOlderEngine(release: EngineRelease, name: EngineName): boolean {
  return Number.parseFloat(release.name) < Number.parseFloat(name);
}

/** The release that answers in an API version: the engine itself, or 20.10 in versions that the engine does not speak. */
export function selectRelease(release: EngineRelease, api: ApiVersion): EngineRelease {
  return api.isBefore(release.oldestApi) ? ENGINE_RELEASES["20.10"] : release;
}
