import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collections after which memory counts as held. The sweeper works beside us and may lag behind. */
const ROUNDS = 5;
/** A collection takes long beside the modules of other tests. Before a test there is little garbage. */
const ROUNDS_WITHOUT_LIMIT = 2;

/**
 * Bytes that are still referenced; garbage that is not collected yet does not count.
 * The least of several collections, since the newest Nodes free the memory of buffers some time after a collection.
 * @param limit bytes below which the test is content: no more is collected then
 */
export async function measureHeldMemory(limit = 0): Promise<number> {
  const rounds = limit === 0 ? ROUNDS_WITHOUT_LIMIT : ROUNDS;
  let least = collectGarbage();
  for (let round = 0; round < rounds && least >= limit; round += 1) {
    await pause(10);
    const now = collectGarbage();
    if (now < least * 0.99) round = 0;
    least = Math.min(least, now);
  }
  return least;
}

function collectGarbage(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
