/** Networks: since v1.21. */
import { expect } from "vitest";
import type { Mocked } from "../../playbook/mocked.ts";
import { answers, noSuch, type Row, row, struck } from "./row.ts";
import type { Shape } from "./shape.ts";

const MEMBER: Shape = { EndpointID: "text", MacAddress: "text", IPv4Address: "text", IPv6Address: "text" };
const NETWORK = { Name: "text", Id: "text", Scope: "text", Driver: "text", Containers: "map", Options: "map" } as const;
const BRIDGE: Shape = {
  ...NETWORK,
  IPAM: { Driver: "text", Config: [{ Subnet: "text" }] },
  Containers: { "*": MEMBER },
  Options: { "*": "text" },
};
const NO_NETWORK = /network nosuch not found/;

const list = row(
  "GET /networks",
  "List networks",
  answers(200, "all of them", { shape: [{ ...NETWORK, IPAM: { Driver: "text", Config: "list?" } }] }),
  answers(200, "those of a name", { query: filters({ name: ["bridge"] }), shape: [BRIDGE] }),
  answers(200, "those of an id", {
    query: filters({ id: ["nosuch"] }),
    holds: ({ json }) => expect(json).toEqual([]),
  }),
  answers(500, "the filters are no JSON", { query: "filters=x", says: "invalid character" }),
);

const inspect = row(
  "GET /networks/{id}",
  "Inspect network",
  answers(200, "all of it", { of: "bridge", shape: BRIDGE }),
  noSuch("network", NO_NETWORK),
  struck(500, "bridge"),
);

const POOL = { Subnet: "172.20.0.0/16", IPRange: "172.20.10.0/24", Gateway: "172.20.10.11" };

const create = row(
  "POST /networks/create",
  "Create a network",
  answers(201, "it is there", {
    body: { Name: "tide", CheckDuplicate: true, Driver: "bridge", IPAM: { Driver: "default", Config: [POOL] } },
    shape: { Id: "text", Warning: "text" },
    holds: (_, { engine }) => expect(engine.networks.named("tide")?.ipam).toMatchObject({ Config: [POOL] }),
  }),
  answers(404, "there is no such driver", {
    body: { Name: "tide", Driver: "nosuch" },
    says: 'plugin "nosuch" not found',
  }),
  answers(500, "nobody says how it is called", { body: { Name: "" }, says: "invalid name" }),
);

const connect = row(
  "POST /networks/{id}/connect",
  "Connect a container to a network",
  answers(200, "it is in it", {
    of: "back",
    body: { Container: "web" },
    type: undefined,
    holds: isIn("back", "bridge"),
  }),
  noSuch("network", NO_NETWORK, { body: { Container: "web" } }),
  answers(404, "there is no such container", {
    of: "back",
    body: { Container: "nosuch" },
    says: "No such container: nosuch",
  }),
  answers(500, "the address is none of the network's", {
    of: "fixed",
    given: { networks: [{ name: "fixed", subnet: "10.5.0.0/16" }] },
    body: { Container: "web", EndpointConfig: { IPAMConfig: { IPv4Address: "10.8.0.2" } } },
    says: "does not belong to any of this network's subnets",
  }),
);

const disconnect = row(
  "POST /networks/{id}/disconnect",
  "Disconnect a container from a network",
  answers(200, "it is out of it", { of: "bridge", body: { Container: "web" }, type: undefined, holds: isIn() }),
  noSuch("network", NO_NETWORK, { body: { Container: "web" } }),
  answers(404, "there is no such container", {
    of: "back",
    body: { Container: "nosuch" },
    says: "No such container: nosuch",
  }),
  answers(500, "it is not in it", { of: "back", body: { Container: "web" }, says: "is not connected to network back" }),
);

const remove = row(
  "DELETE /networks/{id}",
  "Remove a network",
  answers(200, "it is gone", {
    instead: 204,
    otherwise: "there is nothing to say",
    of: "back",
    holds: (_, { engine }) => expect(engine.networks.named("back")).toBeUndefined(),
  }),
  answers(403, "it is the daemon's own", { of: "bridge", says: "is a pre-defined network and cannot be removed" }),
  noSuch("network", NO_NETWORK),
  struck(500, "back"),
);

export const networks: readonly Row[] = [list, inspect, create, connect, disconnect, remove];

function filters(wanted: Readonly<Record<string, readonly string[]>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(wanted))}`;
}

function isIn(...names: readonly string[]): (answer: unknown, docker: Mocked) => void {
  return (_, { engine }) => expect(Object.keys(engine.containers.find("web").networks).sort()).toEqual(names);
}
