/** Creates containers: checks and completes a client's request (moby daemon/create.go, container.go). */

import {
  createDirectoryNode,
  createFileNode,
  createLinkNode,
  type DirectoryNode,
} from "../../../userland/files/node.ts";
import { buildTree, findNode, type PlacedNode } from "../../../userland/files/tree.ts";
import { badParameter } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import { type Container, CREATED_STATE } from "../../model/container.ts";
import { type ContainerConfig, mergeConfig, type SentConfig, toContainerConfig } from "../../model/container-config.ts";
import { generateName } from "../../model/container-names.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { isOlderEngine } from "../../model/engine-release.ts";
import { type HostConfig, toHostConfig, withEngineDefaults } from "../../model/host-config.ts";
import { getRootTree } from "../../model/image.ts";
import { toShortId } from "../../model/short-id.ts";
import { ContainerRuntime } from "../../runtime/container-runtime.ts";
import { toRegisteredLinks } from "../../runtime/links.ts";
import type { Engine } from "../engine.ts";
import { checkNewEndpoints } from "./check-endpoint.ts";
import { checkName, type NameRule } from "./check-name.ts";
import { checkConfig, checkHostConfig } from "./check-settings.ts";
import { toEndpoints } from "./container-endpoints.ts";
import { createMountPoints } from "./mounts.ts";
import { fillVolumes } from "./volumes.ts";

/** The body of POST /containers/create. */
export interface CreateRequest {
  readonly config: SentConfig;
  readonly hostConfig: ApiJson;
  /** `EndpointsConfig` of `NetworkingConfig`, by network. */
  readonly endpoints: Readonly<Record<string, ApiJson>>;
  /** @default the rule of current daemons */
  readonly names?: NameRule;
}

/** @throws ApiError 400, 404, 409 or 500, as dockerd refuses */
export function createContainer(engine: Engine, name: string, request: CreateRequest): Container {
  const own = toContainerConfig(request.config);
  const sentHostConfig = toHostConfig(request.hostConfig);
  const hostConfig = withSharedNetworkId(
    engine,
    withEngineDefaults(engine.release, sentHostConfig, request.hostConfig),
  );
  checkConfig(own);
  checkHostConfig(hostConfig);
  const image = own.Image === "" ? undefined : engine.images.find(own.Image);
  const config = image === undefined ? own : mergeConfig(own, image.config);
  const argv = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  if (argv.length === 0) throw badParameter("No command specified");
  const allocated = allocate(engine, chooseName(engine, name, request.names), config, hostConfig, image?.id ?? "");
  const container = attachResources(engine, { ...allocated, argv }, request);
  const nowMs = Number(container.created / 1_000_000n);
  const createBase = (): DirectoryNode => createBaseTree(image && getRootTree(image), nowMs);
  const runtime = new ContainerRuntime(createBase, () => engine.time.stamp());
  engine.runtimes.set(container.id, runtime);
  if (container.mounts.length > 0) fillVolumes(engine, container.mounts, runtime.base);
  engine.containers.put(container);
  emitContainerEvent(engine, container, "create");
  return container;
}

/** A container with a name and an id, but without mounts and networks. */
function allocate(
  engine: Engine,
  name: string,
  config: ContainerConfig,
  hostConfig: HostConfig,
  imageId: string,
): Container {
  const id = engine.random.drawId("container");
  return {
    id,
    name,
    created: engine.time.stamp(),
    argv: [],
    config: { ...config, Hostname: config.Hostname || chooseHostname(id, hostConfig) },
    hostConfig,
    state: CREATED_STATE,
    restartCount: 0,
    imageId,
    mounts: [],
    networks: {},
    sandboxId: "",
    ports: {},
    isStoppedByHand: false,
  };
}

/** Adds mounts, links and networks. A failure emits `destroy`, though no `create` was emitted before, as with dockerd. */
function attachResources(engine: Engine, container: Container, { endpoints }: CreateRequest): Container {
  const { config, hostConfig } = container;
  try {
    const mounts = createMountPoints(engine, config, hostConfig);
    const Links = toRegisteredLinks(engine, container);
    const networks = toEndpoints(engine.release, hostConfig, endpoints);
    if (!isOlderEngine(engine.release, "28")) checkNewEndpoints(engine, networks);
    return { ...container, hostConfig: { ...hostConfig, Links }, mounts, networks };
  } catch (error) {
    emitContainerEvent(engine, container, "destroy");
    throw error;
  }
}

/** `container:web` becomes `container:<id>`. An unknown container is no error until the start. */
export function withSharedNetworkId({ containers }: Engine, hostConfig: HostConfig): HostConfig {
  const reference = /^container:(.*)$/s.exec(hostConfig.NetworkMode)?.[1];
  if (reference === undefined) return hostConfig;
  const id = containers.lookUp(reference)?.id ?? reference;
  return { ...hostConfig, NetworkMode: `container:${id}` };
}

function chooseHostname(id: string, { NetworkMode }: HostConfig): string {
  return NetworkMode === "host" ? "docker" : toShortId(id);
}

function chooseName(engine: Engine, requested: string, rule?: NameRule): string {
  if (requested === "") return generateName(engine.random, (name) => engine.containers.getByName(name) !== undefined);
  return checkName(engine, requested, rule);
}

/** The image's files, and those that dockerd adds as targets of its own mounts (moby's init layer). */
function createBaseTree(root: DirectoryNode | undefined, nowMs: number): DirectoryNode {
  const own = root ?? createDirectoryNode(nowMs);
  const missing = createInitLayer(nowMs).filter(({ path }) => findNode(own, path.split("/")) === undefined);
  return buildTree(missing, { ...own, mtimeMs: nowMs });
}

function createInitLayer(nowMs: number): PlacedNode[] {
  const folders = ["dev", "dev/pts", "dev/shm", "etc", "proc", "sys"];
  const files = [".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf"];
  return [
    ...folders.map((path): PlacedNode => ({ path, node: createDirectoryNode(nowMs) })),
    ...files.map((path): PlacedNode => ({ path, node: createFileNode("", nowMs, 0o755) })),
    { path: "etc/mtab", node: createLinkNode("/proc/mounts", nowMs) },
  ];
}
