/** The mode without a recording and without a daemon: a simulated one. */
import { randomUUID } from "node:crypto";
import type { FaultLiteral } from "../faults/fault.ts";
import type { FaultSet, FaultState } from "../faults/fault-set.ts";
import { parseFaultLiterals } from "../faults/read-faults.ts";
import { intercept, listUsualAddresses } from "../io/intercept/intercept.ts";
import { createSocketUrl, type Listener, type ListenOptions, listen } from "../io/listen/listen.ts";
import type { CallLog } from "../mock/daemon/calls/call-log.ts";
import type { AfterHook, BeforeHook } from "../mock/daemon/calls/hooks.ts";
import type { ImageLiteral, StateLiteral } from "../mock/daemon/fixtures/state-literal.ts";
import type { SimulatedContainers } from "../mock/daemon/handles/simulated-containers.ts";
import type { MockEvents, Simulation } from "../mock/daemon/simulation.ts";
import type { Engine } from "../mock/operations/engine.ts";
import { readImageTars } from "../mock/operations/images/read-image-tars.ts";
import type { Daemon } from "../session/connection.ts";
import { createControlResponder } from "../session/control.ts";
import { createDaemon } from "../session/daemon.ts";
import { createMockResponders, type SimulationOptions } from "./mock-responders.ts";

export interface MockOptions extends Omit<SimulationOptions, "images"> {
  /** Names, literals, and tars: these are there before the others. */
  readonly images?: readonly (string | ImageLiteral | ImageTar)[];
  /** `unix:///path` or `tcp://host:port`; default: a socket in a fresh private folder. */
  readonly listen?: string;
  readonly tls?: ListenOptions["tls"];
  /**
   * No socket: it answers what this process itself connects to, at a path of its own and wherever Docker's clients look,
   * or at these addresses.
   */
  readonly inProcess?: boolean | readonly string[];
}

/** An image that it has from the start: the tar of a root file system, or what `docker save` writes. */
export interface ImageTar {
  readonly name: string;
  readonly tar: Uint8Array;
}

/** Where clients come in. */
type ListenPoint = Pick<Listener, "url" | "connections" | "close">;

/**
 * Starts a simulated daemon.
 * @throws UsageError where the state or the faults are none, `WHALESONG_BAD_IMAGE` for an image that is no tar
 * @throws EnvironmentError where it cannot listen, as `listen` says
 */
export async function mockDocker(options: MockOptions = {}): Promise<MockDocker> {
  const { onFault = warn, images = [] } = options;
  const tars = await readImageTars(images.filter(isTar));
  const literals = images.filter((image) => !isTar(image));
  const {
    simulation,
    faultSet: sheet,
    commands,
    before,
    answers: answer,
  } = createMockResponders({ ...options, images: literals, onFault }, tars);
  const serves = createDaemon(createControlResponder(commands), ...before, answer);
  const listenPoint = await openListenPoint(serves, { ...options, onFault });
  return new MockDocker(simulation, sheet, listenPoint, serves);
}

function isTar(image: string | ImageLiteral | ImageTar): image is ImageTar {
  return typeof image !== "string" && "tar" in image;
}

async function openListenPoint(
  serves: Daemon,
  options: MockOptions & { readonly onFault: (error: unknown) => void },
): Promise<ListenPoint> {
  const { listen: url = createSocketUrl(), tls, inProcess = false, onFault: onError } = options;
  if (inProcess === false) return listen(url, serves, { onError, ...(tls === undefined ? {} : { tls }) });
  const path = `/whalesong/${randomUUID()}/docker.sock`;
  const at = [path, ...(inProcess === true ? listUsualAddresses() : inProcess)];
  return Object.assign(intercept(serves, { at, onError }), { url: `unix://${path}` });
}

/** A simulated daemon that accepts connections, as a test holds it. */
export class MockDocker {
  /** The containers: to look at, to wait for, to change behind the client's back. */
  readonly containers: SimulatedContainers;
  /** What was asked, and assertions on it. */
  readonly calls: CallLog;
  /** Holds a connection that never was a socket's: `connectionPair()` makes one. */
  readonly daemon: Daemon;
  readonly #simulation: Simulation;
  readonly #faultSet: FaultSet;
  readonly #listenPoint: ListenPoint;

  constructor(simulation: Simulation, sheet: FaultSet, door: ListenPoint, serves: Daemon) {
    this.containers = simulation.containers;
    this.calls = simulation.calls;
    this.daemon = serves;
    this.#simulation = simulation;
    this.#faultSet = sheet;
    this.#listenPoint = door;
  }

  /** What DOCKER_HOST is to be. */
  get url(): string {
    return this.#listenPoint.url;
  }

  /** Undefined where it does not listen on a unix socket. */
  get socketPath(): string | undefined {
    return this.url.startsWith("unix://") ? this.url.slice("unix://".length) : undefined;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#listenPoint.connections;
  }

  /** What it simulates, all of it; another one after a reset. */
  get engine(): Engine {
    return this.#simulation.engine;
  }

  /** The faults there are, and how often each struck. */
  get faults(): readonly FaultState[] {
    return this.#faultSet.state;
  }

  /** From now on; behind the faults there are. @throws UsageError `WHALESONG_BAD_FAULTS` */
  addFaults(...faults: readonly FaultLiteral[]): void {
    this.#faultSet.add(parseFaultLiterals(faults));
  }

  clearFaults(): void {
    this.#faultSet.replace([]);
  }

  /** More images, networks, volumes and containers. @throws UsageError `WHALESONG_BAD_STATE` */
  add(state: StateLiteral): void {
    this.#simulation.add(state);
  }

  /** Tells what happens, when it has happened. Returns what ends it. */
  on<K extends keyof MockEvents>(what: K, listener: (happening: MockEvents[K]) => void): () => void {
    return this.#simulation.on(what, listener);
  }

  /**
   * Acts before calls of an operation (`ContainerStart`), or of a method and path (`POST /containers/{id}/start`); may
   * answer instead of the daemon. Returns what ends it.
   * @throws UsageError `WHALESONG_NO_SUCH_CALL`
   */
  before(call: string, hook: BeforeHook): () => void {
    return this.#simulation.hooks.addBefore(call, hook);
  }

  /** Acts when such a call has been answered, before the next one on its connection. Returns what ends it. */
  after(call: string, hook: AfterHook): () => void {
    return this.#simulation.hooks.addAfter(call, hook);
  }

  /** As it was in the beginning, faults included: nothing was called. Hooks and listeners stay. */
  reset(): void {
    this.#simulation.reset();
  }

  /** Nothing is accepted any more, and nothing runs. */
  async stop(): Promise<void> {
    await Promise.all([this.#listenPoint.close(), this.#simulation.end()]);
  }
}

function warn(problem: unknown): void {
  process.emitWarning(problem instanceof Error ? problem : String(problem));
}
