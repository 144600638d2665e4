/** Chooses the name server of a container. */
import type { Container } from "../model/container.ts";
import { isBuiltin } from "../model/network.ts";

/** The address of libnetwork's embedded server, which user-defined networks have (libnetwork resolver.go). */
const EMBEDDED_NAMESERVER = "127.0.0.11";
const PUBLIC_NAMESERVER = "8.8.8.8";

/** The container is in a network that a client created. */
export function isInUserNetwork({ networks }: Pick<Container, "networks">): boolean {
  return Object.keys(networks).some((name) => !isBuiltin({ name }));
}

/** The first server of the container's /etc/resolv.conf. */
export function chooseNameserver(container: Container | undefined): string {
  if (container !== undefined && isInUserNetwork(container)) return EMBEDDED_NAMESERVER;
  const [first] = (container?.hostConfig.Dns as readonly string[] | null | undefined) ?? [];
  return first ?? PUBLIC_NAMESERVER;
}

/** The servers that the embedded one asks. The host's are asked from the host's network. */
export function chooseOuterNameservers({ hostConfig: { Dns } }: Container): readonly string[] {
  const servers = (Dns as readonly string[] | null | undefined) ?? [];
  return servers.length > 0 ? servers : [`host(${PUBLIC_NAMESERVER})`];
}
