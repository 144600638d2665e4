/**
 * The ways on which a cassette's answers reach a client. A road that cannot carry an exchange (a mocking library knows
 * no hijack) leaves it out; what it carries, it carries as the others do.
 */
import type { Heard } from "./heard.ts";
import { inMemory, intercepted, overSocket, type Rehearsal } from "./rehearsal.ts";
import { walk } from "./walk.ts";

export interface Road {
  readonly name: string;
  /** What was heard of each exchange, in recorded order. */
  travel(cassette: string): Promise<readonly (Heard | undefined)[]>;
}

export const ROADS: readonly [Road, ...Road[]] = [
  walked("in memory", inMemory),
  walked("in memory once more", inMemory),
  walked("over a unix socket", overSocket),
  walked("through the interceptor", intercepted),
];

function walked(name: string, open: (cassette: string) => Promise<Rehearsal>): Road {
  return {
    name,
    travel: async (cassette) => {
      const rehearsal = await open(cassette);
      const heard = await walk(cassette, rehearsal);
      await rehearsal.report();
      return heard;
    },
  };
}
