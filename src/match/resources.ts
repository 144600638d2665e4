/**
 * Which resources an operation uses, and how: the ground that eras and cues stand on. A resource is a text:
 * `container:<id>`, `processes:<id>` of a container, `exec:<id>`, or one of the classes `containers`, `images`, `networks`,
 * `volumes`, `swarm`, `plugins`, `all`.
 */
import type { Operation } from "../wire/operations/operation.ts";
import type { ContainerNames } from "./container-names.ts";

/**
 * `change`: alters state; played once, opens new eras. `read`: answered from the current era. `long`: a long-lived
 * stream, chosen like a read, and waiting at cues. `free`: no read could see an effect of it (ping, resize); answered at
 * any time, any number of times.
 */
export type ExchangeRole = "change" | "read" | "long" | "free";

export interface ResourceUse {
  readonly role: ExchangeRole;
  /** All that the operation reads or alters, classes included. */
  readonly resources: readonly string[];
  /** The resources that the request names; `all` for events. A stream waits for changes of these. */
  readonly targets: readonly string[];
}

const LONG: ReadonlySet<string> = new Set([
  "ContainerAttach",
  "ContainerAttachWebsocket",
  "ContainerWait",
  "ContainerLogs",
  "ContainerStats",
  "SystemEvents",
  "ServiceLogs",
  "TaskLogs",
]);
const FREE: ReadonlySet<string> = new Set([
  "SystemPing",
  "SystemPingHead",
  "SystemVersion",
  "SystemAuth",
  "Session",
  "ImageSearch",
  "DistributionInspect",
  "BuildCancel",
]);
/** Changes of a container that reads of networks or volumes show, too. */
const SHOWS_IN_NETWORKS = /^Container(Start|Stop|Restart|Kill|Delete|Prune|Create)$/;
const SHOWS_IN_VOLUMES = /^Container(Create|Delete|Prune)$/;
const IMAGE_MAKERS: ReadonlySet<string> = new Set(["ImageCommit", "BuildPrune"]);

/** Streams that wait for changes of a whole class. What a service puts out depends on its tasks, which no request names. */
const CLASS_TARGETS: Readonly<Record<string, readonly string[]>> = {
  SystemEvents: ["all"],
  ServiceLogs: ["swarm"],
  TaskLogs: ["swarm"],
};

/** @param names resolves a container's name to its id, as far as the run knows it at this moment */
export function resolveResourceUse(method: string, operation: Operation, names: ContainerNames): ResourceUse {
  const role = toRole(method, operation);
  if (role === "free") return { role, resources: [], targets: [] };
  const targets = CLASS_TARGETS[operation.name] ?? selectTargets(operation, names);
  const resources =
    role === "change" ? selectChangedResources(operation, targets) : selectReadResources(operation, targets);
  return { role, resources, targets };
}

export function toRole(method: string, operation: Operation): ExchangeRole {
  const { name } = operation;
  if (LONG.has(name)) return "long";
  if (FREE.has(name) || isWindowChange(operation)) return "free";
  if (name === "BuildRead") return "read";
  return method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "change";
}

/** The CLI resizes, or sends SIGWINCH, whenever its window changes. No read could see an effect. */
export function isWindowChange({ name, query }: Operation): boolean {
  if (name === "ContainerResize" || name === "ExecResize") return true;
  return name === "ContainerKill" && query.some(([key, value]) => key === "signal" && /^(SIG)?WINCH$|^28$/.test(value));
}

function selectReadResources(operation: Operation, targets: readonly string[]): readonly string[] {
  if (operation.name === "ExecInspect") return targets.map(toProcesses);
  return targets.length > 0 ? targets : [findClass(operation.name) ?? "all"];
}

function selectChangedResources(operation: Operation, targets: readonly string[]): string[] {
  const { name } = operation;
  const resources = [...targets, findClass(name) ?? "all", "all"];
  if (SHOWS_IN_NETWORKS.test(name)) resources.push("networks");
  if (SHOWS_IN_VOLUMES.test(name)) resources.push("volumes");
  if (name.startsWith("Network")) resources.push("containers");
  if (IMAGE_MAKERS.has(name)) resources.push("images");
  if (/^Container(?!Exec)/.test(name)) resources.push(...targets.map(toProcesses));
  return [...new Set(resources)];
}

/** A stop of the container ends an exec; another exec in it does not, so one that is under way is no new era for it. */
function toProcesses(target: string): string {
  return target.replace(/^container:/, "processes:");
}

function selectTargets({ name, params, query }: Operation, names: ContainerNames): string[] {
  const { id } = params;
  if (name === "ContainerExec" && id !== undefined) return [`container:${names.resolveContainer(id)}`];
  if (name.startsWith("Exec") && id !== undefined) return selectExecTargets(id, names);
  if (name === "ContainerCreate") return selectCreateTargets(query, names);
  const isOfContainer = /^(Container|PutContainer)/.test(name);
  return isOfContainer && id !== undefined ? [`container:${names.resolveContainer(id)}`] : [];
}

function selectExecTargets(id: string, names: ContainerNames): string[] {
  const container = names.findContainerOfExec(id);
  return container === undefined ? [`exec:${id}`] : [`exec:${id}`, `container:${container}`];
}

/** A container that is being created has only its name until the response tells its id. */
function selectCreateTargets(query: Operation["query"], names: ContainerNames): string[] {
  const name = query.find(([key]) => key === "name")?.[1];
  return name === undefined ? [] : [`container:${names.resolveContainer(name)}`];
}

const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^(Container|PutContainer|Exec)/, "containers"],
  [/^(Image|Build)/, "images"],
  [/^Network/, "networks"],
  [/^Volume/, "volumes"],
  [/^(Swarm|Node|Service|Task|Secret|Config)/, "swarm"],
  [/^(Plugin|GetPlugin)/, "plugins"],
];

function findClass(name: string): string | undefined {
  return CLASSES.find(([operations]) => operations.test(name))?.[1];
}
