import Docker from "dockerode";
import { type CassetteOptions, type ReplayReport, WhalesongError } from "whalesong";
import { connectionPair } from "whalesong/core";
import { insertCassette } from "whalesong/intercept";
import { withCassette } from "whalesong/jest";
import { type MockDocker, mockDocker } from "whalesong/mock";
import type { CassetteTest } from "whalesong/node-test";

const options: CassetteOptions = { allowsUnplayed: false };

test(
  "has a cassette",
  withCassette(async ({ mode }) => {
    const container = await new Docker().createContainer({ Image: "busybox", name: "whale" });
    const [{ Names }] = await new Docker().listContainers({ all: true });
    await container.remove();
    expect(Names).toEqual(["/whale"]);
    expect(mode).toBe(process.env.WHALESONG_MODE);
  }, options),
);

test("records a simulated daemon, and replays it", async () => {
  const cassette = `${__dirname}/simulated-${process.env.WHALESONG_MODE}.yaml`;
  const upstream: MockDocker = await mockDocker();
  const recorded = await insertCassette(cassette, { mode: "record", upstream });
  expect(await new Docker({ socketPath: recorded.socketPath }).listContainers()).toEqual([]);
  await recorded.settle();
  await upstream.stop();
  const replayed = await insertCassette(cassette, { mode: "replay" });
  expect(await new Docker({ socketPath: replayed.socketPath }).listContainers()).toEqual([]);
  const report = (await replayed.eject()) as ReplayReport;
  expect(report.missed).toEqual([]);
});

test("every entry has types", () => {
  const unused: CassetteTest | undefined = undefined;
  expect([unused, connectionPair().length]).toEqual([undefined, 2]);
  expect(new WhalesongError("WHALESONG_X", "x")).toBeInstanceOf(Error);
});
