import Docker from "dockerode";
import { expect } from "vitest";
import { useCassette } from "whalesong";
import * as entry from "whalesong/vitest";

entry.test("has a cassette", async ({ cassette }) => {
  const container = await new Docker().createContainer({ Image: "busybox", name: "whale" });
  const [{ Names }] = await new Docker().listContainers({ all: true });
  await container.remove();
  expect(Names).toEqual(["/whale"]);
  expect(cassette.mode).toBe(process.env.WHALESONG_MODE);
  expect(entry.useCassette).toBe(useCassette);
});
