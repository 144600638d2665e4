import { jest } from "@jest/globals";
import { withCassette } from "whalesong/jest";
import { age, run } from "./whale.js";

// Each test is answered from __cassettes__/whale/<test>.yaml, which is recorded when it is not there.
test(
  "says what the container says",
  withCassette(async () => {
    expect(await run("echo", "hello")).toEqual({ output: "hello\r\n", status: 0 });
  }),
);

test(
  "tells an image's age on the day of the recording",
  withCassette(async ({ recordedAt }) => {
    jest.useFakeTimers({ now: recordedAt, doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
    expect(await age("busybox")).toBe(2);
    jest.useRealTimers();
  }),
);
