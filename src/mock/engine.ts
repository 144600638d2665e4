/** One simulated daemon: what it knows, what time it is there, and what it tells of itself. */
import type { Clock } from "../base/clock.ts";
import type { Behaviour } from "./behaviours/behaviour.ts";
import { Behaviours } from "./behaviours/behaviours.ts";
import { imageFor } from "./behaviours/image.ts";
import { builtinImages } from "./images/builtin.ts";
import { builtinPrograms } from "./images/programs.ts";
import type { HostFiles } from "./lifecycle/host-files.ts";
import type { Machine } from "./lifecycle/machine.ts";
import type { OpensPorts } from "./lifecycle/open-port.ts";
import type { Credentials, Registry } from "./registry/registry.ts";
import { type RegistryScript, ScriptedRegistry } from "./registry/scripted.ts";
import type { Pages } from "./registry/web.ts";
import { Seed } from "./seed/seed.ts";
import { Addresses } from "./state/addresses.ts";
import { type Container, isComingBack } from "./state/container.ts";
import { Containers } from "./state/containers.ts";
import type { EngineEvent } from "./state/event.ts";
import { Events } from "./state/events.ts";
import type { Exec } from "./state/exec.ts";
import type { Image } from "./state/image.ts";
import { Images } from "./state/images.ts";
import { builtinNetworks } from "./state/network.ts";
import { Networks } from "./state/networks.ts";
import { Shelf } from "./state/shelf.ts";
import type { Swarm } from "./state/swarm.ts";
import type { Volume } from "./state/volume.ts";
import { TickingTime } from "./time/ticking-time.ts";
import { flowingTime, type Time } from "./time/time.ts";
import type { Cell } from "./world/files/disk.ts";
import type { Program, Programs } from "./world/process/process.ts";

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

/** The first number of a process on the simulated host is above this. */
const FIRST_PID = 2000;
/** Below the kernel's last (/proc/sys/kernel/pid_max). */
const LAST_PID = 4_194_000;
const PIDS = 100;

export class Engine {
  readonly time: Time;
  readonly seed: Seed;
  readonly minApi: string;
  readonly #startupMs: number;
  readonly corsHeader: string | undefined;
  readonly opensPorts: OpensPorts | undefined;
  readonly hostFiles: HostFiles | undefined;
  readonly behaviours: Behaviours = new Behaviours();
  readonly onFault: (error: unknown) => void;
  readonly events: Events = new Events();
  readonly containers: Containers = new Containers();
  readonly images: Images = new Images();
  readonly addresses: Addresses = new Addresses();
  readonly networks: Networks = new Networks();
  readonly volumes: Shelf<Volume> = new Shelf(({ name }) => name);
  readonly execs: Shelf<Exec> = new Shelf(({ id }) => id);
  /** By the container's id. */
  readonly machines: Map<string, Machine> = new Map();
  /** Folders of the simulated host that containers have mounted, by path. */
  readonly hostFolders: Map<string, Cell> = new Map();
  readonly programs: Programs;
  readonly registry: Registry;
  readonly pages: Pages;
  /** The swarm that it is the manager of. */
  swarm: Swarm | undefined = undefined;
  /** Who has logged in; since 1.2 clients keep that to themselves. */
  account: (Credentials & { readonly email: string }) | undefined = undefined;
  /** The daemon's own id, in the form of those of libtrust. */
  readonly daemonId: string;
  #runs = 0;
  #comebacks = 0;
  #hostPorts = { forwards: 0, backwards: 0 };

  constructor(options: EngineOptions) {
    const {
      clock,
      startMs,
      isTicking = false,
      seed = "whalesong",
      minApi = "1.0",
      onFault = () => undefined,
    } = options;
    this.time = isTicking ? new TickingTime(clock, startMs) : flowingTime(clock, startMs);
    this.seed = new Seed(seed);
    this.minApi = minApi;
    this.#startupMs = options.startupMs ?? 0;
    this.corsHeader = options.corsHeader;
    this.opensPorts = options.opensPorts;
    this.hostFiles = options.hostFiles;
    this.onFault = onFault;
    this.daemonId = libtrustId(this.seed.id("daemon"));
    this.programs = builtinPrograms();
    for (const network of builtinNetworks(() => this.seed.id("network"), this.time.now())) this.networks.put(network);
    for (const image of [...builtinImages(), ...(options.images ?? [])]) this.images.put(image);
    this.registry = registryOf(options.registry);
    this.pages = options.pages ?? {};
    this.behave(options.behaviours ?? []);
  }

  /** What images, containers and commands do from now on, behind what is told of them already. */
  behave(behaviours: readonly Behaviour[]): void {
    this.behaviours.add(behaviours);
    for (const behaviour of behaviours) this.#putImageOf(behaviour);
  }

  #putImageOf(behaviour: Behaviour): void {
    const image = imageFor(behaviour, this.images.find("busybox"));
    const isThere = image?.tags.some((tag) => this.images.lookUp(tag) !== undefined) ?? true;
    if (image !== undefined && !isThere) this.images.put(image);
  }

  tell(
    type: EngineEvent["type"],
    action: string,
    id: string,
    attributes: EngineEvent["attributes"],
    from?: string,
  ): void {
    const time = this.time.stamp();
    this.events.tell({ type, action, id, attributes, time, ...(from === undefined ? {} : { from }) });
  }

  /** What happened to a container: its labels, image and name are told with it (moby daemon/events.go). */
  tellOf(container: Container, action: string, more: EngineEvent["attributes"] = {}): void {
    const { id, name, config } = container;
    const image = config.Image === "" ? {} : { image: config.Image };
    this.tell("container", action, id, { ...config.Labels, ...image, name, ...more }, config.Image);
  }

  /** The program, between the moments that a process takes to begin and to end. */
  beginning(program: Program): Program {
    if (this.#startupMs === 0) return program;
    return async (self) => {
      await self.moment(this.#startupMs);
      const status = await program(self);
      await self.moment(this.#startupMs);
      return status;
    };
  }

  /** What happened to an image: by its id or name, with its labels (moby daemon/images/image_events.go). */
  tellOfImage(id: string, action: string, name: string = id): void {
    const labels = this.images.lookUp(id)?.config.Labels ?? {};
    this.tell("image", action, id, { ...labels, name });
  }

  /** Numbers of the host's for a container's processes; from the other end for one that comes back by itself. */
  nextPids(container: Container): number {
    if (!isComingBack(container)) return FIRST_PID + PIDS * ++this.#runs;
    return LAST_PID - PIDS * ++this.#comebacks;
  }

  /** How many ports of the host were handed out so far in a direction. */
  nextHostPort(direction: "forwards" | "backwards"): number {
    return this.#hostPorts[direction]++;
  }

  machineOf({ id }: { readonly id: string }): Machine {
    return this.machines.get(id) as Machine;
  }
}

/** What is given as data becomes a registry. */
export function registryOf(given: RegistryScript | Registry = {}): Registry {
  return "find" in given ? given : new ScriptedRegistry(given);
}

/** Twelve groups of four: `2FI5:QLGO:...`. */
function libtrustId(hex: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const text = [...Buffer.from(hex + hex, "hex")].slice(0, 48).map((byte) => letters[byte % 32]);
  return (text.join("").match(/.{4}/g) ?? []).join(":");
}
