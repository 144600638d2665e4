/** The state of one simulated daemon: the records of its API, its clock, and its source of ids. */
import type { SeededRandom } from "../../base/random.ts";
import type { TextMemory } from "../../base/text-memory.ts";
import type { SimulatedTime } from "../../userland/time/time.ts";
import type { AddressAllocator } from "./address-allocator.ts";
import type { ContainerStore } from "./container-store.ts";
import type { Credentials } from "./credentials.ts";
import type { EngineRelease } from "./engine-release.ts";
import type { EventBus } from "./event-bus.ts";
import type { Exec } from "./exec.ts";
import type { ImageStore } from "./image-store.ts";
import type { NetworkStore } from "./network-store.ts";
import type { Store } from "./store.ts";
import type { Swarm } from "./swarm.ts";
import type { Volume } from "./volume.ts";

/** The account of a client of API 1.1 or older, which the daemon keeps. Newer clients keep it themselves. */
export type Account = Credentials & { readonly email: string };

export interface EngineState {
  readonly time: SimulatedTime;
  readonly random: SeededRandom;
  /** The release of Docker Engine that the daemon resembles. */
  readonly release: EngineRelease;
  /** Requests of older API versions are refused. */
  readonly minApi: string;
  /** The value of `Access-Control-Allow-Origin`; without it no such header is sent. */
  readonly corsHeader: string | undefined;
  /** The daemon's own id, in libtrust's form. */
  readonly daemonId: string;
  /** For the lists that the daemon answers with. */
  readonly listMemory: TextMemory;
  readonly events: EventBus;
  readonly containers: ContainerStore;
  readonly images: ImageStore;
  readonly addresses: AddressAllocator;
  readonly networks: NetworkStore;
  readonly volumes: Store<Volume>;
  readonly execs: Store<Exec>;
  /** The swarm that this daemon manages. */
  swarm: Swarm | undefined;
  account: Account | undefined;
}
