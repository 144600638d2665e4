import assert from "node:assert/strict";
import { useCassette } from "whalesong";
import { run } from "./whale.js";

// Answered from hello.yaml, which is recorded when it is not there. No test runner is needed.
await useCassette(new URL("hello.yaml", import.meta.url), async (cassette) => {
  const { output, status } = await run("echo", "hello");
  assert.deepEqual([output, status], ["hello\r\n", 0]);
  console.log(`${cassette.mode}: the container printed ${output.trim()}`);
});
