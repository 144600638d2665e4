import assert from "node:assert/strict";
import { describe } from "node:test";
import { cassetteTest } from "whalesong/node-test";
import { age, run } from "./whale.js";

// Each test is answered from __cassettes__/whale/<suite>--<test>.yaml, which is recorded when it is not there.
const test = cassetteTest(import.meta.url);

test("says what the container says", async () => {
  assert.deepEqual(await run("echo", "hello"), { output: "hello\r\n", status: 0 });
});

test("tells an image's age on the day of the recording", async (t, cassette) => {
  t.mock.timers.enable({ apis: ["Date"], now: cassette.recordedAt });
  assert.equal(await age("busybox"), 2);
});

describe("at the same time", { concurrency: true }, () => {
  for (const word of ["one", "two"]) {
    test(word, async () => {
      assert.equal((await run("echo", word)).output, `${word}\r\n`);
    });
  }
});
