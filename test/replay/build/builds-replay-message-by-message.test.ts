import { describe, expect, test } from "vitest";
import { BUILDKIT_SCHEMA } from "../../../src/wire/buildkit/buildkit-schema.ts";
import { toUnixMode } from "../../../src/wire/buildkit/files/file-stat.ts";
import { readRpcStatus } from "../../../src/wire/buildkit/status-details.ts";
import { decodeMessage } from "../../../src/wire/protobuf/decode-message.ts";
import { request } from "../../playbook/http.ts";
import { Peer } from "../../playbook/peer.ts";
import { BuildClient, type BuildRequest, call, collect, makeId } from "./build-client.ts";
import { BuildTheatre, recordingOf, theatreOf } from "./build-theatre.ts";
import { BAKE, FAILING, LOCAL, LOOK_BACK, METADATA, PLAIN, SECRET, stdinOf } from "./recorded-builds.ts";

const REPORT = { missed: [], stalled: [], differing: [], problems: [] };
const OK = { code: 0, message: "" };

describe.each(["upgraded", "direct"] as const)("over a connection that is %s", (way) => {
  test.each<[string, BuildRequest]>([
    ["plain", PLAIN],
    ["cached", PLAIN],
    ["local", LOCAL],
    ["secret", SECRET],
    ["metadata", METADATA],
  ])("the build `%s` replays, as often as it is asked for", async (name, request) => {
    for (let turn = 0; turn < 3; turn += 1) {
      const theatre = await theatreOf(name);
      const client = new BuildClient(theatre.daemon);
      const control = await client.connect(way);
      expect(await client.probe(control)).toEqual([OK, OK, OK, OK]);
      const built = await client.build(control, request);
      expect(built).toMatchObject({ solve: OK, frontend: OK, status: OK });
      expect(built.progress.length).toBeGreaterThan(10);
      expect(theatre.report).toMatchObject(REPORT);
      control.destroy();
    }
  });
});

test("the answer names the image, and no id of the recording", async () => {
  const { daemon } = await theatreOf("plain");
  const client = new BuildClient(daemon);
  const { answer } = await client.build(await client.connect(), PLAIN);
  const { ExporterResponse } = decodeMessage(BUILDKIT_SCHEMA, "moby.buildkit.v1.SolveResponse", answer as Buffer);
  expect(ExporterResponse).toMatchObject({
    "image.name": "docker.io/library/demo:1",
    "containerimage.digest": expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
});

test("a build fails as recorded, with the lines of its Dockerfile", async () => {
  const theatre = await theatreOf("failing");
  const client = new BuildClient(theatre.daemon);
  const { solve, status } = await client.build(await client.connect(), FAILING);
  expect(solve).toMatchObject({ code: 2, message: expect.stringContaining("exit code: 7") });
  const { details } = readRpcStatus(solve.details as Buffer);
  expect(details.map(({ typeUrl }) => typeUrl)).toContain("github.com/moby/buildkit/errdefs.Source+json");
  expect(status).toEqual(OK);
  expect(theatre.report).toMatchObject(REPORT);
});

test("an exported tree has its contents, modes and links", async () => {
  const { daemon } = await theatreOf("local");
  const client = new BuildClient(daemon);
  const { exported } = await client.build(await client.connect(), LOCAL);
  const tree = [...exported].map(([path, { stat, content }]) => [
    path,
    toUnixMode(stat.mode).toString(8),
    stat.linkname,
    content.length,
  ]);
  expect(tree).toEqual([
    ["big", "644", "", 70_000],
    ["d", "755", "", 0],
    ["d/link", "777", "out.txt", 0],
    ["d/out.txt", "600", "", 3],
  ]);
  expect([...exported.values()].every(({ stat }) => stat.modTime > 10n ** 18n)).toBe(true);
});

test("a context from stdin is uploaded under today's id", async () => {
  const { sidecars } = await recordingOf("stdin");
  const upload = [...sidecars].find(([path]) => path.includes("upload"))?.[1] as Buffer;
  const theatre = await theatreOf("stdin");
  const client = new BuildClient(theatre.daemon);
  const id = makeId();
  const { solve } = await client.build(await client.connect(), stdinOf(upload, id));
  expect(solve).toEqual(OK);
  expect(client.uploads).toEqual([`/${id}`]);
  expect(theatre.report).toMatchObject(REPORT);
});

test("two builds that share a session replay over a tunnel in the control connection", async () => {
  const theatre = await theatreOf("bake");
  const client = new BuildClient(theatre.daemon);
  const control = await client.connect();
  const shared = makeId();
  const tunnel = client.openTunnel(control, shared, BAKE.one);
  const [one, two] = await Promise.all(
    [BAKE.one, BAKE.two].map((request) =>
      client.build(control, JSON.parse(JSON.stringify(request).replaceAll("<shared>", shared))),
    ),
  );
  expect([one?.solve, two?.solve]).toEqual([OK, OK]);
  expect(client.called.filter((method) => method.endsWith("DiffCopy"))).toHaveLength(3);
  expect(theatre.report).toMatchObject(REPORT);
  tunnel.cancel();
});

test("three builds of one recording replay at once, each once", async () => {
  const theatre = await theatreOf("plain", {
    edit: (text) => {
      const [build] = text.match(/^request: GRPC \/moby\.buildkit\.v1\.Control\/Solve\n[\s\S]*?^---\n/m) ?? [""];
      const copy = (name: string): string => build.replaceAll("demo:1", name);
      return text.replace(build, () => build + copy("demo:2") + copy("demo:3"));
    },
  });
  const client = new BuildClient(theatre.daemon);
  const requests = ["demo:3", "demo:1", "demo:2"].map(
    (name) => JSON.parse(JSON.stringify(PLAIN).replaceAll("demo:1", name)) as BuildRequest,
  );
  const built = await Promise.all(
    requests.map(async (request) => {
      const own = new BuildClient(theatre.daemon);
      return own.build(await own.connect(), { ...request, files: PLAIN.files });
    }),
  );
  const names = built.map(({ answer }) => /demo:\d/.exec(String(answer))?.[0]);
  expect(names).toEqual(["demo:3", "demo:1", "demo:2"]);
  expect(theatre.report).toMatchObject(REPORT);
  const again = await client.build(await client.connect(), PLAIN);
  expect(again.solve).toMatchObject({ code: 9, message: expect.stringContaining("was played already") });
});

test("no replay asks for secrets, logins, agents or health", async () => {
  const theatre = await theatreOf("secret");
  const client = new BuildClient(theatre.daemon);
  expect((await client.build(await client.connect(), SECRET)).solve).toEqual(OK);
  expect(new Set(client.called)).toEqual(new Set(["/moby.filesync.v1.FileSync/DiffCopy"]));
});

describe("beside builds", () => {
  test("reads of the builder are answered at any time, any number of times", async () => {
    const { daemon } = await theatreOf("reads");
    const control = await new BuildClient(daemon).connect();
    for (const method of ["ListWorkers", "ListWorkers", "DiskUsage", "Info", "ListWorkers"]) {
      const read = call(control, `/moby.buildkit.v1.Control/${method}`, method === "DiskUsage" ? { filter: [""] } : {});
      const messages = await collect(read);
      expect([method, await read.status, messages.length]).toEqual([method, OK, 1]);
    }
  });

  test("traces are taken and never kept", async () => {
    const { daemon, report } = await theatreOf("plain");
    const control = await new BuildClient(daemon).connect();
    const made = control.call("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    made.send(Buffer.from("spans"));
    made.halfClose();
    expect(await collect(made)).toEqual([Buffer.alloc(0)]);
    expect(await made.status).toEqual(OK);
    expect(report.missed).toEqual([]);
  });

  test("a call that no cassette has is a miss, with the status UNIMPLEMENTED", async () => {
    const theatre = await theatreOf("plain");
    const control = await new BuildClient(theatre.daemon).connect();
    for (const method of ["/moby.buildkit.v1.Control/DiskUsage", "/moby.buildkit.v1.Control/Sing"]) {
      expect(await call(control, method, {}).status).toMatchObject({ code: 12 });
    }
    expect(theatre.report.missed.map(({ target }) => target)).toEqual(["Control/DiskUsage", "Control/Sing"]);
  });

  test("the history of a build is found by today's id, and tells that id", async () => {
    const theatre = await theatreOf("metadata");
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const id = makeId();
    await client.build(control, METADATA, id);
    const read = call(control, "/moby.buildkit.v1.Control/ListenBuildHistory", { Ref: id, EarlyExit: true });
    const [event] = await collect(read);
    expect(String(event)).toContain(id);
    expect(theatre.report).toMatchObject(REPORT);
  });

  test("the log of a build that is over is read by today's id, as often as it is asked for", async () => {
    const theatre = await theatreOf("look-back");
    const client = new BuildClient(theatre.daemon);
    const control = await client.connect();
    const id = makeId();
    const { progress } = await client.build(control, LOOK_BACK, id);
    const gone = control.closed;
    control.destroy();
    await gone;
    const later = await client.connect();
    for (let turn = 0; turn < 2; turn += 1) {
      const log = call(later, "/moby.buildkit.v1.Control/Status", { Ref: id });
      const [all] = await collect(log);
      expect(String(all)).toContain("exporting to image");
      expect(progress.map(String)).not.toContain(String(all));
      expect(await log.status).toEqual(OK);
    }
    expect(theatre.report).toMatchObject(REPORT);
  });

  test("the log of a build that is over is no answer to the Status of one that begins", async () => {
    const theatre = await theatreOf("look-back");
    const client = new BuildClient(theatre.daemon);
    const { progress } = await client.build(await client.connect(), LOOK_BACK);
    expect(progress.length).toBeGreaterThan(10);
  });
});

test("a cassette without builds leaves /grpc to the responders behind", async () => {
  const { daemon } = await theatreOf("plain", { edit: (text) => text.slice(0, text.indexOf("---\nrequest: GRPC")) });
  await expect(new BuildClient(daemon).connect()).rejects.toThrow("no upgrade: HTTP/1.1 501");
});

test("a read shows what it showed before the builder's cache was pruned, and then what it shows after", async () => {
  const sees = (builders: number): string =>
    `---\nrequest: GET /v1.51/system/df\nresponse:\n  status: 200 OK\n  json: {"BuildCacheCount":${builders}}\n`;
  const prune =
    '---\nrequest:\n  line: GRPC /moby.buildkit.v1.Control/Prune\n  message: {"all":true}\nresponse:\n  status: OK\n';
  const theatre = new BuildTheatre({
    ...(await recordingOf("plain")),
    text: `whalesong: 1\n${sees(2)}${prune}${sees(0)}`,
  });
  const client = new BuildClient(theatre.daemon);
  const look = async (): Promise<string> => {
    const peer = new Peer(client.open());
    await peer.sends(request("GET /v1.51/system/df", { headers: ["Connection: close"] }));
    return (await peer.hearsAll()).split("\r\n\r\n")[1]?.trim() ?? "";
  };
  expect([await look(), await look()]).toEqual(Array(2).fill('{"BuildCacheCount":2}'));
  const pruned = call(await client.connect(), "/moby.buildkit.v1.Control/Prune", { all: true });
  expect(await pruned.status).toEqual(OK);
  expect([await look(), await look()]).toEqual(Array(2).fill('{"BuildCacheCount":0}'));
});
