/**
 * The query parameters that only some API versions support, by operation, with their first or last version (changelog
 * of 1.0 to 1.16, moby api/server/router). Every version supports a parameter that is not here.
 */
import type { ApiVersion } from "../../model/api-version.ts";

interface ParameterSupport {
  readonly since?: string;
  readonly until?: string;
}

const PARAMETERS: Readonly<Record<string, Readonly<Record<string, ParameterSupport>>>> = {
  ContainerDelete: { force: { since: "1.10" } },
  ContainerInspect: { size: { since: "1.21" } },
  ContainerList: { size: { since: "1.3" }, before: { until: "1.11" }, since: { until: "1.11" } },
  ContainerRestart: { signal: { since: "1.42" } },
  ContainerStats: { "one-shot": { since: "1.41" } },
  ContainerStop: { signal: { since: "1.42" } },
  ContainerTop: { ps_args: { since: "1.4" } },
  ContainerWait: { condition: { since: "1.30" } },
  ImageBuild: { forcerm: { since: "1.12" }, pull: { since: "1.16" } },
  ImageCommit: { m: { until: "1.11" }, comment: { since: "1.12" } },
  ImageCreate: { platform: { since: "1.32" }, registry: { until: "1.11" } },
  ImageDelete: { force: { since: "1.10" }, noprune: { since: "1.10" }, platforms: { since: "1.50" } },
  ImageGet: { platform: { since: "1.48" } },
  ImageGetAll: { platform: { since: "1.48" } },
  ImageHistory: { platform: { since: "1.48" } },
  ImageInspect: { manifests: { since: "1.48" }, platform: { since: "1.49" } },
  ImageList: { filter: { until: "1.40" }, manifests: { since: "1.47" }, "shared-size": { since: "1.42" } },
  ImageLoad: { platform: { since: "1.48" } },
  ImagePush: { platform: { since: "1.46" }, registry: { until: "1.11" } },
  SystemDataUsage: { type: { since: "1.42" } },
  SystemEvents: { until: { since: "1.11" } },
};

type QueryPair = readonly [name: string, value: string];

/** Drops the parameters that this version does not support. */
export function selectSupportedParameters(
  operation: string,
  api: ApiVersion,
  query: readonly QueryPair[],
): readonly QueryPair[] {
  const limits = PARAMETERS[operation];
  if (limits === undefined) return query;
  return query.filter(([name]) => {
    const { since = "0", until = "9999" } = limits[name] ?? {};
    return !api.isBefore(since) && !api.isAfter(until);
  });
}
