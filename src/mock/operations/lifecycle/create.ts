/** A container's beginning: what a client asks for, checked and completed (moby daemon/create.go, container.go). */

import { type DirectoryNode, directoryNode, fileNode, linkNode } from "../../../userland/files/node.ts";
import { nodeAt, type Placed, treeOf } from "../../../userland/files/tree.ts";
import { signalNumber } from "../../../userland/process/signals.ts";
import { badParameter, conflict } from "../../model/api-error.ts";
import { type Container, CREATED } from "../../model/container.ts";
import { type ContainerConfig, configOf, mergedConfig, type SentConfig } from "../../model/container-config.ts";
import { freeName } from "../../model/container-names.ts";
import { emitContainerEvent } from "../../model/emit-events.ts";
import { type HostConfig, hostConfigOf } from "../../model/host-config.ts";
import { rootOf } from "../../model/image.ts";
import { type NetworkEndpoint, unconnected } from "../../model/network.ts";
import type { Shape } from "../../model/shapes.ts";
import { Machine } from "../../runtime/container-runtime.ts";
import { registeredLinks } from "../../runtime/links.ts";
import type { Engine } from "../engine.ts";
import { mountPointsOf } from "./mounts.ts";
import { fillVolumes } from "./volumes.ts";

/** What a container may be called. */
export interface NameRule {
  readonly fits: RegExp;
  /** As it is told to whom it is explained. */
  readonly allowed: string;
}

const NAMES: NameRule = { fits: /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, allowed: "[a-zA-Z0-9][a-zA-Z0-9_.-]" };
const LEAST_MEMORY = 6 * 1024 * 1024;
const RESTARTS: ReadonlySet<string> = new Set(["", "no", "always", "unless-stopped", "on-failure"]);

/** What comes with POST /containers/create. */
export interface Wanted {
  readonly config: SentConfig;
  readonly hostConfig: Shape;
  /** EndpointsConfig of NetworkingConfig, by network. */
  readonly endpoints: Readonly<Record<string, Shape>>;
  /** Default: that of today. */
  readonly names?: NameRule;
}

/** @throws Refusal for what the daemon would not create */
export function createContainer(engine: Engine, name: string, wanted: Wanted): Container {
  const own = configOf(wanted.config);
  const hostConfig = withSharedNetworks(engine, hostConfigOf(wanted.hostConfig));
  checkConfig(own);
  checkHostConfig(hostConfig);
  const image = own.Image === "" ? undefined : engine.images.find(own.Image);
  const config = image === undefined ? own : mergedConfig(own, image.config);
  const argv = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  if (argv.length === 0) throw badParameter("No command specified");
  const allocated = allocate(engine, nameFor(engine, name, wanted.names), config, hostConfig, image?.id ?? "");
  const container = equipped(engine, { ...allocated, argv }, wanted);
  const nowMs = Number(container.created / 1_000_000n);
  const base = baseOf(image && rootOf(image), nowMs);
  engine.machines.set(container.id, new Machine(base, () => engine.time.stamp()));
  fillVolumes(engine, container.mounts, base);
  engine.containers.put(container);
  emitContainerEvent(engine, container, "create");
  return container;
}

/** It has a name and an id, and nothing else yet. */
function allocate(
  engine: Engine,
  name: string,
  config: ContainerConfig,
  hostConfig: HostConfig,
  imageId: string,
): Container {
  const id = engine.random.id("container");
  return {
    id,
    name,
    created: engine.time.stamp(),
    argv: [],
    config: { ...config, Hostname: config.Hostname || hostnameFor(id, hostConfig) },
    hostConfig,
    state: CREATED,
    restartCount: 0,
    imageId,
    mounts: [],
    networks: {},
    sandboxId: "",
    ports: {},
    isStoppedByHand: false,
  };
}

/** What goes wrong now is told as the end of a container that nobody heard of before. */
function equipped(engine: Engine, container: Container, { endpoints }: Wanted): Container {
  const { config, hostConfig } = container;
  try {
    const mounts = mountPointsOf(engine, config, hostConfig);
    const Links = registeredLinks(engine, container);
    return { ...container, hostConfig: { ...hostConfig, Links }, mounts, networks: networksOf(hostConfig, endpoints) };
  } catch (error) {
    emitContainerEvent(engine, container, "destroy");
    throw error;
  }
}

/** Whose networks it shares is known by an id from then on; nobody minds yet where there is no such container. */
export function withSharedNetworks({ containers }: Engine, hostConfig: HostConfig): HostConfig {
  const reference = /^container:(.*)$/s.exec(hostConfig.NetworkMode)?.[1];
  if (reference === undefined) return hostConfig;
  const id = containers.lookUp(reference)?.id ?? reference;
  return { ...hostConfig, NetworkMode: `container:${id}` };
}

function hostnameFor(id: string, { NetworkMode }: HostConfig): string {
  return NetworkMode === "host" ? "docker" : id.slice(0, 12);
}

/** @throws Refusal where the name is taken, or is none */
export function checkName(engine: Engine, wanted: string, { fits, allowed }: NameRule = NAMES): string {
  const name = wanted.replace(/^\//, "");
  if (!fits.test(name)) throw badParameter(`Invalid container name (${wanted}), only ${allowed} are allowed`);
  const other = engine.containers.named(name);
  if (other === undefined) return name;
  const what = `The container name "/${name}" is already in use by container "${other.id}".`;
  throw conflict(`Conflict. ${what} You have to remove (or rename) that container to be able to reuse that name.`);
}

function nameFor(engine: Engine, wanted: string, rule?: NameRule): string {
  if (wanted === "") return freeName(engine.random, (name) => engine.containers.named(name) !== undefined);
  return checkName(engine, wanted, rule);
}

function checkConfig({ WorkingDir, Env, StopSignal }: ContainerConfig): void {
  if (WorkingDir !== "" && !WorkingDir.startsWith("/")) {
    throw badParameter(`the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`);
  }
  if (StopSignal !== undefined && signalNumber(StopSignal) === undefined)
    throw badParameter(`Invalid signal: ${StopSignal}`);
  const bad = (Env ?? []).find((pair) => pair === "" || pair.startsWith("="));
  if (bad !== undefined) throw badParameter(`invalid environment variable: ${bad}`);
}

/** @throws Refusal */
export function checkHostConfig(hostConfig: HostConfig): void {
  const { AutoRemove, RestartPolicy, Memory, PortBindings } = hostConfig;
  checkRestartPolicy(RestartPolicy);
  if (AutoRemove && RestartPolicy.Name !== "" && RestartPolicy.Name !== "no") {
    throw badParameter("can't create 'AutoRemove' container with restart policy");
  }
  checkMemory(Memory);
  for (const bindings of Object.values(PortBindings ?? {})) {
    for (const { HostPort = "" } of bindings ?? []) {
      if (!/^(\d+(-\d+)?)?$/.test(HostPort)) throw badParameter(`invalid port specification: "${HostPort}"`);
    }
  }
}

/** @throws Refusal */
export function checkRestartPolicy({ Name, MaximumRetryCount = 0 }: HostConfig["RestartPolicy"]): void {
  if (!RESTARTS.has(Name)) throw badParameter(`invalid restart policy '${Name}'`);
  if (Name !== "on-failure" && MaximumRetryCount !== 0) {
    throw badParameter(`maximum retry count cannot be used with restart policy '${Name}'`);
  }
  if (MaximumRetryCount < 0) throw badParameter("maximum retry count cannot be negative");
}

/** @throws Refusal */
export function checkMemory(bytes: number): void {
  if (bytes > 0 && bytes < LEAST_MEMORY) throw badParameter("Minimum memory limit allowed is 6MB");
}

/** Its places in networks, before it is started; none where it is to share another container's. @throws Refusal for more than one */
export function networksOf(
  { NetworkMode }: HostConfig,
  endpoints: Readonly<Record<string, Shape>>,
): Record<string, NetworkEndpoint> {
  if (NetworkMode.startsWith("container:")) return {};
  if (Object.keys(endpoints).length > 1) {
    throw badParameter(`Container cannot be connected to network endpoints: ${Object.keys(endpoints).join(", ")}`);
  }
  const name = NetworkMode === "default" ? "bridge" : NetworkMode;
  const wanted = endpoints[name] ?? endpoints[NetworkMode] ?? {};
  return { [name]: endpointFrom(wanted) };
}

/** EndpointSettings as a client sends them. */
export function endpointFrom(sent: Shape): NetworkEndpoint {
  return unconnected("", {
    aliases: sent.Aliases ?? null,
    links: sent.Links ?? null,
    ipam: sent.IPAMConfig ?? null,
    driverOptions: sent.DriverOpts ?? null,
  });
}

/** The image's files, and those that the daemon puts over them for its own mounts (moby's init layer). */
function baseOf(root: DirectoryNode | undefined, nowMs: number): DirectoryNode {
  const own = root ?? directoryNode(nowMs);
  const missing = initLayer(nowMs).filter(({ path }) => nodeAt(own, path.split("/")) === undefined);
  return treeOf(missing, { ...own, mtimeMs: nowMs });
}

function initLayer(nowMs: number): Placed[] {
  const folders = ["dev", "dev/pts", "dev/shm", "etc", "proc", "sys"];
  const files = [".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf"];
  return [
    ...folders.map((path): Placed => ({ path, node: directoryNode(nowMs) })),
    ...files.map((path): Placed => ({ path, node: fileNode("", nowMs, 0o755) })),
    { path: "etc/mtab", node: linkNode("/proc/mounts", nowMs) },
  ];
}
