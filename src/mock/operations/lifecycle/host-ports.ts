/** Allocates host ports to a container that starts (moby libnetwork/portallocator). */

import { systemError } from "../../model/api-error.ts";
import { type Container, isRestarting } from "../../model/container.ts";
import type { PortBinding } from "../../model/host-config.ts";
import { isBuiltin } from "../../model/network.ts";
import { allocateFromBothEnds } from "../../runtime/two-ended-counter.ts";
import type { Engine } from "../engine.ts";
import { TakenPorts } from "./taken-ports.ts";

/** The kernel's ephemeral ports (/proc/sys/net/ipv4/ip_local_port_range). */
const FIRST_HOST_PORT = 32_768;
const LAST_HOST_PORT = 60_999;

/** The bindings of a container that is about to start. @throws ApiError 500 for a host port in use */
export function allocateHostPorts(engine: Engine, container: Container): Container["ports"] {
  const { config, hostConfig } = container;
  const exposed = Object.keys(config.ExposedPorts ?? {}).map(withProtocol);
  if (exposed.length === 0 || !hasPorts(container)) return {};
  const ports: Record<string, readonly PortBinding[] | null> = {};
  const taken = new TakenPorts(engine);
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

function bindPort(
  engine: Engine,
  container: Container,
  port: string,
  { HostIp = "", HostPort = "" }: Partial<PortBinding>,
  taken: TakenPorts,
): PortBinding[] {
  const isAny = HostPort === "" || HostPort === "0";
  const number = isAny
    ? takeNextPort(engine, container, port, HostIp, taken)
    : takeRequestedPort(engine, container, port, { HostIp, HostPort }, taken);
  taken.add(port, { HostIp, HostPort: number });
  return (HostIp === "" ? ["0.0.0.0", "::"] : [HostIp]).map((ip) => ({ HostIp: ip, HostPort: number }));
}

/** The first free port of `8080` or `8080-8090`. @throws ApiError 500 if all are in use */
function takeRequestedPort(
  engine: Engine,
  container: Container,
  port: string,
  { HostIp, HostPort }: PortBinding,
  taken: TakenPorts,
): string {
  const numbers = toRange(HostPort);
  const free = numbers.find((number) => taken.findClash(port, { HostIp, HostPort: number }) === undefined);
  if (free !== undefined) return free;
  const clash = taken.findClash(port, { HostIp, HostPort: numbers[0] ?? "" });
  const address = `${HostIp || "0.0.0.0"}:${HostPort}`;
  throw createPublishError(
    engine,
    container,
    clash === "all addresses" ? describeAddressInUse(address) : `Bind for ${address} failed: port is already allocated`,
  );
}

function toRange(text: string): string[] {
  const [first = 0, last = first] = text.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}

/** Why docker-proxy cannot listen at `127.0.0.1:8080`. */
export function describeAddressInUse(address: string): string {
  return `Error starting userland proxy: listen tcp4 ${address}: bind: address already in use`;
}

/** The error of a port that cannot be published. It names an endpoint, as libnetwork does. */
export function createPublishError({ random }: Engine, { name }: Container, why: string): Error {
  return systemError(
    `driver failed programming external connectivity on endpoint ${name} (${random.drawId("endpoint")}): ${why}`,
  );
}

/** The next ephemeral port, from the high end for a restart. */
function takeNextPort(engine: Engine, container: Container, port: string, HostIp: string, taken: TakenPorts): string {
  for (;;) {
    const { end, count } = allocateFromBothEnds(engine.hostPorts, isRestarting(container));
    const steps = count % (LAST_HOST_PORT - FIRST_HOST_PORT + 1);
    const HostPort = String(end === "low" ? FIRST_HOST_PORT + steps : LAST_HOST_PORT - steps);
    if (taken.findClash(port, { HostIp, HostPort }) === undefined) return HostPort;
  }
}
