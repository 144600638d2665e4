/** The API versions that the requests of a cassette use. A replayed ping offers the highest of them to its client. */
import type { PlacedExchange } from "./place-exchanges.ts";

/** Copies of a deck share their exchanges. */
const versionsByExchanges = new WeakMap<readonly PlacedExchange[], ReadonlySet<string>>();

/**
 * The versions in the paths of requests, such as `1.41`. Pings do not count: a client pings before it has chosen.
 * @returns an empty set if no path has a version
 */
export function collectApiVersions(exchanges: readonly PlacedExchange[]): ReadonlySet<string> {
  const known = versionsByExchanges.get(exchanges);
  if (known !== undefined) return known;
  const versions = new Set(
    exchanges.flatMap(({ operation }) => (isPing(operation.name) ? [] : (operation.apiVersion ?? []))),
  );
  versionsByExchanges.set(exchanges, versions);
  return versions;
}

/** @param operation the operation's name */
export function isPing(operation: string): boolean {
  return operation === "SystemPing" || operation === "SystemPingHead";
}
