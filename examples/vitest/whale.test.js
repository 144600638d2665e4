import { aroundEach, describe, expect, vi } from "vitest";
import { runInCassetteScope, test } from "whalesong/vitest";
import { age, run } from "./whale.js";

// Each test is answered from __cassettes__/whale/<suite>--<test>.yaml, which is recorded when it is not there.
test("says what the container says", async () => {
  expect(await run("echo", "hello")).toEqual({ output: "hello\r\n", status: 0 });
});

test("says how it ended", async () => {
  expect(await run("sh", "-c", "exit 3")).toEqual({ output: "", status: 3 });
});

test("tells an image's age on the day of the recording", async ({ cassette }) => {
  vi.useFakeTimers({ now: cassette.recordedAt, toFake: ["Date"] });
  expect(await age("busybox")).toBe(2);
  vi.useRealTimers();
});

describe.concurrent("at the same time", () => {
  aroundEach(runInCassetteScope);

  test("one", async () => {
    expect((await run("echo", "one")).output).toBe("one\r\n");
  });

  test("two", async () => {
    expect((await run("echo", "two")).output).toBe("two\r\n");
  });
});
