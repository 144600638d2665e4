import { type Probe, probe } from "./probe.ts";

const SLEEPER = { Image: "busybox", Cmd: ["sleep", "1000"] };

const createNetwork = (body: unknown, more: Partial<Probe> = {}): Probe =>
  probe("NetworkCreate", "POST /networks/create", { body, ...more });

const connectTo = (network: string, body: unknown): Probe =>
  probe("NetworkConnect", `POST /networks/${network}/connect`, { body });

const disconnectFrom = (network: string, body: unknown): Probe =>
  probe("NetworkDisconnect", `POST /networks/${network}/disconnect`, { body });

const withAddress = (IPv4Address: string): object => ({
  Container: "two",
  EndpointConfig: { IPAMConfig: { IPv4Address } },
});

const SUBNET = {
  Driver: "default",
  Options: { x: "y" },
  Config: [
    {
      Subnet: "10.7.0.0/24",
      IPRange: "10.7.0.128/25",
      Gateway: "10.7.0.1",
      AuxiliaryAddresses: { one: "10.7.0.129" },
    },
  ],
};

const making: readonly Probe[] = [
  probe("NetworkCreate", "POST /networks/create"),
  probe("NetworkCreate", "POST /networks/create", {
    body: Buffer.from("{"),
    headers: ["Content-Type: application/json"],
  }),
  ...[
    {},
    [],
    { Name: 5 },
    { Name: "bridge" },
    { Name: "none" },
    { Name: "bad", Driver: "host" },
    { Name: "bad", Driver: "overlay" },
    { Name: "bad", Scope: "swarm" },
    { Name: "bad", IPAM: { Config: [{ Subnet: "10.7" }] } },
    { Name: "bad", IPAM: { Config: [{ Subnet: "10.9.0.0/24", Gateway: "10.10.0.1" }] } },
    { Name: "bad", IPAM: { Config: [{ Gateway: "10.9.0.1" }] } },
  ].map((body) => createNetwork(body)),
  createNetwork({ Name: "tide" }, { keep: "tide" }),
  createNetwork({ Name: "tide", CheckDuplicate: true }),
  createNetwork({ Name: "sub", Internal: true, Attachable: true, Labels: { a: "b" }, IPAM: SUBNET }),
  createNetwork({ Name: "overlap", IPAM: { Config: [{ Subnet: "10.7.0.0/16" }] } }),
];

const looking: readonly Probe[] = [
  probe("NetworkInspect", "GET /networks/sub?verbose=true", {
    values: [".Name", ".IPAM", ".Internal", ".Attachable", ".Labels", ".Options", ".Containers"],
  }),
  probe("NetworkInspect", "GET /networks/{tide}"),
  probe("NetworkInspect", "GET /networks/nosuch"),
  probe("NetworkInspect", "GET /networks/tide?scope=global"),
  probe("NetworkInspect", "GET /networks/tide?verbose=x"),
  probe("NetworkList", "GET /networks", { sorted: [".*.Name", ".*.Driver"] }),
  ...[
    '{"name":["tid"]}',
    '{"nosuch":["x"]}',
    '{"type":["x"]}',
    '{"type":["builtin"]}',
    '{"dangling":["x"]}',
    '{"dangling":["true"]}',
    '{"label":["a=b"]}',
    '{"driver":["brid"]}',
    "x",
  ].map((filters) => probe("NetworkList", `GET /networks?filters=${filters}`, { sorted: [".*.Name"] })),
];

const joining: readonly Probe[] = [
  probe("ContainerCreate", "POST /containers/create?name=one", { body: SLEEPER }),
  probe("ContainerCreate", "POST /containers/create?name=two", {
    body: {
      ...SLEEPER,
      Hostname: "shore",
      HostConfig: { NetworkMode: "tide" },
      NetworkingConfig: { EndpointsConfig: { tide: { Aliases: ["boat"] } } },
    },
  }),
  probe("ContainerStart", "POST /containers/one/start"),
  probe("ContainerStart", "POST /containers/two/start"),
  probe("ContainerInspect", "GET /containers/two/json", { values: [".NetworkSettings.Networks.tide.IPPrefixLen"] }),
  connectTo("tide", undefined),
  connectTo("tide", {}),
  connectTo("nosuch", { Container: "one" }),
  connectTo("tide", { Container: "nosuch" }),
  connectTo("tide", { Container: "one", EndpointConfig: { IPAMConfig: { IPv4Address: "172.18.0.77" } } }),
  connectTo("tide", { Container: "one" }),
  connectTo("tide", { Container: "one" }),
  connectTo("host", { Container: "one" }),
  connectTo("none", { Container: "one" }),
  connectTo("bridge", { Container: "two", EndpointConfig: { Aliases: ["a"] } }),
  connectTo("bridge", withAddress("172.17.0.9")),
  connectTo("sub", withAddress("10.8.0.200")),
  connectTo("sub", withAddress("bad")),
  connectTo("sub", withAddress("10.7.0.200")),
  connectTo("sub", { Container: "one", EndpointConfig: { IPAMConfig: { IPv4Address: "10.7.0.200" } } }),
  connectTo("sub", { Container: "one" }),
  probe("ContainerInspect", "GET /containers/one/json", { values: [".NetworkSettings.Networks.sub.IPAddress"] }),
  probe("ContainerList", "GET /containers/json"),
  probe("NetworkInspect", "GET /networks/sub"),
  probe("NetworkDelete", "DELETE /networks/tide"),
  disconnectFrom("tide", { Container: "nosuch" }),
  disconnectFrom("tide", { Container: "nosuch", Force: true }),
  disconnectFrom("nosuch", { Container: "one" }),
  disconnectFrom("tide", { Container: "one" }),
  disconnectFrom("tide", { Container: "one" }),
];

const ending: readonly Probe[] = [
  probe("ContainerDelete", "DELETE /containers/one?force=1"),
  probe("ContainerStop", "POST /containers/two/stop?t=0"),
  probe("ContainerInspect", "GET /containers/two/json", { values: [".NetworkSettings.Networks.tide.IPAddress"] }),
  disconnectFrom("sub", { Container: "two" }),
  disconnectFrom("sub", { Container: "two" }),
  probe("NetworkDelete", "DELETE /networks/tide"),
  probe("NetworkDelete", "DELETE /networks/tide"),
  probe("NetworkDelete", "DELETE /networks/bridge"),
  probe("ContainerStart", "POST /containers/two/start"),
  probe("ContainerDelete", "DELETE /containers/two"),
  probe("NetworkPrune", 'POST /networks/prune?filters={"until":["x"]}'),
  probe("NetworkPrune", 'POST /networks/prune?filters={"dangling":["true"]}'),
  probe("NetworkPrune", "POST /networks/prune", { sorted: [".NetworksDeleted.*"] }),
  probe("NetworkPrune", "POST /networks/prune"),
];

export const networkProbes: readonly Probe[] = [...making, ...looking, ...joining, ...ending];
