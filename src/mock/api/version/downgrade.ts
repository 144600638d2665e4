/**
 * Every endpoint builds the response of the newest API version and engine. A client of an older version gets it
 * downgraded: each change of the API is one entry, and the entries apply from the newest change to the oldest.
 */

import type { ApiJson } from "../../model/api-json.ts";
import type { ApiVersion } from "../../model/api-version.ts";
import { type EngineName, type EngineRelease, isOlderEngine } from "../../model/engine-release.ts";

export type ResponseDowngrade = { readonly downgrade: (json: ApiJson) => ApiJson } & (
  | {
      /** The API version that brought the change. The downgrade makes what the versions before it had. */
      readonly since: string;
    }
  | {
      /** The engine that brought the change to all its API versions. The downgrade makes what older engines have. */
      readonly sinceEngine: EngineName;
    }
);

/** The version of a response. An `ApiRequest` is one. */
export interface ResponseVersion {
  readonly api: ApiVersion;
  readonly release: EngineRelease;
}

/** The JSON as `version` knows it. `downgrades` are in the order of their versions, newest first. */
export function downgradeTo(
  version: ResponseVersion,
  newest: ApiJson,
  downgrades: readonly ResponseDowngrade[],
): ApiJson {
  return createDowngrade(version, downgrades)(newest);
}

/** The same for many values of one response: which of the changes apply is decided once. */
export function createDowngrade(
  version: ResponseVersion,
  downgrades: readonly ResponseDowngrade[],
): (newest: ApiJson) => ApiJson {
  const applied = downgrades.filter((change) => isBefore(version, change));
  return (newest) => applied.reduce((json, { downgrade }) => downgrade(json), newest);
}

function isBefore({ api, release }: ResponseVersion, change: ResponseDowngrade): boolean {
  return "since" in change ? api.isBefore(change.since) : isOlderEngine(release, change.sinceEngine);
}

export function omitMembers(json: ApiJson, ...names: readonly string[]): ApiJson {
  const rest = Object.assign({}, json); // No spread: of many shapes, V8 puts its results into the old space.
  for (const name of names) delete rest[name];
  return rest;
}
