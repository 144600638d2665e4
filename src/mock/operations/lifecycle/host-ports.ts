/** Allocates host ports to a container that starts (moby libnetwork/portallocator). */

import { systemError } from "../../model/api-error.ts";
import { type Container, isRestarting } from "../../model/container.ts";
import type { PortBinding } from "../../model/host-config.ts";
import { isBuiltin } from "../../model/network.ts";
import { allocateFromBothEnds } from "../../runtime/two-ended-counter.ts";
import type { Engine } from "../engine.ts";

/** The kernel's ephemeral ports (/proc/sys/net/ipv4/ip_local_port_range). */
const FIRST_HOST_PORT = 32_768;
const LAST_HOST_PORT = 60_999;

/** The bindings of a container that is about to start. @throws ApiError 500 for a host port in use */
export function allocateHostPorts(engine: Engine, container: Container): Container["ports"] {
  const { config, hostConfig } = container;
  const exposed = Object.keys(config.ExposedPorts ?? {}).map(withProtocol);
  if (exposed.length === 0 || !hasPorts(container)) return {};
  const ports: Record<string, readonly PortBinding[] | null> = {};
  const taken = listTakenPorts(engine);
  for (const port of exposed) {
    const requested = hostConfig.PortBindings?.[port] ?? [];
    const publishedBindings =
      requested.length === 0 && hostConfig.PublishAllPorts ? [{ HostIp: "", HostPort: "" }] : requested;
    const bindings = publishedBindings.flatMap((binding) => bindPort(engine, container, port, binding, taken));
    ports[port] = bindings.length === 0 ? null : bindings;
  }
  return ports;
}

/** Only a container on a bridge can publish ports. */
function hasPorts({ networks, hostConfig }: Container): boolean {
  if (hostConfig.NetworkMode.startsWith("container:")) return false;
  return !Object.keys(networks).every((name) => name !== "bridge" && isBuiltin({ name }));
}

function withProtocol(port: string): string {
  return port.includes("/") ? port : `${port}/tcp`;
}

function listTakenPorts(engine: Engine): Set<string> {
  const taken = new Set<string>();
  for (const { ports } of engine.containers) {
    for (const [port, bindings] of Object.entries(ports)) {
      for (const { HostPort } of bindings ?? []) taken.add(toPortKey(port, HostPort));
    }
  }
  return taken;
}

function toPortKey(port: string, hostPort: string): string {
  return `${hostPort}/${port.split("/")[1]}`;
}

function bindPort(
  engine: Engine,
  container: Container,
  port: string,
  { HostIp = "", HostPort = "" }: Partial<PortBinding>,
  taken: Set<string>,
): PortBinding[] {
  const number =
    HostPort === "" || HostPort === "0"
      ? takeNextPort(engine, container, port, taken)
      : findFreePort(HostPort, port, taken);
  if (number === undefined) {
    const address = `${HostIp || "0.0.0.0"}:${HostPort}`;
    throw createPublishError(engine, container, `Bind for ${address} failed: port is already allocated`);
  }
  taken.add(toPortKey(port, number));
  return (HostIp === "" ? ["0.0.0.0", "::"] : [HostIp]).map((ip) => ({ HostIp: ip, HostPort: number }));
}

/** The error of a port that cannot be published. It names an endpoint, as libnetwork does. */
export function createPublishError({ random }: Engine, { name }: Container, why: string): Error {
  return systemError(
    `driver failed programming external connectivity on endpoint ${name} (${random.drawId("endpoint")}): ${why}`,
  );
}

/** The first free port of `8080` or `8080-8090`. */
function findFreePort(range: string, port: string, taken: ReadonlySet<string>): string | undefined {
  const [first = 0, last = first] = range.split("-").map(Number);
  for (let number = first; number <= last; number += 1)
    if (!taken.has(toPortKey(port, String(number)))) return String(number);
  return undefined;
}

/** The next ephemeral port, from the high end for a restart. */
function takeNextPort(engine: Engine, container: Container, port: string, taken: ReadonlySet<string>): string {
  for (;;) {
    const { end, count } = allocateFromBothEnds(engine.hostPorts, isRestarting(container));
    const steps = count % (LAST_HOST_PORT - FIRST_HOST_PORT + 1);
    const number = String(end === "low" ? FIRST_HOST_PORT + steps : LAST_HOST_PORT - steps);
    if (!taken.has(toPortKey(port, number))) return number;
  }
}
