/** The mode as users have it: on a socket, with HTTP/2 from the first byte, and intercepted in this process. */
import { mkdirSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectSocket } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { intercept } from "../../../src/io/intercept/intercept.ts";
import { connect } from "../../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../../src/io/upstream/upstream.ts";
import { createOfflineReplay, createReplayService, replayCassettes } from "../../../src/modes/replay.ts";
import type { Connection } from "../../../src/session/connection.ts";
import { encodeGrpcMessage, GrpcMessageReader } from "../../../src/wire/grpc/messages.ts";
import { createTemporaryFolder } from "../../io/temporary.ts";
import { dialSocket } from "../../io/transports.ts";
import { encodeJsonRequest } from "../../playbook/http.ts";
import { Peer } from "../../playbook/peer.ts";
import { BuildClient, call, makeId } from "./build-client.ts";
import { recordingOf } from "./build-theatre.ts";
import { LOCAL, PLAIN } from "./recorded-builds.ts";

const OK = { code: 0, message: "" };

async function cassetteOf(name: string): Promise<string> {
  const folder = createTemporaryFolder();
  const { text, sidecars } = await recordingOf(name);
  for (const [path, bytes] of [[`${name}.yaml`, text] as const, ...sidecars]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return join(folder, `${name}.yaml`);
}

/** A client whose connections are made in this way. */
function clientOf(dial: () => Promise<Connection>): BuildClient {
  return new BuildClient(async (far) => {
    const near = await dial();
    await Promise.all([pump(far, near), pump(near, far)]);
  });
}

async function pump(from: Connection, to: Connection): Promise<void> {
  for (let bytes = await from.read(); bytes !== undefined; bytes = await from.read()) await to.write(bytes);
  to.end();
}

test.each(["upgraded", "direct"] as const)(
  "a build replays on a socket, %s, from sidecars on the disk",
  async (way) => {
    const player = await replayCassettes({ cassettes: [await cassetteOf("local")] });
    const client = clientOf(() => connect(parseUpstream(player.url)));
    const { solve, exported } = await client.build(await client.connect(way), LOCAL);
    expect(solve).toEqual(OK);
    expect(exported.get("big")?.content).toBe("z".repeat(70_000));
    expect(await player.stop()).toMatchObject({ missed: [], stalled: [], differing: [], problems: [] });
  },
);

test("node's own HTTP/2 client is answered without an upgrade", async () => {
  const player = await replayCassettes({ cassettes: [await cassetteOf("plain")] });
  onTestFinished(async () => void (await player.stop()));
  const session = connectHttp2("http://docker", {
    createConnection: () => connectSocket(player.url.slice("unix://".length)),
  });
  const stream = session.request({
    ":method": "POST",
    ":path": "/moby.buildkit.v1.Control/ListWorkers",
    te: "trailers",
  });
  stream.end(encodeGrpcMessage(Buffer.alloc(0)));
  const reader = new GrpcMessageReader();
  const messages: Buffer[] = [];
  const trailers = new Promise((resolve) => stream.once("trailers", resolve));
  for await (const bytes of stream) messages.push(...reader.push(bytes as Buffer));
  expect(messages.map(String)).toEqual([expect.stringContaining("org.mobyproject.buildkit.worker.moby")]);
  expect(await trailers).toMatchObject({ "grpc-status": "0" });
  session.close();
});

test("a build replays in this process, through an interception", async () => {
  const service = await createReplayService({ cassettes: [await cassetteOf("plain")] });
  const interception = intercept(service.daemon, { at: ["/nowhere/buildkit.sock"], onError: service.onError });
  onTestFinished(() => interception.close());
  const client = clientOf(() => dialSocket("unix:///nowhere/buildkit.sock"));
  expect((await client.build(await client.connect(), PLAIN)).solve).toEqual(OK);
  expect(await service.finish()).toMatchObject({ missed: [], stalled: [], differing: [], problems: [] });
});

describe("where no cassette has builds", () => {
  async function connectToReplay() {
    const file = join(createTemporaryFolder(), "pings.yaml");
    writeFileSync(file, "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n");
    const player = await replayCassettes({ cassettes: [file] });
    const client = clientOf(() => connect(parseUpstream(player.url)));
    return { player, client, control: await client.connect() };
  }

  test("a connection for builds without a call is no miss, as nothing is recorded of one", async () => {
    const { player } = await connectToReplay();
    expect(await player.stop()).toMatchObject({ missed: [], stalled: [], problems: [] });
  });

  test("a build is refused, in words that its client prints, and is a miss", async () => {
    const { player, client, control } = await connectToReplay();
    const { solve } = await client.build(control, PLAIN);
    expect(solve).toMatchObject({ code: 9, message: expect.stringContaining("none is recorded") });
    expect(await player.stop()).toMatchObject({ missed: [{ method: "GRPC", target: "Control/Solve" }] });
  });

  test("another call is refused, and is a miss", async () => {
    const { player, control } = await connectToReplay();
    const { status } = call(control, "/moby.buildkit.v1.Control/ListWorkers", {});
    expect(await status).toMatchObject({ code: 12, message: expect.stringContaining("was not recorded") });
    expect(await player.stop()).toMatchObject({ missed: [{ method: "GRPC", target: "Control/ListWorkers" }] });
  });

  test("a look at the log of a build is a miss, though its client reads the end of an empty one", async () => {
    const { player, control } = await connectToReplay();
    const { status } = call(control, "/moby.buildkit.v1.Control/Status", { Ref: makeId() });
    expect(await status).toMatchObject({ code: 0 });
    expect(await player.stop()).toMatchObject({ missed: [{ method: "GRPC", target: "Control/Status" }] });
  });
});

test("a replay that is rewound plays its builds again, and reports those that no client asked for", async () => {
  const player = await replayCassettes({ cassettes: [await cassetteOf("plain")] });
  const dial = (): Promise<Connection> => connect(parseUpstream(player.url));
  const client = clientOf(dial);
  const control = await client.connect();
  expect((await client.build(control, PLAIN)).solve).toEqual(OK);
  expect((await client.build(control, PLAIN)).solve).toMatchObject({ code: 9 });
  const peer = new Peer(await dial());
  await peer.sends(encodeJsonRequest("POST /_whalesong/rewind", {}));
  expect(await peer.hearsUpTo("]}")).toContain("GRPC /moby.buildkit.v1.Control/Solve");
  expect((await client.build(control, PLAIN)).solve).toEqual(OK);
  const { unplayed, missed } = await player.stop();
  expect(unplayed.filter((line) => line.includes("Control/Solve"))).toEqual([]);
  expect(missed).toEqual([]);
});

test("a library that carries no hijacks carries no builds, and says so when the cassette is opened", async () => {
  const service = createOfflineReplay({ cassettes: [await cassetteOf("c20-plain")] }, "msw");
  const [, target = ""] = /POST (\S*\/build\?\S+)/.exec((await recordingOf("c20-plain")).text) ?? [];
  const client = new BuildClient(service.daemon);
  const peer = new Peer(client.open());
  await peer.sends(Buffer.from(`POST ${target} HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n`));
  await peer.closesItsHalf();
  expect(await peer.hearsAll()).toMatch(/^HTTP\/1\.1 501 .*WHALESONG_NOT_CARRIED/s);
});
