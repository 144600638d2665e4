/**
 * Publishes the ports of a container that starts. An engine with a `PortOpener` also opens ports of this machine for
 * them (moby libnetwork/portmapper).
 */
import type { Daemon } from "../../../session/connection.ts";
import type { Container } from "../../model/container.ts";
import type { PortBinding } from "../../model/host-config.ts";
import { createPortListener } from "../../runtime/container-ports.ts";
import type { OpenPort, PortOpener } from "../../runtime/open-port.ts";
import type { Engine } from "../engine.ts";
import { allocateHostPorts, createPublishError, describeAddressInUse } from "./host-ports.ts";

/** The published ports, and the ports of this machine that are open for them. */
export interface HostPorts {
  readonly ports: Container["ports"];
  readonly openPorts: readonly OpenPort[];
}

/** Publishes the ports. Returns a promise if ports of this machine must be opened. @throws ApiError 500 */
export function publishPorts(engine: Engine, container: Container): HostPorts | Promise<HostPorts> {
  const { openPort } = engine;
  if (openPort === undefined) return { ports: allocateHostPorts(engine, container), openPorts: [] };
  return openPorts(engine, container, openPort);
}

/** Opens a real port for each TCP port. The machine chooses a port that the client did not request. */
async function openPorts(engine: Engine, container: Container, openPort: PortOpener): Promise<HostPorts> {
  const opened: OpenPort[] = [];
  const ports: Record<string, readonly PortBinding[] | null> = {};
  try {
    for (const [port, bindings] of Object.entries(allocateHostPorts(engine, container))) {
      const listener = createPortListener(engine, container, Number.parseInt(port, 10));
      const isTcp = bindings !== null && port.endsWith("/tcp");
      ports[port] = isTcp
        ? await openBindings(engine, container, { port, bindings, listener, openPort, opened })
        : bindings;
    }
    return { ports, openPorts: opened };
  } catch (error) {
    await closePorts(opened);
    throw error;
  }
}

interface PortOpening {
  readonly port: string;
  readonly bindings: readonly PortBinding[];
  readonly listener: Daemon;
  readonly openPort: PortOpener;
  /** Collects the ports, so that a failure can close them. */
  readonly opened: OpenPort[];
}

async function openBindings(
  engine: Engine,
  container: Container,
  { port, bindings, listener, openPort, opened }: PortOpening,
): Promise<readonly PortBinding[]> {
  const realPorts = new Map<string, string>();
  for (const { HostIp, HostPort } of bindings) {
    if (realPorts.has(HostPort)) continue;
    const realPort = await openPort(isRequested(container, port) ? Number(HostPort) : 0, listener);
    if (realPort === undefined) {
      throw createPublishError(engine, container, describeAddressInUse(`${HostIp}:${HostPort}`));
    }
    opened.push(realPort);
    realPorts.set(HostPort, String(realPort.port));
  }
  return bindings.map(({ HostIp, HostPort }) => ({ HostIp, HostPort: realPorts.get(HostPort) as string }));
}

function isRequested({ hostConfig }: Container, port: string): boolean {
  return (hostConfig.PortBindings?.[port] ?? []).some(({ HostPort = "" }) => !["", "0"].includes(HostPort));
}

/** Closes the ports of all containers, when the daemon stops. */
export async function closeAllPorts({ runtimes }: Engine): Promise<void> {
  await closePorts([...runtimes.values()].flatMap(({ run }) => run?.openPorts ?? []));
}

export async function closePorts(ports: readonly OpenPort[]): Promise<void> {
  await Promise.all(ports.map((port) => port.close()));
}
