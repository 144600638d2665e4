/** The mock mode: a simulated daemon, without a recording and without Docker. */
import { randomUUID } from "node:crypto";
import { checkOptions } from "../base/options/check-options.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
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
import { MOCK } from "./mock-kinds.ts";
import { createMockResponders, type SimulationOptions } from "./mock-responders.ts";
import { OPTIONS_OBJECT } from "./mode-kinds.ts";

/** Options of `mockDocker`. */
export interface MockOptions extends Omit<SimulationOptions, "images"> {
  /** Names, literals and tars; tars are added before the others. @default none beside the built-in ones */
  readonly images?: readonly (string | ImageLiteral | ImageTar)[];
  /** `unix:///path` or `tcp://host:port`. @default a unix socket in a new private folder */
  readonly listen?: string;
  /** Serves TLS at a `tcp://` address. @default none */
  readonly tls?: ListenOptions["tls"];
  /**
   * Without a socket: it answers connections of this process, at a path of its own and at the addresses where Docker's
   * clients look, or at these addresses.
   * @default false
   */
  readonly inProcess?: boolean | readonly string[];
  /**
   * Called by `stop()` if there are `unusedFaults`. What it throws is what `stop()` throws, so that the test fails.
   * @default a process warning for each
   */
  readonly onUnusedFaults?: (faults: readonly string[]) => void;
}

/** An image that the daemon has from the start: the tar of a root file system, or an archive of `docker save`. */
export interface ImageTar {
  /** Its reference: `app:1`. */
  readonly name: string;
  /** The bytes of the tar. */
  readonly tar: Uint8Array;
}

/** Where clients connect. */
type ListenPoint = Pick<Listener, "url" | "connections" | "close">;

const mockKind: OptionKind = recordOf<MockOptions>(MOCK, OPTIONS_OBJECT);

/**
 * Starts a simulated daemon.
 * @throws UsageError `WHALESONG_BAD_OPTION`, `WHALESONG_BAD_BEHAVIOURS`, `WHALESONG_BAD_STATE`, `WHALESONG_BAD_FAULTS`, `WHALESONG_BAD_IMAGE`
 * @throws EnvironmentError if the address cannot be listened on
 * @example
 * const docker = await mockDocker({ containers: [{ name: "web", image: "nginx" }] });
 * const [web] = await new Docker({ socketPath: docker.socketPath }).listContainers();
 * docker.calls.expect("ContainerList", { times: 1 });
 * await docker.stop();
 */
export async function mockDocker(options: MockOptions = {}): Promise<MockDocker> {
  checkOptions("mockDocker", options, mockKind);
  const { onFault = warn, onUnusedFaults = warnOfUnusedFaults, images = [] } = options;
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
  return new MockDocker(simulation, sheet, listenPoint, serves, onUnusedFaults);
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

/** A running simulated daemon, in the hands of a test. */
export class MockDocker {
  /** The containers: inspect them, wait for them, change them without a client's request. */
  readonly containers: SimulatedContainers;
  /** The calls up to now, and assertions on them. */
  readonly calls: CallLog;
  /** Serves a connection without a socket, such as one end of `connectionPair()`. */
  readonly daemon: Daemon;
  /** Tells a recording of it that it is no real daemon. */
  readonly isSimulated = true;
  readonly #simulation: Simulation;
  readonly #faultSet: FaultSet;
  readonly #listenPoint: ListenPoint;
  readonly #onUnusedFaults: (faults: readonly string[]) => void;
  #stopping: Promise<void> | undefined;

  constructor(
    simulation: Simulation,
    sheet: FaultSet,
    door: ListenPoint,
    serves: Daemon,
    onUnusedFaults: (faults: readonly string[]) => void,
  ) {
    this.containers = simulation.containers;
    this.calls = simulation.calls;
    this.daemon = serves;
    this.#simulation = simulation;
    this.#faultSet = sheet;
    this.#listenPoint = door;
    this.#onUnusedFaults = onUnusedFaults;
  }

  /** The value for DOCKER_HOST. */
  get url(): string {
    return this.#listenPoint.url;
  }

  /** Undefined if the daemon does not listen on a unix socket. */
  get socketPath(): string | undefined {
    return this.url.startsWith("unix://") ? this.url.slice("unix://".length) : undefined;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#listenPoint.connections;
  }

  /** The whole simulated state; `reset` replaces it. */
  get engine(): Engine {
    return this.#simulation.engine;
  }

  /** The faults, and how often each was applied. */
  get faults(): readonly FaultState[] {
    return this.#faultSet.state;
  }

  /**
   * The faults for which no request has come up to now, also removed ones, each with its reason:
   * `faults.yaml:4  no request matched ...`.
   */
  get unusedFaults(): readonly string[] {
    return this.#faultSet.unused;
  }

  /** Adds faults after the present ones. @throws UsageError `WHALESONG_BAD_FAULTS` */
  addFaults(...faults: readonly FaultLiteral[]): void {
    this.#faultSet.add(parseFaultLiterals(faults));
  }

  clearFaults(): void {
    this.#faultSet.clear();
  }

  /** Adds images, networks, volumes and containers. @throws UsageError `WHALESONG_BAD_STATE` */
  add(state: StateLiteral): void {
    this.#simulation.add(state);
  }

  /** Calls `listener` after each event. Returns the function that removes it. */
  on<K extends keyof MockEvents>(what: K, listener: (happening: MockEvents[K]) => void): () => void {
    return this.#simulation.on(what, listener);
  }

  /**
   * Runs `hook` before calls of an operation (`ContainerStart`), or of a method and path
   * (`POST /containers/{id}/start`). The hook may answer instead of the daemon. Returns the function that removes it.
   * @throws UsageError `WHALESONG_NO_SUCH_CALL`
   */
  before(call: string, hook: BeforeHook): () => void {
    return this.#simulation.hooks.addBefore(call, hook);
  }

  /** Runs `hook` after the answer to such a call, before the next call on its connection. Returns what removes it. */
  after(call: string, hook: AfterHook): () => void {
    return this.#simulation.hooks.addAfter(call, hook);
  }

  /** Restores the initial state, faults included, and forgets all calls. Hooks and listeners stay. */
  reset(): void {
    this.#simulation.reset();
  }

  /** Closes the listener and stops all containers. Later calls return the same. @throws what `onUnusedFaults` throws */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await Promise.all([this.#listenPoint.close(), this.#simulation.end()]);
    const { unusedFaults } = this;
    if (unusedFaults.length > 0) this.#onUnusedFaults(unusedFaults);
  }
}

function warnOfUnusedFaults(faults: readonly string[]): void {
  for (const fault of faults) warn(`unused fault: ${fault}`);
}

function warn(problem: unknown): void {
  process.emitWarning(problem instanceof Error ? problem : String(problem));
}
