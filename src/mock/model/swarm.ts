/** A swarm of one: this daemon is its only node, and its manager. */
import { Shelf } from "./shelf.ts";

/** What a swarm remembers of a thing: the swarm itself, its node, a secret, a config (moby api/types/swarm). */
export interface SwarmRecord {
  /** 25 letters and digits. */
  readonly id: string;
  /** Whoever changes it must have seen this one. */
  readonly version: number;
  readonly created: bigint;
  readonly updated: bigint;
  /** As a client gave it. */
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
  /** Where it is reached: `127.0.0.1:2377`. */
  readonly address: string;
  readonly secrets: Shelf<SwarmRecord> = new Shelf(({ id }) => id);
  readonly configs: Shelf<SwarmRecord> = new Shelf(({ id }) => id);
  #version: number;

  /** `version` is the highest one that anything in it has. */
  constructor(begin: Pick<Swarm, "cluster" | "node" | "tokens" | "address"> & { readonly version: number }) {
    this.cluster = begin.cluster;
    this.node = begin.node;
    this.tokens = begin.tokens;
    this.address = begin.address;
    this.#version = begin.version;
  }

  /** Versions are counted for all things together. */
  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }
}
