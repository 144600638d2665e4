/**
 * Whom a container's processes know and reach: others in the same networks, by their names and addresses, and what is
 * published on the host that it runs on (libnetwork resolver.go, and what its bridges let through).
 */

import type { Connection, Daemon } from "../../session/connection.ts";
import { connectionPair } from "../../session/pair.ts";
import { type Host, isLocal } from "../../userland/network/host.ts";
import { Listeners } from "../../userland/network/listeners.ts";
import type { Container } from "../model/container.ts";
import { isBuiltin, type NetworkEndpoint } from "../model/network.ts";
import { answerAt } from "./behaviour-lookup.ts";
import { daemonAt } from "./behaviours/port.ts";
import type { Run } from "./container-runtime.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { runtimeOf } from "./engine-runtime.ts";
import { pagesAt, webAddress, webHost } from "./web-pages.ts";

const SHORT = 12;
/** The name server of networks that somebody made. */
const OWN_NAMESERVER = "127.0.0.11";
const PUBLIC_NAMESERVER = "8.8.8.8";

/** The network that a container is about to run in: its own, or that of another one. */
export function hostOf(engine: EngineRuntime, container: Container): Host {
  const { NetworkMode } = container.hostConfig;
  if (!NetworkMode.startsWith("container:")) return new Place(engine, container.id);
  const owner = engine.containers.find(NetworkMode.slice("container:".length));
  return (runtimeOf(engine, owner).run as Run).table.host;
}

class Place implements Host {
  readonly listeners = new Listeners();
  readonly #engine: EngineRuntime;
  readonly #id: string;

  constructor(engine: EngineRuntime, id: string) {
    this.#engine = engine;
    this.#id = id;
  }

  get addresses(): readonly string[] {
    return this.#endpoints.flatMap(({ address }) => (address === "" ? [] : [address]));
  }

  get nameserver(): string {
    return nameserverFor(this.#own);
  }

  addressOf(name: string): string | undefined {
    const names = new Set([name, ...this.#linkedAs(name)]);
    for (const { container, endpoint } of this.#neighbours()) {
      if (isCalled(container, endpoint, names)) return endpoint.address;
    }
    return this.#isOutside ? webAddress(this.#engine.pages, name) : undefined;
  }

  isThere(address: string): boolean {
    if (isLocal(address) || this.addresses.includes(address) || this.#isGateway(address)) return true;
    return this.#neighbourAt(address) !== undefined || this.#webHost(address) !== undefined;
  }

  connect(address: string, port: number): Connection | "refused" | "unreachable" {
    const own = this.#own;
    if (own === undefined || !this.isThere(address)) return "unreachable";
    const isOnHost = this.#isGateway(address) || (isLocal(address) && own.hostConfig.NetworkMode === "host");
    const page = this.#webHost(address);
    if (page !== undefined) return connectedToWeb(this.#engine, page, port);
    if (isOnHost) return connected(this.#engine, publishedAt(this.#engine, port));
    return connected(this.#engine, { container: this.#neighbourAt(address) ?? own, port });
  }

  get #own(): Container | undefined {
    return this.#engine.containers.get(this.#id);
  }

  get #endpoints(): readonly NetworkEndpoint[] {
    return Object.values(this.#own?.networks ?? {});
  }

  /** There is a way out of its networks. */
  get #isOutside(): boolean {
    const { networks } = this.#engine;
    return this.#endpoints.some(({ networkId }) => networks.get(networkId)?.isInternal === false);
  }

  #webHost(address: string): string | undefined {
    return this.#isOutside ? webHost(this.#engine.pages, address) : undefined;
  }

  /** Whom it calls by this name in a network: `db:database`. */
  #linkedAs(alias: string): string[] {
    return this.#endpoints.flatMap(({ links }) =>
      (links ?? []).flatMap((link) => {
        const [name = "", as = name] = link.split(":");
        return as.toLowerCase() === alias ? [name.toLowerCase()] : [];
      }),
    );
  }

  #isGateway(address: string): boolean {
    return this.#endpoints.some(({ gateway }) => gateway !== "" && gateway === address);
  }

  #neighbourAt(address: string): Container | undefined {
    for (const { container, endpoint } of this.#neighbours()) if (endpoint.address === address) return container;
    return undefined;
  }

  /** Those who have an address in one of its networks now, itself among them. */
  *#neighbours(): Generator<Neighbour> {
    const networks = new Set(this.#endpoints.map(({ networkId }) => networkId));
    for (const container of this.#engine.containers) {
      for (const endpoint of Object.values(container.networks)) {
        if (endpoint.address !== "" && networks.has(endpoint.networkId)) yield { container, endpoint };
      }
    }
  }
}

interface Neighbour {
  readonly container: Container;
  readonly endpoint: NetworkEndpoint;
}

/** In Docker's own networks nobody has a name. */
function isCalled({ id, name, networks }: Container, endpoint: NetworkEndpoint, wanted: ReadonlySet<string>): boolean {
  const place = Object.entries(networks).find(([, one]) => one === endpoint);
  if (place === undefined || isBuiltin({ name: place[0] })) return false;
  return [name, id.slice(0, SHORT), ...(endpoint.aliases ?? [])].some((one) => wanted.has(one.toLowerCase()));
}

export function nameserverFor(container: Container | undefined): string {
  const isInOwn = Object.keys(container?.networks ?? {}).some((name) => !isBuiltin({ name }));
  if (isInOwn) return OWN_NAMESERVER;
  const [first] = (container?.hostConfig.Dns as readonly string[] | null | undefined) ?? [];
  return first ?? PUBLIC_NAMESERVER;
}

interface Door {
  readonly container: Container;
  readonly port: number;
}

/** Whose port a port of the host leads to. */
function publishedAt({ containers }: EngineRuntime, hostPort: number): Door | undefined {
  for (const container of containers) {
    for (const [port, bindings] of Object.entries(container.ports)) {
      const isIt = port.endsWith("/tcp") && bindings?.some(({ HostPort }) => Number(HostPort) === hostPort);
      if (isIt === true) return { container, port: Number.parseInt(port, 10) };
    }
  }
  return undefined;
}

function connected(engine: EngineRuntime, door: Door | undefined): Connection | "refused" {
  const run = door === undefined ? undefined : engine.machines.get(door.container.id)?.run;
  const daemon = door === undefined || run === undefined ? undefined : listenerAt(engine, door);
  if (run === undefined || daemon === undefined) return "refused";
  const [near, far] = connectionPair();
  const cut = (): void => far.reset();
  run.over.signal.addEventListener("abort", cut, { once: true });
  void far.closed.then(() => run.over.signal.removeEventListener("abort", cut));
  daemon(far).catch(engine.onFault);
  return near;
}

function connectedToWeb({ pages, onFault }: EngineRuntime, host: string, port: number): Connection | "refused" {
  const own = pagesAt(pages, host, port);
  if (own === undefined) return "refused";
  const [near, far] = connectionPair();
  const http = Object.fromEntries(Object.entries(own).map(([path, body]) => [path, { body }]));
  daemonAt({ http })(far).catch(onFault);
  return near;
}

/** One of its processes, or a behaviour. */
function listenerAt(engine: EngineRuntime, { container, port }: Door): Daemon | undefined {
  return processAt(engine, container, port) ?? answerAt(engine, container, port);
}

function processAt({ machines }: EngineRuntime, { id }: Container, port: number): Daemon | undefined {
  return machines.get(id)?.run?.table.host.listeners.at(port);
}

/** Who answers at a port that is open to this machine, at that moment; somebody silent, where nobody listens. */
export function whoeverListens(engine: EngineRuntime, container: Container, port: number): Daemon {
  return (connection) => {
    const daemon = listenerAt(engine, { container, port }) ?? daemonAt("silent");
    return daemon(connection);
  };
}
