import { KERNEL } from "../../../../userland/applets/surroundings.ts";
import { BUILD_TIME, ENGINE_VERSION, GIT_COMMIT, GO_VERSION, MAX_API } from "../../../model/daemon-version.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";

const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.12", downgrade: ({ Version, GitCommit, GoVersion }) => ({ Version, GitCommit, GoVersion }) },
];

export const version: Endpoint = {
  operation: "SystemVersion",
  respond: ({ api }, { minApi }) => jsonResponse(downgradeTo(api, toVersionJson(minApi), DOWNGRADES)),
};

function toVersionJson(minApi: string): Record<string, unknown> {
  const details = {
    ApiVersion: MAX_API,
    Arch: "amd64",
    BuildTime: BUILD_TIME,
    Experimental: "false",
    GitCommit: GIT_COMMIT,
    GoVersion: GO_VERSION,
    KernelVersion: KERNEL,
    MinAPIVersion: minApi,
    Os: "linux",
  };
  const toComponent = (Name: string, Version: string, GitCommit: string): object => ({
    Name,
    Version,
    Details: { GitCommit },
  });
  return {
    Platform: { Name: "" },
    Components: [
      { Name: "Engine", Version: ENGINE_VERSION, Details: details },
      toComponent("containerd", "1.6.20", "2806fc1057397dbaeefbea0e4e17bddfbd388f38"),
      toComponent("runc", "1.1.5", "v1.1.5-0-gf19387a6"),
      toComponent("docker-init", "0.19.0", "de40ad0"),
    ],
    Version: ENGINE_VERSION,
    ApiVersion: MAX_API,
    MinAPIVersion: minApi,
    GitCommit: GIT_COMMIT,
    GoVersion: GO_VERSION,
    Os: "linux",
    Arch: "amd64",
    KernelVersion: KERNEL,
    BuildTime: BUILD_TIME,
  };
}
