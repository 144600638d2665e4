/** The state of a daemon's BuildKit: the sessions of its clients, its cache, and the sandbox that its RUN steps live in. */
import { SessionPool } from "../../../session/grpc/session-pool.ts";
import type { RootRef } from "../../../userland/files/disk.ts";
import { AddressAllocator } from "../../model/address-allocator.ts";
import { ContainerStore } from "../../model/container-store.ts";
import { EventBus } from "../../model/event-bus.ts";
import { ImageStore } from "../../model/image-store.ts";
import { createBuiltinNetworks } from "../../model/network.ts";
import { NetworkStore } from "../../model/network-store.ts";
import { Store } from "../../model/store.ts";
import type { Engine } from "../engine.ts";
import { BuildHistory } from "./build-history.ts";
import type { NodeResult } from "./build-node.ts";
import { SharedSteps } from "./shared-steps.ts";
import { UploadPool } from "./upload-pool.ts";

export interface BuildkitBuilder {
  readonly sessions: SessionPool;
  readonly uploads: UploadPool;
  /** By the key of a step: its input and what it does. */
  readonly cache: Map<string, NodeResult>;
  /** The images whose files a build has needed, by the digest of their step. */
  readonly loadedImages: Set<string>;
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

/** Forgets the results of all builds. */
export function pruneBuilder({ cache, cacheFolders, loadedImages }: BuildkitBuilder): void {
  cache.clear();
  cacheFolders.clear();
  loadedImages.clear();
}

function createBuilder(engine: Engine): BuildkitBuilder {
  return {
    sessions: new SessionPool(),
    uploads: new UploadPool(),
    cache: new Map(),
    loadedImages: new Set(),
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
