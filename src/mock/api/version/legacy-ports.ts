/** Published ports as API versions before 1.12 list them (documents of 1.9 and 1.5). */
import type { ApiJson } from "../../model/api-json.ts";

/** One entry for each pair of ports, whatever addresses it is published at. */
export function omitPortAddresses(ports: readonly ApiJson[]): ApiJson[] {
  const pairs = ports.map(({ PrivatePort, PublicPort, Type }) => ({ PrivatePort, PublicPort, Type }));
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
}

/** The text that versions before 1.5 have, e.g. `3333->2222, 53->53/udp`. */
export function formatPorts(ports: readonly ApiJson[]): string {
  return ports
    .filter(({ PublicPort }) => PublicPort !== undefined)
    .map(({ PrivatePort, PublicPort, Type }) => `${PublicPort}->${PrivatePort}${Type === "tcp" ? "" : `/${Type}`}`)
    .join(", ");
}

/** `PortMapping` of an inspection, by protocol, or null if no port is published. */
export function toPortMapping(ports: ApiJson | null): ApiJson | null {
  const mapping: Record<string, Record<string, string>> = { Tcp: {}, Udp: {} };
  for (const [port, bindings] of Object.entries(ports ?? {})) {
    const [number = "", type] = port.split("/");
    for (const { HostPort } of bindings ?? []) (mapping[type === "udp" ? "Udp" : "Tcp"] as ApiJson)[number] = HostPort;
  }
  return Object.values(mapping).every((pairs) => Object.keys(pairs).length === 0) ? null : mapping;
}
