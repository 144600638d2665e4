/** Networks: since v1.21. */
import { expect } from "vitest";
import type { MockedDaemon } from "../../playbook/mocked.ts";
import { type EndpointRow, endpointRow, respondsByFault, respondsNotFound, respondsWith } from "./endpoint-row.ts";
import type { JsonShape } from "./json-shape.ts";

const MEMBER: JsonShape = { EndpointID: "text", MacAddress: "text", IPv4Address: "text", IPv6Address: "text" };
const NETWORK = { Name: "text", Id: "text", Scope: "text", Driver: "text", Containers: "map", Options: "map" } as const;
const BRIDGE: JsonShape = {
  ...NETWORK,
  IPAM: { Driver: "text", Config: [{ Subnet: "text" }] },
  Containers: { "*": MEMBER },
  Options: { "*": "text" },
};
const NO_NETWORK = /network nosuch not found/;

const list = endpointRow(
  "GET /networks",
  "List networks",
  respondsWith(200, "all of them", { shape: [{ ...NETWORK, IPAM: { Driver: "text", Config: "list?" } }] }),
  respondsWith(200, "those with a name", { query: encodeFilters({ name: ["bridge"] }), shape: [BRIDGE] }),
  respondsWith(200, "those with an id", {
    query: encodeFilters({ id: ["nosuch"] }),
    check: ({ json }) => expect(json).toEqual([]),
  }),
  respondsWith(500, "the filters are not JSON", { query: "filters=x", matches: "invalid character" }),
);

const inspect = endpointRow(
  "GET /networks/{id}",
  "Inspect network",
  respondsWith(200, "the whole object", { pathValue: "bridge", shape: BRIDGE }),
  respondsNotFound("network", NO_NETWORK),
  respondsByFault(500, "bridge"),
);

const POOL = { Subnet: "172.20.0.0/16", IPRange: "172.20.10.0/24", Gateway: "172.20.10.11" };

const create = endpointRow(
  "POST /networks/create",
  "Create a network",
  respondsWith(201, "the object exists", {
    body: { Name: "tide", CheckDuplicate: true, Driver: "bridge", IPAM: { Driver: "default", Config: [POOL] } },
    shape: { Id: "text", Warning: "text" },
    check: (_, { engine }) => expect(engine.networks.getByName("tide")?.ipam).toMatchObject({ Config: [POOL] }),
  }),
  respondsWith(404, "there is no such driver", {
    body: { Name: "tide", Driver: "nosuch" },
    matches: 'plugin "nosuch" not found',
  }),
  respondsWith(500, "the request has no name", { body: { Name: "" }, matches: "invalid name" }),
);

const connect = endpointRow(
  "POST /networks/{id}/connect",
  "Connect a container to a network",
  respondsWith(200, "the container is in the network", {
    pathValue: "back",
    body: { Container: "web" },
    contentType: undefined,
    check: isIn("back", "bridge"),
  }),
  respondsNotFound("network", NO_NETWORK, { body: { Container: "web" } }),
  respondsWith(404, "there is no such container", {
    pathValue: "back",
    body: { Container: "nosuch" },
    matches: "No such container: nosuch",
  }),
  respondsWith(500, "the address is outside the network", {
    pathValue: "fixed",
    setup: { networks: [{ name: "fixed", subnet: "10.5.0.0/16" }] },
    body: { Container: "web", EndpointConfig: { IPAMConfig: { IPv4Address: "10.8.0.2" } } },
    matches: "does not belong to any of this network's subnets",
  }),
);

const disconnect = endpointRow(
  "POST /networks/{id}/disconnect",
  "Disconnect a container from a network",
  respondsWith(200, "the container is not in the network any more", {
    pathValue: "bridge",
    body: { Container: "web" },
    contentType: undefined,
    check: isIn(),
  }),
  respondsNotFound("network", NO_NETWORK, { body: { Container: "web" } }),
  respondsWith(404, "there is no such container", {
    pathValue: "back",
    body: { Container: "nosuch" },
    matches: "No such container: nosuch",
  }),
  respondsWith(500, "the container is not in the network", {
    pathValue: "back",
    body: { Container: "web" },
    matches: "is not connected to network back",
  }),
);

const remove = endpointRow(
  "DELETE /networks/{id}",
  "Remove a network",
  respondsWith(200, "the object is removed", {
    realStatus: 204,
    realDifference: "there is nothing to say",
    pathValue: "back",
    check: (_, { engine }) => expect(engine.networks.getByName("back")).toBeUndefined(),
  }),
  respondsWith(403, "the network is built in", {
    pathValue: "bridge",
    matches: "is a pre-defined network and cannot be removed",
  }),
  respondsNotFound("network", NO_NETWORK),
  respondsByFault(500, "back"),
);

export const networks: readonly EndpointRow[] = [list, inspect, create, connect, disconnect, remove];

function encodeFilters(filters: Readonly<Record<string, readonly string[]>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(filters))}`;
}

function isIn(...names: readonly string[]): (answer: unknown, docker: MockedDaemon) => void {
  return (_, { engine }) => expect(Object.keys(engine.containers.find("web").networks).sort()).toEqual(names);
}
