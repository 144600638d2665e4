import { expect, test } from "vitest";
import { MockedDaemon } from "../../../playbook/mocked.ts";

const V = "/v1.41";

const REFUSED: readonly (readonly [asked: string, body: unknown, status: number, message: RegExp])[] = [
  ["POST /volumes/create", undefined, 400, /^got EOF while reading request body$/],
  ["POST /volumes/create", { Name: "x" }, 400, /^create x: volume name is too short/],
  ["POST /volumes/create", { Name: "a/b" }, 400, /^create a\/b: "a\/b" includes invalid characters/],
  ["POST /volumes/create", { Name: "ab", DriverOpts: { x: "y" } }, 400, /^create ab: invalid option: "x"$/],
  ["POST /volumes/create", { Name: "ab", Driver: "nosuch" }, 404, /plugin "nosuch" not found$/],
  ["GET /volumes/nosuch", undefined, 404, /^get nosuch: no such volume$/],
  ["DELETE /volumes/nosuch", undefined, 404, /^get nosuch: no such volume$/],
  ['GET /volumes?filters={"dangling":["x"]}', undefined, 400, /^Invalid filter 'dangling=\[x\]'$/],
];

test.each(REFUSED)("%s %j is refused with %i", async (line, body, status, message) => {
  const answer = await new MockedDaemon().asks(line.replace(" ", ` ${V}`), body);
  expect(answer.status).toBe(status);
  expect(answer.json.message).toMatch(message);
});

test("creating a volume twice creates it once", async () => {
  const docker = new MockedDaemon();
  const first = await docker.asks(`POST ${V}/volumes/create`, { Name: "reef", Labels: { a: "b" } });
  const second = await docker.asks(`POST ${V}/volumes/create`, { Name: "reef" });
  expect(first.status).toBe(201);
  expect(second.json).toEqual(first.json);
  expect(first.json).toEqual({
    CreatedAt: "2026-11-20T12:00:00Z",
    Driver: "local",
    Labels: { a: "b" },
    Mountpoint: "/var/lib/docker/volumes/reef/_data",
    Name: "reef",
    Options: null,
    Scope: "local",
  });
});

test("a volume without a name gets one from the seed", async () => {
  const [one, same, other] = await Promise.all(
    ["a", "a", "b"].map(
      async (seed) => (await new MockedDaemon({ seed }).asks(`POST ${V}/volumes/create`, {})).json.Name,
    ),
  );
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});

test("a container reads what another wrote into a volume, which cannot be removed meanwhile", async () => {
  const docker = new MockedDaemon();
  const HostConfig = { Binds: ["cave:/data"] };
  const id = await docker.runs("echo kept > /data/file", { HostConfig });
  expect(await docker.readsLogs(await docker.runs("cat /data/file", { HostConfig }))).toBe("kept\n");
  const { status, json } = await docker.asks(`DELETE ${V}/volumes/cave`);
  expect(status).toBe(409);
  expect(json.message).toContain(`remove cave: volume is in use - [${id}, `);
});

test("a new volume starts with the image's files at its mount point", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("cat /etc/group; rm /etc/passwd; ls /etc/passwd", { Volumes: { "/etc": {} } });
  expect(await docker.readsLogs(id)).toContain("root:x:0:");
  const empty = await docker.runs("ls /etc", { HostConfig: { Binds: ["other:/etc:nocopy"] } });
  expect((await docker.readsLogs(empty)).split("\n")).not.toContain("passwd");
});

test("a host folder is simulated, and shared by all containers that mount it", async () => {
  const docker = new MockedDaemon();
  const HostConfig = { Binds: ["/srv/shared:/in"] };
  await docker.runs("echo there > /in/file", { HostConfig });
  expect(await docker.readsLogs(await docker.runs("cat /in/file", { HostConfig }))).toBe("there\n");
});

test("v=1 removes a container's anonymous volumes, and no named ones", async () => {
  const docker = new MockedDaemon();
  const id = await docker.runs("true", { Volumes: { "/a": {} }, HostConfig: { Binds: ["named:/b"] } });
  await docker.asks(`DELETE ${V}/containers/${id}?v=1`);
  const { json } = await docker.asks(`GET ${V}/volumes`);
  expect(json.Volumes.map(({ Name }: { Name: string }) => Name)).toEqual(["named"]);
});

test("a prune removes unused volumes, and none with driver options", async () => {
  const docker = new MockedDaemon();
  await docker.runs("echo 12345 > /b/x", { HostConfig: { Binds: ["used:/b"] } });
  await docker.asks(`POST ${V}/volumes/create`, { Name: "idle" });
  await docker.asks(`POST ${V}/volumes/create`, { Name: "special", DriverOpts: { type: "tmpfs" } });
  expect((await docker.asks(`POST ${V}/volumes/prune`)).json).toEqual({ VolumesDeleted: ["idle"], SpaceReclaimed: 0 });
});

test("disk usage counts containers and bytes", async () => {
  const docker = new MockedDaemon();
  await docker.runs("echo 12345 > /b/x; sleep 100", { HostConfig: { Binds: ["used:/b"] } });
  const { json } = await docker.asks(`GET ${V}/system/df`);
  expect(json.Volumes[0].UsageData).toEqual({ RefCount: 1, Size: 6 });
  expect(json.Images.map(({ Containers }: { Containers: number }) => Containers).sort()).toEqual([0, 1]);
  expect(json.Containers[0]).toMatchObject({ State: "running", Image: "busybox" });
  expect([json.BuildCache, json.BuilderSize]).toEqual([null, 0]);
});

test("a container's start and stop emit mount events", async () => {
  const docker = new MockedDaemon();
  await docker.runs("true", { HostConfig: { Binds: ["cave:/data:ro"] } });
  const events = docker.engine.events.past.filter(({ type }) => type === "volume");
  expect(events.map(({ action }) => action)).toEqual(["create", "mount", "unmount"]);
  expect(events[1]?.attributes).toMatchObject({ destination: "/data", "read/write": "false", driver: "local" });
});
