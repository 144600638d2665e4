/** `POST /build?version=2` beside a session, as docker CLI 20.10 sends it. */
import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/session/connection.ts";
import { BuildClient, type BuildRequest, makeId } from "./build-client.ts";
import { recordingOf, theatreOf } from "./build-theatre.ts";
import { FAILING, LOCAL, PLAIN, withContext } from "./recorded-builds.ts";

const REPORT = { missed: [], stalled: [], differing: [], problems: [] };
const LIMITS = { step: 100, transfer: 100, refusal: 50, leave: 100 };

async function targetOf(name: string): Promise<string> {
  const { text } = await recordingOf(name);
  return /POST (\S*\/build\?\S+)/.exec(text)?.[1] ?? "";
}

function sendBuild(client: BuildClient, target: string, session: string): Connection {
  const connection = client.open();
  const line = `POST ${target}&session=${session}&buildid=${makeId()} HTTP/1.1`;
  void connection.write(Buffer.from(`${line}\r\nHost: docker\r\nContent-Length: 0\r\n\r\n`));
  return connection;
}

/** The whole response, in chunks or with a length. */
async function readResponse(connection: Connection): Promise<string> {
  let text = "";
  for (;;) {
    const bytes = await connection.read();
    if (bytes === undefined) return text;
    text += bytes.toString("latin1");
    const size = Number(/Content-Length: (\d+)/.exec(text)?.[1] ?? Number.NaN);
    const body = text.slice(text.indexOf("\r\n\r\n") + 4);
    if (body.endsWith("0\r\n\r\n") || body.length >= size) return text;
  }
}

/** The JSON lines of a response that are no traces. */
function linesOf(response: string): string[] {
  return [...response.matchAll(/^\{.*\}/gm)].map(([line]) => line).filter((line) => !line.includes("buildkit.trace"));
}

async function build(
  client: BuildClient,
  target: string,
  request: BuildRequest,
  isSessionFirst = false,
): Promise<string> {
  const session = makeId();
  if (isSessionFirst) await client.openSession(session, request);
  const connection = sendBuild(client, target, session);
  if (!isSessionFirst) await client.openSession(session, request);
  const response = await readResponse(connection);
  connection.end();
  return response;
}

describe.each([
  ["behind its request", false],
  ["before its request", true],
] as const)("with a session that comes %s", (_order, isSessionFirst) => {
  test.each<[string, BuildRequest]>([
    ["c20-plain", PLAIN],
    ["c20-failing", FAILING],
    ["c20-local", LOCAL],
    ["c20-tar", LOCAL],
  ])("%s replays, as often as it is asked for", async (name, request) => {
    const target = await targetOf(name);
    for (let turn = 0; turn < 3; turn += 1) {
      const theatre = await theatreOf(name);
      const response = await build(new BuildClient(theatre.daemon), target, request, isSessionFirst);
      expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(response.match(/buildkit\.trace/g)?.length).toBeGreaterThan(5);
      expect(theatre.report).toMatchObject({ ...REPORT, unplayed: [] });
    }
  });
});

test("the lines that are no traces come as recorded", async () => {
  const theatre = await theatreOf("c20-plain");
  const lines = linesOf(await build(new BuildClient(theatre.daemon), await targetOf("c20-plain"), PLAIN));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { aux: { ID: expect.stringMatching(/^sha256:/) }, id: "moby.image.id" },
    { stream: "Successfully tagged demo:1\n" },
  ]);
});

test("a tree and a tar are given to the client", async () => {
  const tree = new BuildClient((await theatreOf("c20-local")).daemon);
  await build(tree, await targetOf("c20-local"), LOCAL);
  expect([...tree.exported.keys()]).toEqual(["big", "d", "d/link", "d/out.txt"]);
  const tar = new BuildClient((await theatreOf("c20-tar")).daemon);
  await build(tar, await targetOf("c20-tar"), LOCAL);
  expect(tar.bytes.subarray(257, 262).toString()).toBe("ustar");
});

test("another context ends the build with a line that names the file", async () => {
  const theatre = await theatreOf("c20-plain");
  const request = withContext(PLAIN, (files) =>
    files.map((file) => (file.path === "src/f1" ? { ...file, content: "F1\n" } : file)),
  );
  const lines = linesOf(await build(new BuildClient(theatre.daemon), await targetOf("c20-plain"), request));
  const { error, errorDetail } = JSON.parse(lines.at(-1) ?? "");
  expect(error).toContain("the build context is not the recorded one: src/f1 differs in its content");
  expect(errorDetail).toEqual({ message: error });
  expect(theatre.report.differing).toEqual([error]);
});

test("another tag is a miss, which comes when the session stands, and closes it", async () => {
  const theatre = await theatreOf("c20-plain");
  const client = new BuildClient(theatre.daemon);
  const session = makeId();
  const connection = sendBuild(client, (await targetOf("c20-plain")).replace("demo%3A1", "demo%3A9"), session);
  const response = readResponse(connection);
  const isEarly = await Promise.race([response.then(() => true), new Promise((resolve) => setTimeout(resolve, 50))]);
  expect(isEarly).not.toBe(true);
  const opened = await client.openSession(session, PLAIN);
  expect(await response).toMatch(/^HTTP\/1\.1 501 .*query\.t +recorded demo:1 +got demo:9/s);
  await opened.closed;
  expect(theatre.report.missed).toHaveLength(1);
});

test("a build whose session never comes ends within its limit, saying why", async () => {
  const theatre = await theatreOf("c20-plain", { limits: LIMITS });
  const response = await readResponse(
    sendBuild(new BuildClient(theatre.daemon), await targetOf("c20-plain"), makeId()),
  );
  expect(linesOf(response).at(-1)).toContain("the client did not open the session of its build");
});

test("a miss whose session never comes is answered within its limit", async () => {
  const theatre = await theatreOf("c20-plain", { limits: LIMITS });
  const target = (await targetOf("c20-plain")).replace("demo%3A1", "demo%3A9");
  expect(await readResponse(sendBuild(new BuildClient(theatre.daemon), target, makeId()))).toMatch(/^HTTP\/1\.1 501 /);
});

test("a client that goes leaves nothing that waits", async () => {
  const theatre = await theatreOf("c20-plain");
  const client = new BuildClient(theatre.daemon);
  const connection = sendBuild(client, await targetOf("c20-plain"), makeId());
  await connection.read();
  connection.reset();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(theatre.report).toMatchObject({ stalled: [], differing: [], problems: [] });
});

test("a cancellation is answered, though the recorded client sent none", async () => {
  const theatre = await theatreOf("c20-plain");
  const connection = new BuildClient(theatre.daemon).open();
  void connection.write(
    Buffer.from(`POST /v1.41/build/cancel?id=${makeId()} HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n`),
  );
  expect(await readResponse(connection)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  connection.end();
  expect(theatre.report).toMatchObject(REPORT);
});
