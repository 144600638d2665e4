/**
 * Listens on the ports that a container publishes, while it runs: clients connect to a port to see whether the container
 * is ready. If a port is taken on this machine, another one listens in its place, and every response names that one.
 */

import type { PortVoice } from "../../cassette/model.ts";
import { readStatus } from "../../cassette/read.ts";
import {
  findPublishedPorts,
  type HostPortBinding,
  isContainerStart,
  isContainerStop,
} from "../history/find-published-ports.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { TextSubstitution } from "../run/substitution.ts";

/** Listens on a port of this machine: the one that it is given, or a free one. `voice` is what it sends to clients. */
export type PublishPort = (port: number, voice: PortVoice) => Promise<PublishedPort>;

export interface PublishedPort {
  readonly port: number;
  close(): Promise<void>;
}

interface OpenPort {
  readonly container: string | undefined;
  readonly published: PublishedPort;
}

/** A bare number may mean anything. In these members it is a port of the host. */
const HOST_PORT = /("HostPort":\s*"|"PublicPort":\s*)(\d+)/g;

export class PublishedPorts implements TextSubstitution {
  readonly #publish: PublishPort | undefined;
  readonly #voices: Readonly<Record<string, PortVoice>>;
  /** By the port that responses name before this substitution: the recorded one. */
  readonly #open = new Map<number, OpenPort>();
  /** By recorded port, where another one listens in its place. */
  readonly #moved = new Map<number, number>();
  #isClosed = false;

  /** @param voices what a port sends, by the container's port */
  constructor(publish: PublishPort | undefined, voices: Readonly<Record<string, PortVoice>> = {}) {
    this.#publish = publish;
    this.#voices = voices;
  }

  /** The ports that listen now. */
  get open(): readonly { readonly recorded: number; readonly today: number }[] {
    return [...this.#open].map(([recorded, { published }]) => ({ recorded, today: published.port }));
  }

  get isEmpty(): boolean {
    return this.#moved.size === 0;
  }

  toToday(text: string): string {
    if (this.isEmpty) return text;
    return text.replace(HOST_PORT, (_, lead: string, port: string) => lead + (this.#moved.get(Number(port)) ?? port));
  }

  toTodayLatin1(latin1: string): string {
    return this.toToday(latin1);
  }

  /** Whether `follow` may open or close ports. */
  isFollowing({ role }: PlacedExchange): boolean {
    return this.#publish !== undefined && role === "change";
  }

  /**
   * Opens or closes the ports of a container that `placed` starts or stops. Returns undefined where it does neither.
   * @param toToday recorded text into what responses say today, before this substitution
   */
  follow(
    placed: PlacedExchange,
    exchanges: readonly PlacedExchange[],
    toToday: (text: string) => string,
  ): Promise<void> | undefined {
    if (this.#publish === undefined || !this.isFollowing(placed) || hasFailed(placed)) return undefined;
    if (isContainerStart(placed)) {
      const ports = findPublishedPorts(exchanges, placed);
      const inResponses = ports.map((port) => ({ ...port, host: Number(toToday(String(port.host))) }));
      return this.#start(placed, inResponses, this.#publish);
    }
    return isContainerStop(placed) ? this.#stop(placed.container) : undefined;
  }

  /** Containers turned out to be others: their ports stay open, as those of the others. */
  renameContainers(others: ReadonlyMap<string, string>): void {
    for (const [port, { container = "", published }] of this.#open) {
      this.#open.set(port, { container: others.get(container) ?? container, published });
    }
  }

  /** Closes all ports. None opens after that. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#closePorts([...this.#open.keys()]);
  }

  async #start(placed: PlacedExchange, ports: readonly HostPortBinding[], publish: PublishPort): Promise<void> {
    if (isContainerStop(placed)) await this.#stop(placed.container);
    for (const port of ports) if (!this.#open.has(port.host)) await this.#openPort(port, placed.container, publish);
  }

  async #openPort(
    { host, container: containerPort }: HostPortBinding,
    container: string | undefined,
    publish: PublishPort,
  ): Promise<void> {
    if (this.#isClosed) return;
    const published = await publish(this.#moved.get(host) ?? host, this.#voices[containerPort] ?? {});
    if (published.port === host) this.#moved.delete(host);
    else this.#moved.set(host, published.port);
    this.#open.set(host, { container, published });
    if (this.#isClosed) await this.#closePorts([host]);
  }

  #stop(container: string | undefined): Promise<void> {
    const ports = [...this.#open].filter(([, open]) => open.container === container);
    return this.#closePorts(ports.map(([port]) => port));
  }

  async #closePorts(ports: readonly number[]): Promise<void> {
    const closing = ports.map((port) => this.#open.get(port));
    for (const port of ports) this.#open.delete(port);
    await Promise.all(closing.map((open) => open?.published.close()));
  }
}

/** If its removal failed, a container runs on. If its start failed, it does not run. */
function hasFailed({ entry }: PlacedExchange): boolean {
  return (readStatus(entry) ?? 0) >= 400;
}
