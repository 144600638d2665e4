/** On macOS a socket at which 128 connections wait refuses as one does that nothing listens at. */
import { expect, test } from "vitest";
import { probeListener } from "../../src/io/listen/probe-socket.ts";

/** Probes a socket that refuses `refusals` times, and then answers. */
async function probe(platform: NodeJS.Platform, refusals: number): Promise<{ answer: string; probes: number }> {
  let probes = 0;
  const answer = await probeListener("/nowhere", {
    platform,
    clock: { now: () => 0, sleep: async () => undefined },
    probe: async () => {
      probes += 1;
      return probes > refusals ? "open" : "ECONNREFUSED";
    },
  });
  return { answer, probes };
}

test.each([
  ["linux", 0, "open", 1],
  ["linux", 1, "ECONNREFUSED", 1],
  ["darwin", 0, "open", 1],
  ["darwin", 1, "open", 2],
  ["darwin", 3, "open", 4],
  ["darwin", 4, "ECONNREFUSED", 4],
] as const)(
  "on %s, a socket that refuses %d times is %s after %d probes",
  async (platform, refusals, answer, probes) => {
    expect(await probe(platform, refusals)).toEqual({ answer, probes });
  },
);
