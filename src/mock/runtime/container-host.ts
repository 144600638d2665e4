/** The network of one container: its addresses, the names it resolves, and where its connections lead. */
import type { Connection } from "../../session/connection.ts";
import { isLocal, type NetworkHost } from "../../userland/network/host.ts";
import { PortListeners } from "../../userland/network/listeners.ts";
import type { Container } from "../model/container.ts";
import type { NetworkEndpoint } from "../model/network.ts";
import { connectToPages, connectToPort, findPublished } from "./container-ports.ts";
import type { ContainerRun } from "./container-runtime.ts";
import { type EngineRuntime, getRuntime } from "./engine-runtime.ts";
import { chooseNameserver } from "./nameserver.ts";
import { findNeighbour, resolveName } from "./neighbours.ts";
import { findPages, findWebAddress, findWebHost } from "./web-pages.ts";

/** The network of a container that starts: its own, or that of the container in its network mode. */
export function resolveHost(engine: EngineRuntime, container: Container): NetworkHost {
  const { NetworkMode } = container.hostConfig;
  if (!NetworkMode.startsWith("container:")) return new ContainerHost(engine, container.id);
  const owner = engine.containers.find(NetworkMode.slice("container:".length));
  return (getRuntime(engine, owner).run as ContainerRun).table.host;
}

class ContainerHost implements NetworkHost {
  readonly listeners = new PortListeners();
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
    return chooseNameserver(this.#container);
  }

  findAddress(name: string): string | undefined {
    const address = resolveName(this.#engine, this.#endpoints, name);
    return address ?? (this.#hasWayOut ? findWebAddress(this.#engine.pages, name) : undefined);
  }

  hasAddress(address: string): boolean {
    if (isLocal(address) || this.addresses.includes(address) || this.#isGateway(address)) return true;
    return this.#findNeighbour(address) !== undefined || this.#findWebHost(address) !== undefined;
  }

  connect(address: string, port: number): Connection | "refused" | "unreachable" {
    const container = this.#container;
    if (container === undefined || !this.hasAddress(address)) return "unreachable";
    const webHost = this.#findWebHost(address);
    if (webHost !== undefined) return this.#connectToWeb(webHost, port);
    const isOnHost = this.#isGateway(address) || (isLocal(address) && container.hostConfig.NetworkMode === "host");
    if (isOnHost) return connectToPort(this.#engine, findPublished(this.#engine, port));
    return connectToPort(this.#engine, { container: this.#findNeighbour(address) ?? container, port });
  }

  get #container(): Container | undefined {
    return this.#engine.containers.get(this.#id);
  }

  get #endpoints(): readonly NetworkEndpoint[] {
    return Object.values(this.#container?.networks ?? {});
  }

  /** One of its networks is not internal. */
  get #hasWayOut(): boolean {
    const { networks } = this.#engine;
    return this.#endpoints.some(({ networkId }) => networks.get(networkId)?.isInternal === false);
  }

  #isGateway(address: string): boolean {
    return this.#endpoints.some(({ gateway }) => gateway !== "" && gateway === address);
  }

  #findNeighbour(address: string): Container | undefined {
    return findNeighbour(this.#engine, this.#endpoints, address);
  }

  #findWebHost(address: string): string | undefined {
    return this.#hasWayOut ? findWebHost(this.#engine.pages, address) : undefined;
  }

  #connectToWeb(host: string, port: number): Connection | "refused" {
    const pages = findPages(this.#engine.pages, host, port);
    return pages === undefined ? "refused" : connectToPages(this.#engine, pages);
  }
}
