/**
 * The ports that a container publishes, answered while it runs: clients wait for them by connecting. A port that is
 * taken on this machine is answered at another one, and that one is said wherever an answer tells of host ports.
 */
import type { PortVoice } from "../../cassette/model.ts";
import type { Scene } from "../history/history.ts";
import { type PortBinding, publishedPorts, startsContainer, stopsContainer } from "../history/published.ts";
import type { Words } from "../play/translate.ts";

/** Has a port of this machine answered, the one asked for, or one that is free; and says there what it is given. */
export type Publish = (port: number, voice: PortVoice) => Promise<Published>;

export interface Published {
  readonly port: number;
  close(): Promise<void>;
}

interface Held {
  readonly container: string | undefined;
  readonly published: Published;
}

/** A bare number may mean anything; in these members it is a port of the host. */
const HOST_PORT = /("HostPort":\s*"|"PublicPort":\s*)(\d+)/g;

export class Ports implements Words {
  readonly #publish: Publish | undefined;
  readonly #voices: Readonly<Record<string, PortVoice>>;
  /** By recorded port. */
  readonly #held = new Map<number, Held>();
  /** By recorded port, where another one stands for it. */
  readonly #today = new Map<number, number>();
  #isClosed = false;

  /** @param voices what is said, by the container's port */
  constructor(publish: Publish | undefined, voices: Readonly<Record<string, PortVoice>> = {}) {
    this.#publish = publish;
    this.#voices = voices;
  }

  /** What is answered now. */
  get open(): readonly { readonly recorded: number; readonly today: number }[] {
    return [...this.#held].map(([recorded, { published }]) => ({ recorded, today: published.port }));
  }

  get isEmpty(): boolean {
    return this.#today.size === 0;
  }

  toToday(text: string): string {
    if (this.isEmpty) return text;
    return text.replace(HOST_PORT, (_, lead: string, port: string) => lead + (this.#today.get(Number(port)) ?? port));
  }

  bytesToToday(latin1: string): string {
    return this.toToday(latin1);
  }

  /** A container is being started, or stopped; resolves when its ports are. Undefined where nothing is to be done. */
  follow(scene: Scene, scenes: readonly Scene[]): Promise<void> | undefined {
    if (this.#publish === undefined || scene.role !== "change" || wasRefused(scene)) return undefined;
    if (startsContainer(scene)) return this.#start(scene, publishedPorts(scenes, scene), this.#publish);
    return stopsContainer(scene) ? this.#stop(scene.container) : undefined;
  }

  /** Nothing is answered any more, and nothing will be. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#release([...this.#held.keys()]);
  }

  async #start(scene: Scene, ports: readonly PortBinding[], publish: Publish): Promise<void> {
    if (stopsContainer(scene)) await this.#stop(scene.container);
    for (const port of ports) if (!this.#held.has(port.host)) await this.#hold(port, scene.container, publish);
  }

  async #hold(
    { host: port, container: inside }: PortBinding,
    container: string | undefined,
    publish: Publish,
  ): Promise<void> {
    if (this.#isClosed) return;
    const published = await publish(this.#today.get(port) ?? port, this.#voices[inside] ?? {});
    if (published.port === port) this.#today.delete(port);
    else this.#today.set(port, published.port);
    this.#held.set(port, { container, published });
    if (this.#isClosed) await this.#release([port]);
  }

  #stop(container: string | undefined): Promise<void> {
    const own = [...this.#held].filter(([, held]) => held.container === container);
    return this.#release(own.map(([port]) => port));
  }

  async #release(ports: readonly number[]): Promise<void> {
    const released = ports.map((port) => this.#held.get(port));
    for (const port of ports) this.#held.delete(port);
    await Promise.all(released.map((held) => held?.published.close()));
  }
}

/** A container that could not be removed runs on; one that could not be started does not run. */
function wasRefused({ entry }: Scene): boolean {
  return (entry.exchange().response?.status ?? 0) >= 400;
}
