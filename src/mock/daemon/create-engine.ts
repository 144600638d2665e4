/** Creates a simulated daemon with the built-in networks, images and programs, and with what the options add. */

import type { Clock } from "../../base/clock.ts";
import { UsageError } from "../../base/errors.ts";
import { checkOptions } from "../../base/options/check-options.ts";
import { type OptionKind, recordOf } from "../../base/options/option-kind.ts";
import { SeededRandom } from "../../base/random.ts";
import { TextMemory } from "../../base/text-memory.ts";
import type { MissingFeature } from "../../userland/process/missing-feature.ts";
import { createFlowingTime } from "../../userland/time/time.ts";
import { VirtualClock } from "../../userland/time/virtual-clock.ts";
import { createBuiltinImages } from "../images/builtin-images.ts";
import { createBuiltinPrograms } from "../images/programs.ts";
import { AddressAllocator } from "../model/address-allocator.ts";
import { ApiVersion } from "../model/api-version.ts";
import { ContainerStore } from "../model/container-store.ts";
import { DEFAULT_ENGINE, ENGINE_RELEASES, type EngineName } from "../model/engine-release.ts";
import { EventBus } from "../model/event-bus.ts";
import type { Image } from "../model/image.ts";
import { ImageStore } from "../model/image-store.ts";
import { createBuiltinNetworks } from "../model/network.ts";
import { NetworkStore } from "../model/network-store.ts";
import { Store } from "../model/store.ts";
import type { Engine } from "../operations/engine.ts";
import type { ImageRegistry } from "../registry/image-registry.ts";
import { type RegistryScript, ScriptedRegistry } from "../registry/scripted-registry.ts";
import type { Behaviour } from "../runtime/behaviours/behaviour.ts";
import { createBehaviourImage } from "../runtime/behaviours/behaviour-image.ts";
import { BehaviourSet } from "../runtime/behaviours/behaviour-set.ts";
import type { HostFiles } from "../runtime/host-files.ts";
import type { PortOpener } from "../runtime/open-port.ts";
import type { WebPages } from "../runtime/web-pages.ts";
import { ENGINE } from "./engine-kinds.ts";

/** Options of `createEngine`. */
export interface EngineOptions {
  /** Measures the waits of the simulation. */
  readonly clock: Clock;
  /** The daemon's time when it starts, in milliseconds since 1970. */
  readonly startMs: number;
  /** Uses a virtual clock, which advances only with what happens, so that two runs have the same times. @default false */
  readonly isTicking?: boolean;
  /** Ids, names and numbers are derived from it. @default "whalesong" */
  readonly seed?: string;
  /** The release of Docker Engine that the daemon resembles. @default "28" */
  readonly engine?: EngineName;
  /** The daemon refuses older API versions; at most the newest one of `engine`. @default "1.0" */
  readonly minApi?: string;
  /** The value of `Access-Control-Allow-Origin`. Without it there are no CORS headers. */
  readonly corsHeader?: string;
  /**
   * How long a process takes to begin, and its end to be reported, in milliseconds. A client that attaches to what it
   * has just started needs that time: docker-py loses output that comes together with the head. A client that waits for
   * the exit on one connection needs it to read the last output on another. @default 0
   */
  readonly startupMs?: number;
  /** Images that the daemon has besides the built-in ones. @default none */
  readonly images?: readonly Image[];
  /** The images that a client can pull, and where pushes go. @default the built-in catalog */
  readonly registry?: RegistryScript | ImageRegistry;
  /** The web pages that ADD, `remote`, imports and `wget` find. @default none */
  readonly pages?: WebPages;
  /** What images, containers and commands do instead of running their programs. The first match wins. @default none */
  readonly behaviours?: readonly Behaviour[];
  /** Listens on ports of this machine that containers publish. Without it, none is open. */
  readonly opensPorts?: PortOpener;
  /** Reads the machine's folders that containers mount. Without it they are simulated and empty. */
  readonly hostFiles?: HostFiles;
  /** Called with unexpected exceptions of the simulator. @default ignored; for `mockDocker` a process warning */
  readonly onFault?: (error: unknown) => void;
  /** Called where a container of `image` is to run what is not simulated. @default ignored */
  readonly onMissingFeature?: (feature: MissingFeature, image: string) => void;
}

const engineKind: OptionKind = recordOf<EngineOptions>(ENGINE, "an object of options", ["clock", "startMs"]);

/**
 * Creates a daemon without containers.
 * @example
 * const engine = createEngine({ clock: systemClock, startMs: Date.now() });
 * const listener = await listen(createSocketUrl(), createDaemon(mock(engine)));
 * await new Docker({ socketPath: listener.url.slice("unix://".length) }).listContainers();
 * await listener.close();
 */
export function createEngine(options: EngineOptions): Engine {
  checkOptions("createEngine", options, engineKind);
  const {
    clock,
    startMs,
    isTicking = false,
    seed = "whalesong",
    onFault = () => undefined,
    onMissingFeature = () => undefined,
  } = options;
  const random = new SeededRandom(seed);
  const engine: Engine = {
    time: isTicking ? new VirtualClock(clock, startMs) : createFlowingTime(clock, startMs),
    random,
    release: ENGINE_RELEASES[options.engine ?? DEFAULT_ENGINE],
    minApi: readMinApi(options),
    corsHeader: options.corsHeader,
    daemonId: toLibtrustId(random.drawId("daemon")),
    listMemory: new TextMemory(),
    ...createStores(),
    runtimes: new Map(),
    hostFolders: new Map(),
    programs: createBuiltinPrograms(),
    behaviours: new BehaviourSet(),
    pages: options.pages ?? {},
    openPort: options.opensPorts,
    hostFiles: options.hostFiles,
    startupMs: options.startupMs ?? 0,
    pidBlocks: { low: 0, high: 0 },
    hostPorts: { low: 0, high: 0 },
    onFault,
    onMissingFeature,
    registry: toRegistry(options.registry),
  };
  for (const network of createBuiltinNetworks(() => random.drawId("network"), engine.time.now()))
    engine.networks.put(network);
  for (const image of [...createBuiltinImages(), ...(options.images ?? [])]) engine.images.put(image);
  addBehaviours(engine, options.behaviours ?? []);
  return engine;
}

/** @throws UsageError `WHALESONG_BAD_API_VERSION` for what is no version, or is newer than the daemon's newest one */
function readMinApi({ minApi = "1.0", engine = DEFAULT_ENGINE }: EngineOptions): string {
  const { maxApi } = ENGINE_RELEASES[engine];
  if (/^\d+\.\d+$/.test(minApi) && !new ApiVersion(maxApi).isBefore(minApi)) return minApi;
  const problem = `the oldest API version must be one like 1.24, up to ${maxApi} of Engine ${engine}; found ${minApi}`;
  throw new UsageError("WHALESONG_BAD_API_VERSION", problem);
}

type EngineStores = Pick<
  Engine,
  "events" | "containers" | "images" | "addresses" | "networks" | "volumes" | "execs" | "swarm" | "account"
>;

function createStores(): EngineStores {
  return {
    events: new EventBus(),
    containers: new ContainerStore(),
    images: new ImageStore(),
    addresses: new AddressAllocator(),
    networks: new NetworkStore(),
    volumes: new Store(({ name }) => name),
    execs: new Store(({ id }) => id),
    swarm: undefined,
    account: undefined,
  };
}

/** Appends behaviours; earlier ones win. An image that a behaviour names and the daemon lacks is made from busybox. */
export function addBehaviours({ behaviours, images }: Engine, more: readonly Behaviour[]): void {
  behaviours.add(more);
  for (const behaviour of more) {
    const image = createBehaviourImage(behaviour, images.find("busybox"));
    const isThere = image?.tags.some((tag) => images.lookUp(tag) !== undefined) ?? true;
    if (image !== undefined && !isThere) images.put(image);
  }
}

/** Makes a registry of a script. Without a script it serves the built-in catalog. */
export function toRegistry(source: RegistryScript | ImageRegistry = {}): ImageRegistry {
  return "find" in source ? source : new ScriptedRegistry(source);
}

/** Twelve groups of four characters, like the ids of libtrust keys: `2FI5:QLGO:...`. */
function toLibtrustId(hex: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const text = [...Buffer.from(hex + hex, "hex")].slice(0, 48).map((byte) => letters[byte % 32]);
  return (text.join("").match(/.{4}/g) ?? []).join(":");
}
