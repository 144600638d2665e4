/** Large walks leave garbage in all of V8's heap, not only among new objects. */
import { setImmediate as waitForTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { bufferCollector, collectHeap } from "../../src/io/buffer-collector.ts";

/** What a function of its own has let go: nothing on the stack of the test refers to it. */
function makeOldGarbage(): WeakRef<object> {
  const garbage = { content: new Array<number>(1000).fill(1) };
  // Two minor collections move an object out of the space for new ones.
  for (let count = 0; count < 2; count += 1) bufferCollector.collect("minor");
  return new WeakRef(garbage);
}

test("what has become old is collected", async () => {
  const garbage = makeOldGarbage();
  // A WeakRef holds its object until the turn ends.
  await waitForTurn();
  bufferCollector.collect("minor");
  await waitForTurn();
  expect(garbage.deref()).toBeDefined();
  await waitForTurn();
  collectHeap();
  expect(garbage.deref()).toBeUndefined();
});
