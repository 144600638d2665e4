import { expect, test } from "vitest";
import { MockedDaemon } from "../../../playbook/mocked.ts";

const V = "/v1.41";
const SLEEPS = { Image: "busybox", Cmd: ["sleep", "1000"] };

async function withTide(): Promise<MockedDaemon> {
  const docker = new MockedDaemon();
  await docker.asks(`POST ${V}/networks/create`, { Name: "tide" });
  return docker;
}

/** A container that runs in the network, and how it stands there. */
async function createMember(
  docker: MockedDaemon,
  name: string,
  NetworkMode: string,
  place: object = {},
): Promise<string> {
  const { json } = await docker.asks(`POST ${V}/containers/create?name=${name}`, {
    ...SLEEPS,
    HostConfig: { NetworkMode },
    NetworkingConfig: { EndpointsConfig: { [NetworkMode]: place } },
  });
  await docker.asks(`POST ${V}/containers/${name}/start`);
  return json.Id;
}

async function listEndpoints(docker: MockedDaemon, name: string) {
  return (await docker.asks(`GET ${V}/containers/${name}/json`)).json.NetworkSettings.Networks;
}

const REFUSED: readonly (readonly [asked: string, body: unknown, status: number, message: string | RegExp])[] = [
  ["POST /networks/create", undefined, 400, "got EOF while reading request body"],
  ["POST /networks/create", {}, 500, "invalid name: "],
  ["POST /networks/create", { Name: "bridge" }, 403, "operation is not permitted on predefined bridge network "],
  ["POST /networks/create", { Name: "tide", CheckDuplicate: true }, 409, "network with name tide already exists"],
  ["POST /networks/create", { Name: "x", Driver: "nosuch" }, 404, 'plugin "nosuch" not found'],
  ["POST /networks/create", { Name: "x", Driver: "host" }, 403, 'only one instance of "host" network is allowed'],
  [
    "POST /networks/create",
    { Name: "x", IPAM: { Config: [{ Subnet: "172.18.9.0/24" }] } },
    403,
    "Pool overlaps with other one on this address space",
  ],
  [
    "POST /networks/create",
    { Name: "x", IPAM: { Config: [{ Subnet: "10.7" }] } },
    500,
    "Invalid subnet 10.7 : invalid CIDR address: 10.7",
  ],
  ["GET /networks/nosuch", undefined, 404, "network nosuch not found"],
  ["GET /networks/tide?verbose=x", undefined, 400, /^invalid value for verbose: x/],
  ['GET /networks?filters={"type":["x"]}', undefined, 500, "invalid filter: 'type'='x'"],
  ["DELETE /networks/host", undefined, 403, "host is a pre-defined network and cannot be removed"],
  ["DELETE /networks/nosuch", undefined, 404, "network nosuch not found"],
  ["POST /networks/tide/connect", { Container: "nosuch" }, 404, "No such container: nosuch"],
  ["POST /networks/tide/disconnect", { Container: "nosuch", Force: true }, 404, "endpoint nosuch not found"],
];

test.each(REFUSED)("%s %j is refused with %i", async (line, body, status, message) => {
  const docker = await withTide();
  const answer = await docker.asks(line.replace(" ", ` ${V}`), body);
  expect(answer.status).toBe(status);
  if (typeof message === "string") expect(answer.json.message).toBe(message);
  else expect(answer.json.message).toMatch(message);
});

test("a network has a pool of its own, and members get the first addresses that are free", async () => {
  const docker = await withTide();
  const one = await createMember(docker, "one", "tide", { Aliases: ["boat"] });
  await createMember(docker, "two", "tide");
  expect((await listEndpoints(docker, "one")).tide).toMatchObject({
    IPAddress: "172.18.0.2",
    MacAddress: "02:42:ac:12:00:02",
    Gateway: "172.18.0.1",
    IPPrefixLen: 16,
    Aliases: ["boat", one.slice(0, 12)],
  });
  expect((await listEndpoints(docker, "two")).tide.IPAddress).toBe("172.18.0.3");
  const { json } = await docker.asks(`GET ${V}/networks/tide`);
  expect(json.IPAM.Config).toEqual([{ Subnet: "172.18.0.0/16", Gateway: "172.18.0.1" }]);
  expect(json.Containers[one]).toMatchObject({ Name: "one", IPv4Address: "172.18.0.2/16" });
});

test("a network may have a subnet and a range, and containers addresses of their own", async () => {
  const docker = new MockedDaemon();
  const Config = [{ Subnet: "10.7.0.0/24", IPRange: "10.7.0.128/25", AuxiliaryAddresses: { one: "10.7.0.130" } }];
  await docker.asks(`POST ${V}/networks/create`, { Name: "sub", IPAM: { Config } });
  await createMember(docker, "fixed", "sub", { IPAMConfig: { IPv4Address: "10.7.0.200" } });
  await createMember(docker, "first", "sub");
  await createMember(docker, "second", "sub");
  expect((await listEndpoints(docker, "fixed")).sub.IPAddress).toBe("10.7.0.200");
  expect((await listEndpoints(docker, "first")).sub.IPAddress).toBe("10.7.0.128");
  // 129 is the gateway, and another container has 130.
  expect((await listEndpoints(docker, "second")).sub.IPAddress).toBe("10.7.0.131");
});

test("a running container is connected and disconnected at once, with events", async () => {
  const docker = await withTide();
  const id = await createMember(docker, "web", "default");
  expect((await docker.asks(`POST ${V}/networks/tide/connect`, { Container: "web" })).status).toBe(200);
  expect(Object.keys(await listEndpoints(docker, "web"))).toEqual(["bridge", "tide"]);
  const again = await docker.asks(`POST ${V}/networks/tide/connect`, { Container: "web" });
  expect([again.status, again.json.message]).toEqual([403, "endpoint with name web already exists in network tide"]);
  const inUse = await docker.asks(`DELETE ${V}/networks/tide`);
  expect(inUse.status).toBe(403);
  await docker.asks(`POST ${V}/networks/tide/disconnect`, { Container: "web" });
  expect(Object.keys(await listEndpoints(docker, "web"))).toEqual(["bridge"]);
  expect((await docker.asks(`DELETE ${V}/networks/tide`)).status).toBe(204);
  const events = docker.engine.events.past.filter(
    ({ type, attributes }) => type === "network" && attributes.name === "tide",
  );
  expect(events.map(({ action, attributes }) => [action, attributes.container])).toEqual([
    ["create", undefined],
    ["connect", id],
    ["disconnect", id],
    ["destroy", undefined],
  ]);
});

test("several networks of one name are ambiguous, and their ids are not", async () => {
  const docker = await withTide();
  const { json } = await docker.asks(`POST ${V}/networks/create`, { Name: "tide" });
  expect(json.Warning).toMatch(/^Network with name tide \(id : [0-9a-f]{64}\) already exists$/);
  const { json: refused } = await docker.asks(`GET ${V}/networks/tide`);
  expect(refused.message).toBe("2 matches found based on name: network tide is ambiguous");
  expect((await docker.asks(`GET ${V}/networks/${json.Id.slice(0, 8)}`)).json.Id).toBe(json.Id);
});

test("a prune removes unused networks, and no built-in ones", async () => {
  const docker = await withTide();
  await docker.asks(`POST ${V}/networks/create`, { Name: "used" });
  await createMember(docker, "web", "used");
  expect((await docker.asks(`POST ${V}/networks/prune`)).json).toEqual({ NetworksDeleted: ["tide"] });
  expect((await docker.asks(`POST ${V}/networks/prune`)).json).toEqual({ NetworksDeleted: null });
  const { json } = await docker.asks(`GET ${V}/networks`);
  expect(json.map(({ Name }: { Name: string }) => Name)).toEqual(["bridge", "host", "none", "used"]);
});

test("a container does not start without its network, and the error has the network's id", async () => {
  const docker = await withTide();
  await createMember(docker, "web", "tide");
  await docker.asks(`POST ${V}/containers/web/kill`);
  await docker.asks(`DELETE ${V}/networks/tide`);
  const { status, json } = await docker.asks(`POST ${V}/containers/web/start`);
  expect(status).toBe(404);
  expect(json.message).toMatch(/^network [0-9a-f]{64} not found$/);
});
