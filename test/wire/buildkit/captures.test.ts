import { describe, expect, it } from "vitest";
import { BUILDKIT_SCHEMA } from "../../../src/wire/buildkit/buildkit-schema.ts";
import { BUILDKIT_METHODS } from "../../../src/wire/buildkit/services.ts";
import { isLossless } from "../../../src/wire/protobuf/lossless.ts";
import { CAPTURES, type CapturedCall, callsOf, messagesOf, readCapture } from "./captures.ts";

const allCalls = (name: (typeof CAPTURES)[number]): CapturedCall[] => readCapture(name).flatMap(callsOf);

describe.each(CAPTURES)("a recorded build, %s,", (name) => {
  const calls = allCalls(name);

  it("calls only methods that the service table has, from the side that it says", () => {
    expect(calls.length).toBeGreaterThan(8);
    for (const { path, caller } of calls) expect([path, BUILDKIT_METHODS.get(path)?.caller]).toEqual([path, caller]);
  });

  it("has messages that decode and encode to the same bytes", () => {
    const lossy: string[] = [];
    for (const { path, caller, events } of calls) {
      const shape = BUILDKIT_METHODS.get(path);
      for (const [side, bytes] of messagesOf(events)) {
        const message = side === caller ? shape?.request : shape?.response;
        if (message !== undefined && !isLossless(BUILDKIT_SCHEMA, message, bytes))
          lossy.push(`${path} ${side} ${bytes.length}`);
      }
    }
    expect(lossy).toEqual([]);
  });
});
