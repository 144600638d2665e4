/** What happened, as `/events` tells it. */
export interface EngineEvent {
  readonly type: "container" | "image" | "network" | "volume" | "daemon" | "builder" | "node" | "secret" | "config";
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Containers and images were first, and kept the words that they had before types were told. */
  readonly from?: string;
  readonly time: bigint;
}
