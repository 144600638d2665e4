/** Finds what listens at the ports of containers and of the host, and connects to it. */
import type { Connection, Daemon } from "../../session/connection.ts";
import { connectionPair } from "../../session/pair.ts";
import type { Container } from "../model/container.ts";
import { findPortDaemon } from "./behaviour-lookup.ts";
import { createPortDaemon } from "./behaviours/port-daemon.ts";
import type { EngineRuntime } from "./engine-runtime.ts";

/** A TCP port of a container. */
export interface ContainerPort {
  readonly container: Container;
  readonly port: number;
}

/** The container's port that a host port leads to. */
export function findPublished({ containers }: EngineRuntime, hostPort: number): ContainerPort | undefined {
  for (const container of containers) {
    for (const [port, bindings] of Object.entries(container.ports)) {
      const isIt = port.endsWith("/tcp") && bindings?.some(({ HostPort }) => Number(HostPort) === hostPort);
      if (isIt === true) return { container, port: Number.parseInt(port, 10) };
    }
  }
  return undefined;
}

/** A connection to a port. The end of the container's run resets it. */
export function connectToPort(engine: EngineRuntime, target: ContainerPort | undefined): Connection | "refused" {
  const run = target === undefined ? undefined : engine.runtimes.get(target.container.id)?.run;
  const daemon = target === undefined || run === undefined ? undefined : findListener(engine, target);
  if (run === undefined || daemon === undefined) return "refused";
  const [near, far] = connectionPair();
  const reset = (): void => far.reset();
  run.lifetime.signal.addEventListener("abort", reset, { once: true });
  void far.closed.then(() => run.lifetime.signal.removeEventListener("abort", reset));
  daemon(far).catch(engine.onFault);
  return near;
}

/** A connection to a page of the simulated web over plain HTTP. */
export function connectToPages(
  { onFault }: EngineRuntime,
  pages: Readonly<Record<string, string | Buffer>>,
): Connection {
  const [near, far] = connectionPair();
  const http = Object.fromEntries(Object.entries(pages).map(([path, body]) => [path, { body }]));
  createPortDaemon({ http })(far).catch(onFault);
  return near;
}

/** A process of the container, or a behaviour. */
function findListener(engine: EngineRuntime, { container, port }: ContainerPort): Daemon | undefined {
  const listeners = engine.runtimes.get(container.id)?.run?.table.host.listeners;
  return listeners?.findListener(port) ?? findPortDaemon(engine, container, port);
}

/** Serves an open port of this machine: with what listens when a client connects, or else in silence. */
export function createPortListener(engine: EngineRuntime, container: Container, port: number): Daemon {
  return (connection) => {
    const daemon = findListener(engine, { container, port }) ?? createPortDaemon("silent");
    return daemon(connection);
  };
}
