import { describe, expect, it } from "vitest";
import {
  encodeRpcStatus,
  type RpcStatus,
  readDetailType,
  readRpcStatus,
  withoutStacks,
} from "../../../src/wire/buildkit/status-details.ts";
import { callsOf, readCapture } from "./captures.ts";

const JSON_OF = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const STATUS: RpcStatus = {
  code: 2,
  message: "it failed",
  details: [
    { typeUrl: "github.com/moby/buildkit/stack.Stack+json", value: JSON_OF({ cmdline: ["dockerd"] }) },
    { typeUrl: "github.com/moby/buildkit/errdefs.Source+json", value: JSON_OF({ info: { filename: "Dockerfile" } }) },
  ],
};

describe("the details of a status", () => {
  it("are what they were when written", () => {
    expect(readRpcStatus(encodeRpcStatus(STATUS))).toEqual(STATUS);
    expect(readRpcStatus(Buffer.alloc(0))).toEqual({ code: 0, message: "", details: [] });
    expect(encodeRpcStatus({ code: 0, message: "", details: [] })).toHaveLength(0);
  });

  it("keep the Dockerfile and lose the stacks", () => {
    expect(withoutStacks(STATUS).details.map(readDetailType)).toEqual(["errdefs.Source"]);
  });

  it("of a recorded failure have the lines of the Dockerfile", () => {
    const statuses = readCapture("failing")
      .flatMap(callsOf)
      .flatMap(({ events }) => events)
      .flatMap((event) => (event.kind === "status" && event.status.details ? [event.status] : []));
    expect(statuses.length).toBeGreaterThan(0);
    for (const { code, message, details } of statuses) {
      const status = readRpcStatus(details as Buffer);
      expect(status).toMatchObject({ code, message });
      expect(encodeRpcStatus(status)).toEqual(details);
      const kept = withoutStacks(status);
      expect(kept.details.length).toBeLessThan(status.details.length);
      expect(JSON.stringify(kept.details.map(({ value }) => value.toString()))).not.toContain("dockerd");
      const source = kept.details.find((detail) => readDetailType(detail) === "errdefs.Source");
      expect(JSON.parse(String(source?.value))).toMatchObject({
        info: { filename: "Dockerfile" },
        ranges: [{ start: { line: 2 } }],
      });
    }
  });
});
