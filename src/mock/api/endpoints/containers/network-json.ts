/** Parts of a container that several endpoints tell. */
import type { Container } from "../../../model/container.ts";
import { spokenDuration } from "../../../model/human-duration.ts";
import type { NetworkEndpoint } from "../../../model/network.ts";
import type { Shape } from "../../../model/shapes.ts";

export function toEndpointJson(endpoint: NetworkEndpoint): Shape {
  return {
    IPAMConfig: endpoint.ipam,
    Links: endpoint.links,
    Aliases: endpoint.aliases,
    NetworkID: endpoint.networkId,
    EndpointID: endpoint.endpointId,
    Gateway: endpoint.gateway,
    IPAddress: endpoint.address,
    IPPrefixLen: endpoint.prefixLength,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    MacAddress: endpoint.mac,
    DriverOpts: endpoint.driverOptions,
  };
}

export function toNetworksJson({ networks }: Container): Shape {
  return Object.fromEntries(Object.entries(networks).map(([name, endpoint]) => [name, toEndpointJson(endpoint)]));
}

/** As `docker ps` shows it: `Up 5 seconds (healthy)` (moby container/state.go, String). */
export function formatStatus({ state }: Container, now: bigint): string {
  const { status, exitCode, health } = state;
  const formatSince = (from: bigint | undefined): string => spokenDuration(now - (from ?? now));
  const condition =
    health === undefined ? "" : health.status === "starting" ? " (health: starting)" : ` (${health.status})`;
  switch (status) {
    case "running":
      return `Up ${formatSince(state.startedAt)}${condition}`;
    case "paused":
      return `Up ${formatSince(state.startedAt)} (Paused)`;
    case "restarting":
      return `Restarting (${exitCode}) ${formatSince(state.finishedAt)} ago`;
    case "removing":
      return "Removal In Progress";
    case "dead":
      return "Dead";
    default:
      if (state.startedAt === undefined) return "Created";
      return state.finishedAt === undefined ? "" : `Exited (${exitCode}) ${formatSince(state.finishedAt)} ago`;
  }
}
