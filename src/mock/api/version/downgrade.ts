/**
 * Every endpoint builds the response of the newest API version. A client of an older version gets it downgraded: each
 * change of the API is one entry, and the entries apply from the newest change to the oldest.
 */

import type { ApiJson } from "../../model/api-json.ts";
import type { ApiVersion } from "../../model/api-version.ts";

export interface ResponseDowngrade {
  /** The API version that brought the change. */
  readonly since: string;
  /** Turns the JSON of `since` into what the versions before it had. */
  readonly downgrade: (json: ApiJson) => ApiJson;
}

/** The JSON as `api` knows it. `downgrades` are in the order of their versions, newest first. */
export function downgradeTo(api: ApiVersion, newest: ApiJson, downgrades: readonly ResponseDowngrade[]): ApiJson {
  return downgrades.reduce((json, { since, downgrade }) => (api.isBefore(since) ? downgrade(json) : json), newest);
}

export function omitMembers(json: ApiJson, ...names: readonly string[]): ApiJson {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
}
