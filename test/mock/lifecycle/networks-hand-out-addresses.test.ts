import { describe, expect, test } from "vitest";
import type { ApiJson } from "../../../src/mock/model/api-json.ts";
import type { Network } from "../../../src/mock/model/network.ts";
import type { Engine } from "../../../src/mock/operations/engine.ts";
import { toEndpoint } from "../../../src/mock/operations/lifecycle/container-endpoints.ts";
import { createNetwork } from "../../../src/mock/operations/lifecycle/create-network.ts";
import { connectToNetwork, disconnectFromNetwork } from "../../../src/mock/operations/lifecycle/networks.ts";
import { startContainer } from "../../../src/mock/operations/lifecycle/start-container.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";
import { makeContainer } from "../../playbook/make-container.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

const pool = (Subnet: string, more: ApiJson = {}): ApiJson => ({ IPAM: { Config: [{ Subnet, ...more }] } });

describe("a network is created", () => {
  test.each<[string, ApiJson, Partial<Network>]>([
    ["with the next pool", {}, { driver: "bridge", subnet: "172.18.0.0/16", gateway: "172.18.0.1" }],
    [
      "with the client's subnet",
      pool("10.7.0.0/24"),
      { subnet: "10.7.0.0/24", gateway: "10.7.0.1", hasOwnSubnet: true },
    ],
    ["with the client's gateway", pool("10.7.0.0/24", { Gateway: "10.7.0.254" }), { gateway: "10.7.0.254" }],
    [
      "with a range, whose first address is the gateway",
      pool("10.7.0.0/24", { IPRange: "10.7.0.128/25" }),
      { gateway: "10.7.0.129", range: "10.7.0.128/25" },
    ],
    ["with the next pool beside one of IPv6", pool("fd00::/64"), { subnet: "172.18.0.0/16" }],
    ["with another driver", { Driver: "macvlan" }, { driver: "macvlan" }],
    [
      "with what else the client sets",
      { Internal: true, Attachable: true, EnableIPv6: true, Labels: { a: "1" } },
      { isInternal: true, isAttachable: true, hasIpv6: true, labels: { a: "1" } },
    ],
  ])("%s", (_, request, expected) => {
    expect(createNetwork(new MockedDaemon().engine, { Name: "tide", ...request }).network).toMatchObject(expected);
  });

  test.each<[ApiJson, string]>([
    [{ Name: "bridge" }, "403 operation is not permitted on predefined bridge network "],
    [{ Name: "" }, "500 invalid name: "],
    [{ Name: "have", CheckDuplicate: true }, "409 network with name have already exists"],
    [{ Scope: "swarm" }, "403 cannot create a swarm scoped network when swarm is not active"],
    [{ Driver: "host" }, '403 only one instance of "host" network is allowed'],
    [{ Driver: "null" }, '403 only one instance of "null" network is allowed'],
    [
      { Driver: "overlay" },
      '500 This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    ],
    [{ Driver: "weave" }, '404 plugin "weave" not found'],
    [{ IPAM: { Driver: "weave" } }, '404 plugin "weave" not found'],
    [pool("10.7"), "500 Invalid subnet 10.7 : invalid CIDR address: 10.7"],
    [pool("172.17.5.0/24"), "403 Pool overlaps with other one on this address space"],
    [
      pool("10.7.0.0/24", { IPRange: "x" }),
      '500 failed to parse pool request for address space "LocalDefault" pool "10.7.0.0/24" subpool "x": Invalid Address SubPool',
    ],
    [
      pool("10.7.0.0/24", { Gateway: "10.8.0.1" }),
      "500 failed to allocate gateway (10.8.0.1): Requested address is out of range",
    ],
  ])("but not %j", (request, error) => {
    const { engine } = new MockedDaemon();
    createNetwork(engine, { Name: "have" });
    expect(catchApiError(() => createNetwork(engine, { Name: "tide", ...request }))).toBe(error);
  });

  test("beside one of the same name, with a warning", () => {
    const { engine } = new MockedDaemon();
    const { network } = createNetwork(engine, { Name: "tide" });
    expect(createNetwork(engine, { Name: "tide" }).warning).toBe(
      `Network with name tide (id : ${network.id}) already exists`,
    );
  });

  test("in all pools of the defaults, and then no more", () => {
    const { engine } = new MockedDaemon();
    const subnets = Array.from(
      { length: 30 },
      (_, index) => createNetwork(engine, { Name: `n${index}` }).network.subnet,
    );
    expect([subnets[0], subnets[13], subnets[14], subnets[29]]).toEqual([
      "172.18.0.0/16",
      "172.31.0.0/16",
      "192.168.0.0/20",
      "192.168.240.0/20",
    ]);
    expect(catchApiError(() => createNetwork(engine, { Name: "more" }))).toBe(
      "404 could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
    );
  });
});

function connect(engine: Engine, network: Network, address?: string): string {
  const container = makeContainer(engine, "", { hostConfig: { NetworkMode: "bridge" } });
  void startContainer(engine, container.id);
  const running = engine.containers.find(container.id);
  const settings = address === undefined ? {} : { IPAMConfig: { IPv4Address: address } };
  connectToNetwork(engine, network, running, toEndpoint(engine.release, settings));
  return engine.containers.find(container.id).networks[network.name]?.address ?? "";
}

describe("an endpoint gets an address", () => {
  test("the first ones that are free, past the gateway and auxiliary addresses", () => {
    const { engine } = new MockedDaemon();
    const { network } = createNetwork(engine, {
      Name: "tide",
      ...pool("10.7.0.0/29", { AuxiliaryAddresses: { router: "10.7.0.3" } }),
    });
    expect([connect(engine, network), connect(engine, network)]).toEqual(["10.7.0.2", "10.7.0.4"]);
    expect([connect(engine, network), connect(engine, network)]).toEqual(["10.7.0.5", "10.7.0.6"]);
    expect(catchApiError(() => connect(engine, network))).toBe(
      "403 no available IPv4 addresses on this network's address pools",
    );
  });

  test("of the range", () => {
    const { engine } = new MockedDaemon();
    const { network } = createNetwork(engine, { Name: "tide", ...pool("10.7.0.0/24", { IPRange: "10.7.0.128/30" }) });
    expect([connect(engine, network), connect(engine, network)]).toEqual(["10.7.0.128", "10.7.0.130"]);
  });

  test.each([
    ["10.7.0.9", "ok"],
    ["10.7.0.1", "403 Address already in use"],
    ["10.7.0.5", "403 Address already in use"],
    ["10.7.0.7", "403 Address already in use"],
    ["10.8.0.9", "500 Invalid address 10.8.0.9: It does not belong to any of this network's subnets"],
  ])("that it requests: %s", (address, result) => {
    const { engine } = new MockedDaemon();
    const { network } = createNetwork(engine, {
      Name: "tide",
      ...pool("10.7.0.0/24", { AuxiliaryAddresses: { router: "10.7.0.7" } }),
    });
    connect(engine, network, "10.7.0.5");
    expect(catchApiError(() => connect(engine, network, address))).toBe(result);
  });

  test("again after another container has left", () => {
    const { engine } = new MockedDaemon();
    const { network } = createNetwork(engine, { Name: "tide" });
    const address = connect(engine, network);
    const [container] = engine.containers;
    if (container === undefined) throw new Error("no container");
    disconnectFromNetwork(engine, network, container);
    expect(connect(engine, network)).toBe(address);
    expect(catchApiError(() => disconnectFromNetwork(engine, network, engine.containers.find(container.id)))).toBe(
      `500 container ${container.id} is not connected to network tide`,
    );
  });
});

describe("a running container cannot be connected", () => {
  const SHARING =
    "400 container sharing network namespace with another container or host cannot be connected to any other network";
  const PRIVATE =
    "400 container cannot be connected to multiple networks with one of the networks in private (none) mode";
  test.each<[string, string, ApiJson, string]>([
    ["bridge", "host", {}, "400 container cannot be disconnected from host network or connected to host network"],
    ["bridge", "none", {}, PRIVATE],
    ["none", "tide", {}, PRIVATE],
    ["host", "tide", {}, SHARING],
    ["container:other", "tide", {}, SHARING],
    ["tide", "tide", {}, "403 endpoint with name web already exists in network tide"],
    [
      "tide",
      "bridge",
      { IPAMConfig: { IPv4Address: "172.17.0.9" } },
      "400 user specified IP address is supported on user defined networks only",
    ],
    [
      "tide",
      "bridge",
      { Aliases: ["a"] },
      "400 network-scoped alias is supported only for containers in user defined networks",
    ],
    [
      "bridge",
      "tide",
      { IPAMConfig: { IPv4Address: "172.18.0.9" } },
      "400 user specified IP address is supported only when connecting to networks with user configured subnets",
    ],
    ["bridge", "tide", {}, "ok"],
  ])("from %s to %s with %j: %s", (NetworkMode, name, settings, result) => {
    const { engine } = new MockedDaemon();
    createNetwork(engine, { Name: "tide" });
    void startContainer(engine, makeContainer(engine, "other").id);
    const { id } = makeContainer(engine, "web", { hostConfig: { NetworkMode } });
    void startContainer(engine, id);
    const connecting = (): void =>
      connectToNetwork(
        engine,
        engine.networks.find(name),
        engine.containers.find(id),
        toEndpoint(engine.release, settings),
      );
    expect(catchApiError(connecting)).toBe(result);
  });
});

describe("a start", () => {
  test.each([
    ["nosuch", "404 network nosuch not found"],
    ["container:nosuch", "404 No such container: nosuch"],
    ["container:stopped", expect.stringMatching(/^409 cannot join network of a non running container: \w{64}$/)],
  ])("in the network mode %s fails", (NetworkMode, error) => {
    const { engine } = new MockedDaemon();
    makeContainer(engine, "stopped");
    const { id } = makeContainer(engine, "web", { hostConfig: { NetworkMode } });
    expect(catchApiError(() => startContainer(engine, id))).toEqual(error);
    expect(engine.containers.find(id).state).toMatchObject({ status: "created", exitCode: 128 });
  });
});

test.each([
  { engine: "20.10", gateway: "10.7.0.1", keepsSandbox: true },
  { engine: "28", gateway: "", keepsSandbox: false },
] as const)(
  "in Engine $engine an internal network has the gateway `$gateway`",
  async ({ engine: name, gateway, keepsSandbox }) => {
    const docker = new MockedDaemon({ engine: name });
    createNetwork(docker.engine, { Name: "lagoon", Internal: true, ...pool("10.7.0.0/24") });
    const { id } = makeContainer(docker.engine, "web", { hostConfig: { NetworkMode: "lagoon" } });
    const settings = async (): Promise<ApiJson> =>
      (await docker.asks("GET /v1.41/containers/web/json")).json.NetworkSettings;
    await startContainer(docker.engine, id);
    const running = await settings();
    expect(running.Networks.lagoon).toMatchObject({ Gateway: gateway, IPAddress: "10.7.0.2" });
    await docker.asks("POST /v1.41/containers/web/kill");
    expect((await settings()).SandboxID).toBe(keepsSandbox ? running.SandboxID : "");
  },
);
