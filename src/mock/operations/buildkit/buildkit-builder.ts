/** The state of a daemon's BuildKit: the sessions of its clients, its cache, and the sandbox that its RUN steps live in. */
import { SessionPool } from "../../../session/grpc/session-pool.ts";
import type { RootRef } from "../../../userland/files/disk.ts";
import { AddressAllocator } from "../../model/address-allocator.ts";
import { ContainerStore } from "../../model/container-store.ts";
import { EventBus } from "../../model/event-bus.ts";
import type { Layer } from "../../model/image.ts";
import { ImageStore } from "../../model/image-store.ts";
import { createBuiltinNetworks } from "../../model/network.ts";
import { NetworkStore } from "../../model/network-store.ts";
import { Store } from "../../model/store.ts";
import type { Engine } from "../engine.ts";
import { BuildHistory } from "./build-history.ts";
import { SharedSteps } from "./shared-steps.ts";
import { UploadPool } from "./upload-pool.ts";

/** What a step has made: all layers up to its own. */
export interface BuildSnapshot {
  readonly layers: readonly Layer[];
  /** When the last layer was made, in nanoseconds since 1970. */
  readonly created: bigint;
}

export interface BuildkitBuilder {
  readonly sessions: SessionPool;
  readonly uploads: UploadPool;
  /** By the key of a step: its input and what it does. */
  readonly cache: Map<string, BuildSnapshot>;
  /** The folders of `RUN --mount=type=cache`, by id. */
  readonly cacheFolders: Map<string, RootRef>;
  readonly sharedSteps: SharedSteps;
  readonly history: BuildHistory;
  /** The daemon without its records: what runs in it shows up in no list and emits no event. */
  readonly sandbox: Engine;
}

const BUILDERS = new WeakMap<Engine, BuildkitBuilder>();

/** Each engine has one. A reset makes a new engine, and so a new builder. */
export function getBuilder(engine: Engine): BuildkitBuilder {
  const builder = BUILDERS.get(engine) ?? createBuilder(engine);
  BUILDERS.set(engine, builder);
  return builder;
}

function createBuilder(engine: Engine): BuildkitBuilder {
  return {
    sessions: new SessionPool(),
    uploads: new UploadPool(),
    cache: new Map(),
    cacheFolders: new Map(),
    sharedSteps: new SharedSteps(),
    history: new BuildHistory(),
    sandbox: createSandbox(engine),
  };
}

function createSandbox(engine: Engine): Engine {
  const networks = new NetworkStore();
  for (const network of createBuiltinNetworks(() => engine.random.drawId("build network"), engine.time.now()))
    networks.put(network);
  return {
    ...engine,
    events: new EventBus(),
    containers: new ContainerStore(),
    images: new ImageStore(),
    addresses: new AddressAllocator(),
    networks,
    volumes: new Store(({ name }) => name),
    execs: new Store(({ id }) => id),
    runtimes: new Map(),
    openPort: undefined,
  };
}
