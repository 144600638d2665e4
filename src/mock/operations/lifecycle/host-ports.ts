/**
 * Which ports of the host lead to a container, and, where the engine is given the means, real ports of this machine
 * that are answered while it runs (moby libnetwork/portallocator, portmapper).
 */

import type { Daemon } from "../../../session/connection.ts";
import { systemError } from "../../model/api-error.ts";
import { type Container, isComingBack } from "../../model/container.ts";
import type { PortBinding } from "../../model/host-config.ts";
import { isBuiltin } from "../../model/network.ts";
import { whoeverListens } from "../../runtime/container-network.ts";
import type { OpenPort, OpensPorts } from "../../runtime/open-port.ts";
import { allocateFromBothEnds } from "../../runtime/two-ended-counter.ts";
import type { Engine } from "../engine.ts";

/** The first of the ports that the kernel hands out (/proc/sys/net/ipv4/ip_local_port_range). */
const FIRST_HOST_PORT = 32_768;
const LAST_HOST_PORT = 60_999;

/** What is published, and what of it is answered on this machine. */
export interface HostPorts {
  readonly ports: Container["ports"];
  readonly open: readonly OpenPort[];
}

/** The bindings of a container that is about to start. @throws Refusal 500 where a port of the host is taken */
function hostPortsOf(engine: Engine, container: Container): Container["ports"] {
  const { config, hostConfig } = container;
  const exposed = Object.keys(config.ExposedPorts ?? {}).map(withProtocol);
  if (exposed.length === 0 || !hasPorts(container)) return {};
  const ports: Record<string, readonly PortBinding[] | null> = {};
  const taken = takenPorts(engine);
  for (const port of exposed) {
    const asked = hostConfig.PortBindings?.[port] ?? [];
    const wanted = asked.length === 0 && hostConfig.PublishAllPorts ? [{ HostIp: "", HostPort: "" }] : asked;
    const bindings = wanted.flatMap((binding) => bound(engine, container, port, binding, taken));
    ports[port] = bindings.length === 0 ? null : bindings;
  }
  return ports;
}

/** Only a bridge has anything to publish through. */
function hasPorts({ networks, hostConfig }: Container): boolean {
  if (hostConfig.NetworkMode.startsWith("container:")) return false;
  return !Object.keys(networks).every((name) => name !== "bridge" && isBuiltin({ name }));
}

function withProtocol(port: string): string {
  return port.includes("/") ? port : `${port}/tcp`;
}

function takenPorts(engine: Engine): Set<string> {
  const taken = new Set<string>();
  for (const { ports } of engine.containers) {
    for (const [port, bindings] of Object.entries(ports)) {
      for (const { HostPort } of bindings ?? []) taken.add(key(port, HostPort));
    }
  }
  return taken;
}

function key(port: string, hostPort: string): string {
  return `${hostPort}/${port.split("/")[1]}`;
}

function bound(
  engine: Engine,
  container: Container,
  port: string,
  { HostIp = "", HostPort = "" }: Partial<PortBinding>,
  taken: Set<string>,
): PortBinding[] {
  const number =
    HostPort === "" || HostPort === "0" ? freePort(engine, container, port, taken) : firstFree(HostPort, port, taken);
  if (number === undefined) {
    const address = `${HostIp || "0.0.0.0"}:${HostPort}`;
    throw unpublished(engine, container, `Bind for ${address} failed: port is already allocated`);
  }
  taken.add(key(port, number));
  return (HostIp === "" ? ["0.0.0.0", "::"] : [HostIp]).map((ip) => ({ HostIp: ip, HostPort: number }));
}

function unpublished({ random }: Engine, { name }: Container, why: string): Error {
  return systemError(
    `driver failed programming external connectivity on endpoint ${name} (${random.id("endpoint")}): ${why}`,
  );
}

/** `8080`, or one of `8080-8090`. */
function firstFree(wanted: string, port: string, taken: ReadonlySet<string>): string | undefined {
  const [first = 0, last = first] = wanted.split("-").map(Number);
  for (let number = first; number <= last; number += 1)
    if (!taken.has(key(port, String(number)))) return String(number);
  return undefined;
}

/** The ports are handed out in turn; from the other end to what comes back by itself. */
function freePort(engine: Engine, container: Container, port: string, taken: ReadonlySet<string>): string {
  for (;;) {
    const { end, count } = allocateFromBothEnds(engine.hostPorts, isComingBack(container));
    const steps = count % (LAST_HOST_PORT - FIRST_HOST_PORT + 1);
    const number = String(end === "low" ? FIRST_HOST_PORT + steps : LAST_HOST_PORT - steps);
    if (!taken.has(key(port, number))) return number;
  }
}

/** A promise only where ports of this machine are to be answered. @throws Refusal */
export function publish(engine: Engine, container: Container): HostPorts | Promise<HostPorts> {
  const { opensPorts } = engine;
  if (opensPorts === undefined) return { ports: hostPortsOf(engine, container), open: [] };
  return openPorts(engine, container, opensPorts);
}

/** The same with real ports behind those of TCP. A port that nobody asked for is the machine's to choose. */
async function openPorts(engine: Engine, container: Container, opens: OpensPorts): Promise<HostPorts> {
  const open: OpenPort[] = [];
  const ports: Record<string, readonly PortBinding[] | null> = {};
  try {
    for (const [port, bindings] of Object.entries(hostPortsOf(engine, container))) {
      const isTcp = port.endsWith("/tcp");
      const answer = whoeverListens(engine, container, Number.parseInt(port, 10));
      ports[port] =
        bindings !== null && isTcp
          ? await opened(engine, container, { port, bindings, answer, opens, open })
          : bindings;
    }
    return { ports, open };
  } catch (error) {
    await closePorts(open);
    throw error;
  }
}

interface Opening {
  readonly port: string;
  readonly bindings: readonly PortBinding[];
  readonly answer: Daemon;
  readonly opens: OpensPorts;
  readonly open: OpenPort[];
}

async function opened(
  engine: Engine,
  container: Container,
  { port, bindings, answer, opens, open }: Opening,
): Promise<readonly PortBinding[]> {
  const today = new Map<string, string>();
  for (const { HostIp, HostPort } of bindings) {
    if (today.has(HostPort)) continue;
    const published = await opens(isAskedFor(container, port) ? Number(HostPort) : 0, answer);
    if (published === undefined) {
      const why = `listen tcp4 ${HostIp}:${HostPort}: bind: address already in use`;
      throw unpublished(engine, container, `Error starting userland proxy: ${why}`);
    }
    open.push(published);
    today.set(HostPort, String(published.port));
  }
  return bindings.map(({ HostIp, HostPort }) => ({ HostIp, HostPort: today.get(HostPort) as string }));
}

function isAskedFor({ hostConfig }: Container, port: string): boolean {
  return (hostConfig.PortBindings?.[port] ?? []).some(({ HostPort = "" }) => !["", "0"].includes(HostPort));
}

/** The daemon is stopped: nothing of it is answered any more. */
export async function closeAllPorts({ machines }: Engine): Promise<void> {
  await closePorts([...machines.values()].flatMap(({ run }) => run?.open ?? []));
}

export async function closePorts(open: readonly OpenPort[]): Promise<void> {
  await Promise.all(open.map((port) => port.close()));
}
