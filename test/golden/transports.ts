/**
 * The transports over which a replay reaches a client. One that cannot carry an exchange (a mocking library has no
 * hijack) leaves it out. All others it carries as the other transports do.
 */

import { playCassette } from "./cassette-client.ts";
import type { ClientOutput } from "./client-output.ts";
import { openInMemory, openInterception, openSocket, type ReplayTarget } from "./replay-targets.ts";

export interface ReplayTransport {
  readonly name: string;
  /** The output of each exchange, in recorded order. */
  playCassette(cassette: string): Promise<readonly (ClientOutput | undefined)[]>;
}

export const TRANSPORTS: readonly [ReplayTransport, ...ReplayTransport[]] = [
  createTransport("in memory", openInMemory),
  createTransport("in memory once more", openInMemory),
  createTransport("over a unix socket", openSocket),
  createTransport("through the interceptor", openInterception),
];

function createTransport(name: string, open: (cassette: string) => Promise<ReplayTarget>): ReplayTransport {
  return {
    name,
    playCassette: async (cassette) => {
      const rehearsal = await open(cassette);
      const heard = await playCassette(cassette, rehearsal);
      await rehearsal.report();
      return heard;
    },
  };
}
