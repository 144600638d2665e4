/**
 * The version that a replayed ping offers. A client that is newer than the recorded one chooses the daemon's version by
 * its ping (docker client/client.go, NegotiateAPIVersion), and would then ask for what was recorded under another one.
 * The recorded client itself gets the recorded bytes.
 */
import type { HeaderField } from "../../wire/http/head.ts";

/**
 * The fields with the highest version that the recording's requests use in the place of the daemon's own.
 * Versions above the daemon's do not count: it refused them. Without any other, the fields stay as they are.
 */
export function offerVersion(fields: readonly HeaderField[], used: Iterable<string>): readonly HeaderField[] {
  return fields.map(([name, value]) => [
    name,
    name.toLowerCase() === "api-version" ? lowerVersion(value, used) : value,
  ]);
}

function lowerVersion(daemon: string, used: Iterable<string>): string {
  const candidates = [...used].filter((version) => compareVersions(version, daemon) <= 0);
  return candidates.sort(compareVersions).at(-1) ?? daemon;
}

/** Negative if `a` is the older one: 1.9 comes before 1.41. */
function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}
