/** A swarm of one node: this daemon is its only manager. */
import { Store } from "./store.ts";

/** A record of a swarm: the swarm itself, its node, a secret or a config (moby api/types/swarm). */
export interface SwarmRecord {
  /** 25 letters and digits. */
  readonly id: string;
  /** An update must name this version. */
  readonly version: number;
  readonly created: bigint;
  readonly updated: bigint;
  /** As the client sent it. */
  readonly spec: SwarmSpec;
}

// biome-ignore lint/suspicious/noExplicitAny: specs are JSON, whose members differ by kind and by version
export type SwarmSpec = Readonly<Record<string, any>>;

export interface JoinTokens {
  readonly Worker: string;
  readonly Manager: string;
}

export class Swarm {
  cluster: SwarmRecord;
  node: SwarmRecord;
  tokens: JoinTokens;
  /** `127.0.0.1:2377` */
  readonly address: string;
  readonly secrets: Store<SwarmRecord> = new Store(({ id }) => id);
  readonly configs: Store<SwarmRecord> = new Store(({ id }) => id);
  #version: number;

  /** @param begin its `version` is the highest of all records */
  constructor(begin: Pick<Swarm, "cluster" | "node" | "tokens" | "address"> & { readonly version: number }) {
    this.cluster = begin.cluster;
    this.node = begin.node;
    this.tokens = begin.tokens;
    this.address = begin.address;
    this.#version = begin.version;
  }

  /** The next version. All records share one sequence. */
  advanceVersion(): number {
    this.#version += 1;
    return this.#version;
  }
}
