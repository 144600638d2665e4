/** The responders of a simulated daemon: mock-docker.ts serves them, pipeline.ts puts them behind a replay. */
import { UsageError } from "../base/errors.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
import { faultCommands } from "../faults/fault-commands.ts";
import { injectFaults } from "../faults/fault-responder.ts";
import { FaultSet } from "../faults/fault-set.ts";
import { systemClock } from "../io/clock.ts";
import { readHostFiles } from "../io/disk/host-files.ts";
import { openPort } from "../io/listen/published-port.ts";
import { httpRegistryTransport } from "../io/upstream/http-registry-transport.ts";
import { describeUnknownCall, parseCallPattern } from "../match/rules/call-pattern.ts";
import { recordCalls } from "../mock/daemon/calls/record-calls.ts";
import { listResourceNames } from "../mock/daemon/calls/resource-names.ts";
import { mockCommands } from "../mock/daemon/control.ts";
import { createEngine, type EngineOptions, toRegistry } from "../mock/daemon/create-engine.ts";
import type { StateLiteral } from "../mock/daemon/fixtures/state-literal.ts";
import { mock, refuseInstead } from "../mock/daemon/mock.ts";
import { Simulation } from "../mock/daemon/simulation.ts";
import type { Image } from "../mock/model/image.ts";
import type { Engine } from "../mock/operations/engine.ts";
import { RemoteRegistry } from "../mock/registry/remote-registry.ts";
import { RoutedRegistry } from "../mock/registry/routed-registry.ts";
import type { Call, Responder } from "../session/call.ts";
import type { ControlCommands } from "../session/control.ts";
import { SIMULATION } from "./mock-kinds.ts";
import { OPTIONS_OBJECT } from "./mode-kinds.ts";
import { type FaultsInput, parseFaults } from "./parse-faults.ts";
import { readStateFile } from "./state-file.ts";

/** Real containers take about ten times as long to start. */
const STARTUP_MS = 10;

/** The state of a simulated daemon, and how it behaves. */
export interface SimulationOptions
  extends StateLiteral,
    Pick<
      EngineOptions,
      | "engine"
      | "seed"
      | "minApi"
      | "corsHeader"
      | "behaviours"
      | "registry"
      | "pages"
      | "onFault"
      | "onMissingFeature"
      | "startupMs"
    > {
  /**
   * The time at the start. From then on only events advance the clock, so that two runs of the same requests have the
   * same dates.
   * @default the machine's clock
   */
  readonly now?: Date;
  /**
   * Listens on 127.0.0.1 for the TCP ports that containers publish, while they run. Connections stay silent, unless a
   * behaviour answers them.
   * @default false
   */
  readonly answersPorts?: boolean;
  /**
   * Fills mounted folders with the files of this machine whenever a container starts. What containers write stays in
   * memory.
   * @default false: mounted folders are empty
   */
  readonly readsHostFiles?: boolean;
  /** Real registries on this machine, such as `127.0.0.1:5000`, which are used over plain HTTP. @default none */
  readonly realRegistries?: readonly string[];
  /** The path of a YAML file with images, networks, volumes, containers and faults. Other options add to it. @default none */
  readonly state?: string;
  /** What goes wrong: the path of a YAML file, or the faults themselves. @default nothing */
  readonly faults?: FaultsInput;
  /** The expected calls: operations, or methods and paths. Other calls are answered `501`. @default all */
  readonly only?: readonly string[];
}

export const simulationKind: OptionKind = recordOf<SimulationOptions>(SIMULATION, OPTIONS_OBJECT);

export interface MockResponders {
  readonly simulation: Simulation;
  readonly faultSet: FaultSet;
  readonly commands: ControlCommands;
  /** They observe or fail calls, and come before `answers`. */
  readonly before: readonly Responder[];
  /** Answers every call. */
  readonly answers: Responder;
}

/**
 * @param images images beside those of `options` and the built-in ones
 * @throws UsageError `WHALESONG_BAD_STATE`, `WHALESONG_BAD_FAULTS`, `WHALESONG_NO_SUCH_CALL`
 */
export function createMockResponders(options: SimulationOptions, images: readonly Image[] = []): MockResponders {
  const file = readStateFile(options.state);
  const faultSet = new FaultSet([...file.faults, ...parseFaults(options.faults)]);
  const simulation = new Simulation(() => createMockEngine(options, images), [file.state, selectStateLiteral(options)]);
  simulation.on("reset", () => faultSet.rewind());
  const watch = {
    calls: simulation.calls,
    hooks: simulation.hooks,
    engine: () => simulation.engine,
    isExpected: createCallFilter(options.only),
    onResponse: (call: Parameters<typeof simulation.emit<"call">>[1]) => simulation.emit("call", call),
  };
  const injectMockFaults = injectFaults(faultSet, {
    clock: systemClock,
    random: () => simulation.engine.random.drawFraction("fault"),
    refuse: (call, status, message) => refuseInstead(call, status, message, simulation.engine),
    namesOf: (call) => listResourceNames(call, simulation.engine),
  });
  return {
    simulation,
    faultSet: faultSet,
    commands: new Map([...mockCommands(simulation), ...faultCommands(faultSet)]),
    before: [recordCalls(watch), injectMockFaults],
    answers: (call) => mock(simulation.engine)(call),
  };
}

function createMockEngine(options: SimulationOptions, images: readonly Image[]): Engine {
  const { engine, seed, minApi, corsHeader, behaviours, registry, pages, onFault, onMissingFeature, now } = options;
  const { answersPorts = false, readsHostFiles = false, realRegistries = [], startupMs = STARTUP_MS } = options;
  return createEngine({
    startupMs,
    images,
    clock: systemClock,
    startMs: (now ?? new Date()).getTime(),
    isTicking: now !== undefined,
    ...(engine === undefined ? {} : { engine }),
    ...(seed === undefined ? {} : { seed }),
    ...(minApi === undefined ? {} : { minApi }),
    ...(corsHeader === undefined ? {} : { corsHeader }),
    ...(behaviours === undefined ? {} : { behaviours }),
    registry: new RoutedRegistry(realRegistries, new RemoteRegistry(httpRegistryTransport), toRegistry(registry)),
    ...(pages === undefined ? {} : { pages }),
    ...(answersPorts ? { opensPorts: openPort } : {}),
    ...(readsHostFiles ? { hostFiles: (path: string) => readHostFiles(path) } : {}),
    ...(onFault === undefined ? {} : { onFault }),
    ...(onMissingFeature === undefined ? {} : { onMissingFeature }),
  });
}

function selectStateLiteral({
  images = [],
  networks = [],
  volumes = [],
  containers = [],
}: SimulationOptions): StateLiteral {
  return { images, networks, volumes, containers };
}

/** @throws UsageError `WHALESONG_NO_SUCH_CALL` */
function createCallFilter(only: readonly string[] | undefined): (call: Call) => boolean {
  if (only === undefined) return () => true;
  const patterns = only.map((text) => {
    const pattern = parseCallPattern(text);
    if (pattern === undefined) throw new UsageError("WHALESONG_NO_SUCH_CALL", describeUnknownCall(text));
    return pattern;
  });
  return ({ head: { method }, operation }) => patterns.some((pattern) => pattern.fits(method, operation));
}
