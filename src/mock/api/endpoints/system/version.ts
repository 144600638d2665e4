import { KERNEL } from "../../../../userland/applets/system/system.ts";
import type { Engine } from "../../../operations/engine.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";

const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.12", downgrade: ({ Version, GitCommit, GoVersion }) => ({ Version, GitCommit, GoVersion }) },
];

export const version: Endpoint = {
  operation: "SystemVersion",
  respond: (request, engine) => jsonResponse(downgradeTo(request, toVersionJson(engine), DOWNGRADES)),
};

function toVersionJson({ minApi, release }: Engine): Record<string, unknown> {
  const details = {
    ApiVersion: release.maxApi,
    Arch: "amd64",
    BuildTime: release.buildTime,
    Experimental: "false",
    GitCommit: release.gitCommit,
    GoVersion: release.goVersion,
    KernelVersion: KERNEL,
    MinAPIVersion: minApi,
    Os: "linux",
  };
  const parts = Object.entries(release.parts).map(([Name, { version, commit }]) => ({
    Name,
    Version: version,
    Details: { GitCommit: commit },
  }));
  return {
    Platform: { Name: "" },
    Components: [{ Name: "Engine", Version: release.version, Details: details }, ...parts],
    Version: release.version,
    ApiVersion: release.maxApi,
    MinAPIVersion: minApi,
    GitCommit: release.gitCommit,
    GoVersion: release.goVersion,
    Os: "linux",
    Arch: "amd64",
    KernelVersion: KERNEL,
    BuildTime: release.buildTime,
  };
}
