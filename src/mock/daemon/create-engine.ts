/** Makes a simulated daemon: built-in networks, images and programs, and what the options add. */
import type { Clock } from "../../base/clock.ts";
import { SeededRandom } from "../../base/random.ts";
import { flowingTime } from "../../userland/time/time.ts";
import { TickingTime } from "../../userland/time/virtual-clock.ts";
import { builtinImages } from "../images/builtin.ts";
import { builtinPrograms } from "../images/programs.ts";
import { Addresses } from "../model/addresses.ts";
import { Containers } from "../model/containers.ts";
import { Events } from "../model/events.ts";
import type { Image } from "../model/image.ts";
import { Images } from "../model/images.ts";
import { builtinNetworks } from "../model/network.ts";
import { Networks } from "../model/networks.ts";
import { Shelf } from "../model/shelf.ts";
import type { Engine } from "../operations/engine.ts";
import type { Registry } from "../registry/registry.ts";
import { type RegistryScript, ScriptedRegistry } from "../registry/scripted.ts";
import type { Behaviour } from "../runtime/behaviours/behaviour.ts";
import { Behaviours } from "../runtime/behaviours/behaviours.ts";
import { imageFor } from "../runtime/behaviours/image.ts";
import type { HostFiles } from "../runtime/host-files.ts";
import type { OpensPorts } from "../runtime/open-port.ts";
import type { Pages } from "../runtime/web-pages.ts";

export interface EngineOptions {
  readonly clock: Clock;
  /** The time of day when it starts, in milliseconds since 1970. */
  readonly startMs: number;
  /** Time stands still but for what happens: two runs are dated the same. */
  readonly isTicking?: boolean;
  /** What ids, names and numbers are made up from. */
  readonly seed?: string;
  /** Older versions of the API are refused. Default: none is. */
  readonly minApi?: string;
  /** What `Access-Control-Allow-Origin` says; no such headers without it. */
  readonly corsHeader?: string;
  /**
   * How long a process takes to begin, and how long until its end is told, in milliseconds. A client that attaches to
   * what it has just started needs a moment: docker-py loses what comes together with the head. And who waits for the
   * end on one connection is to have heard the last words on another. Default: no time.
   */
  readonly startupMs?: number;
  /** Images that it has from the start, besides the built-in ones. */
  readonly images?: readonly Image[];
  /** What can be pulled and pushed; default: the built-in catalog. */
  readonly registry?: RegistryScript | Registry;
  /** What it finds on the web: for ADD, `remote` and imports. Default: nothing is reached. */
  readonly pages?: Pages;
  /** What images, containers and commands do, where it is not left to the world. The first that fits counts. */
  readonly behaviours?: readonly Behaviour[];
  /** Has ports of this machine answered that containers publish; without it none is. */
  readonly opensPorts?: OpensPorts;
  /** What the machine has in folders that containers mount. Without it they are the simulated host's, and empty. */
  readonly hostFiles?: HostFiles;
  /** Told of what goes wrong inside the simulation itself. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * A daemon without a past.
 *
 * @example
 * const engine = createEngine({ clock, startMs: Date.now() });
 */
export function createEngine(options: EngineOptions): Engine {
  const { clock, startMs, isTicking = false, seed = "whalesong", onFault = () => undefined } = options;
  const random = new SeededRandom(seed);
  const engine: Engine = {
    time: isTicking ? new TickingTime(clock, startMs) : flowingTime(clock, startMs),
    random,
    minApi: options.minApi ?? "1.0",
    corsHeader: options.corsHeader,
    daemonId: toLibtrustId(random.id("daemon")),
    ...createStores(),
    machines: new Map(),
    hostFolders: new Map(),
    programs: builtinPrograms(),
    behaviours: new Behaviours(),
    pages: options.pages ?? {},
    opensPorts: options.opensPorts,
    hostFiles: options.hostFiles,
    startupMs: options.startupMs ?? 0,
    pidBlocks: { low: 0, high: 0 },
    hostPorts: { low: 0, high: 0 },
    onFault,
    registry: toRegistry(options.registry),
  };
  for (const network of builtinNetworks(() => random.id("network"), engine.time.now())) engine.networks.put(network);
  for (const image of [...builtinImages(), ...(options.images ?? [])]) engine.images.put(image);
  addBehaviours(engine, options.behaviours ?? []);
  return engine;
}

type EngineStores = Pick<
  Engine,
  "events" | "containers" | "images" | "addresses" | "networks" | "volumes" | "execs" | "swarm" | "account"
>;

function createStores(): EngineStores {
  return {
    events: new Events(),
    containers: new Containers(),
    images: new Images(),
    addresses: new Addresses(),
    networks: new Networks(),
    volumes: new Shelf(({ name }) => name),
    execs: new Shelf(({ id }) => id),
    swarm: undefined,
    account: undefined,
  };
}

/** Appends behaviours; earlier ones win. An image that a behaviour names and the daemon lacks is made from busybox. */
export function addBehaviours({ behaviours, images }: Engine, more: readonly Behaviour[]): void {
  behaviours.add(more);
  for (const behaviour of more) {
    const image = imageFor(behaviour, images.find("busybox"));
    const isThere = image?.tags.some((tag) => images.lookUp(tag) !== undefined) ?? true;
    if (image !== undefined && !isThere) images.put(image);
  }
}

/** A registry's script becomes a registry; default: the built-in catalog. */
export function toRegistry(source: RegistryScript | Registry = {}): Registry {
  return "find" in source ? source : new ScriptedRegistry(source);
}

/** Twelve groups of four: `2FI5:QLGO:...`. */
function toLibtrustId(hex: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const text = [...Buffer.from(hex + hex, "hex")].slice(0, 48).map((byte) => letters[byte % 32]);
  return (text.join("").match(/.{4}/g) ?? []).join(":");
}
