/** An event of `/events`. */
export interface EngineEvent {
  readonly type: "container" | "image" | "network" | "volume" | "daemon" | "builder" | "node" | "secret" | "config";
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** A container's image. Events of containers and images carry it in the form of before API 1.22. */
  readonly from?: string;
  readonly time: bigint;
}
