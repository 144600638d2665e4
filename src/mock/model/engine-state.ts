/** What one simulated daemon remembers: the records of its API, its clock and its source of made-up values. */
import type { SeededRandom } from "../../base/random.ts";
import type { Time } from "../../userland/time/time.ts";
import type { Addresses } from "./addresses.ts";
import type { Containers } from "./containers.ts";
import type { Credentials } from "./credentials.ts";
import type { Events } from "./events.ts";
import type { Exec } from "./exec.ts";
import type { Images } from "./images.ts";
import type { Networks } from "./networks.ts";
import type { Shelf } from "./shelf.ts";
import type { Swarm } from "./swarm.ts";
import type { Volume } from "./volume.ts";

/** An account that a client of API 1.1 or older has left with the daemon; newer clients keep it to themselves. */
export type Account = Credentials & { readonly email: string };

export interface EngineState {
  readonly time: Time;
  readonly random: SeededRandom;
  /** Requests of older API versions are refused. */
  readonly minApi: string;
  /** The value of `Access-Control-Allow-Origin`; without it no such header is sent. */
  readonly corsHeader: string | undefined;
  /** The daemon's own id, in libtrust's form. */
  readonly daemonId: string;
  readonly events: Events;
  readonly containers: Containers;
  readonly images: Images;
  readonly addresses: Addresses;
  readonly networks: Networks;
  readonly volumes: Shelf<Volume>;
  readonly execs: Shelf<Exec>;
  /** The swarm that this daemon manages. */
  swarm: Swarm | undefined;
  account: Account | undefined;
}
