/**
 * Which resources an operation touches, and how: the ground that eras and cues stand on. Resources are named by
 * scopes: `container:<id>`, `exec:<id>`, and the classes `containers`, `images`, `networks`, `volumes`, `swarm`,
 * `plugins`, `all`.
 */
import type { Operation } from "../wire/operation.ts";
import type { Names } from "./names.ts";

/**
 * `change`: alters state; played once, opens a new era. `read`: answered from the era the replay stands in.
 * `long`: a long-lived stream; like a read, and it holds cues. `free`: has no effect that a read could see
 * (ping, resize): answered at any time, any number of times.
 */
export type Role = "change" | "read" | "long" | "free";

export interface Touch {
  readonly role: Role;
  /** All that is read or changed, classes included. */
  readonly scopes: readonly string[];
  /** The very things that the request names; `all` for events. A stream waits for changes of these. */
  readonly own: readonly string[];
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
/** Changes of a container that a look at networks or volumes shows too. */
const SHOWS_IN_NETWORKS = /^Container(Start|Stop|Restart|Kill|Delete|Prune|Create)$/;
const SHOWS_IN_VOLUMES = /^Container(Create|Delete|Prune)$/;
const IMAGE_MAKERS: ReadonlySet<string> = new Set(["ImageCommit", "BuildPrune"]);

/** What `operation` touches; names are resolved with what is known of them at that moment. */
export function touchOf(method: string, operation: Operation, names: Names): Touch {
  const role = roleOf(method, operation);
  if (role === "free") return { role, scopes: [], own: [] };
  const own = operation.name === "SystemEvents" ? ["all"] : ownScopes(operation, names);
  const scopes = role === "change" ? changedScopes(operation, own) : readScopes(operation, own);
  return { role, scopes, own };
}

export function roleOf(method: string, operation: Operation): Role {
  const { name } = operation;
  if (LONG.has(name)) return "long";
  if (FREE.has(name) || isWindowChange(operation)) return "free";
  return method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "change";
}

/** The CLI sends SIGWINCH whenever its window changes: as often as a person drags, and nothing a read could see. */
export function isWindowChange({ name, query }: Operation): boolean {
  if (name === "ContainerResize" || name === "ExecResize") return true;
  return name === "ContainerKill" && query.some(([key, value]) => key === "signal" && /^(SIG)?WINCH$|^28$/.test(value));
}

function readScopes(operation: Operation, own: readonly string[]): readonly string[] {
  return own.length > 0 ? own : [classOf(operation.name) ?? "all"];
}

function changedScopes(operation: Operation, own: readonly string[]): string[] {
  const { name } = operation;
  const scopes = [...own, classOf(name) ?? "all", "all"];
  if (SHOWS_IN_NETWORKS.test(name)) scopes.push("networks");
  if (SHOWS_IN_VOLUMES.test(name)) scopes.push("volumes");
  if (name.startsWith("Network")) scopes.push("containers");
  if (IMAGE_MAKERS.has(name)) scopes.push("images");
  return [...new Set(scopes)];
}

function ownScopes({ name, params, query }: Operation, names: Names): string[] {
  const { id } = params;
  if (name === "ContainerExec" && id !== undefined) return [`container:${names.container(id)}`];
  if (name.startsWith("Exec") && id !== undefined) return execScopes(id, names);
  if (name === "ContainerCreate") return createdScopes(query, names);
  const isContainer = /^(Container|PutContainer)/.test(name);
  return isContainer && id !== undefined ? [`container:${names.container(id)}`] : [];
}

function execScopes(id: string, names: Names): string[] {
  const container = names.containerOfExec(id);
  return container === undefined ? [`exec:${id}`] : [`exec:${id}`, `container:${container}`];
}

/** A container that is being made is known by its name until the answer tells its id. */
function createdScopes(query: Operation["query"], names: Names): string[] {
  const name = query.find(([key]) => key === "name")?.[1];
  return name === undefined ? [] : [`container:${names.container(name)}`];
}

const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^(Container|PutContainer|Exec)/, "containers"],
  [/^(Image|Build)/, "images"],
  [/^Network/, "networks"],
  [/^Volume/, "volumes"],
  [/^(Swarm|Node|Service|Task|Secret|Config)/, "swarm"],
  [/^(Plugin|GetPlugin)/, "plugins"],
];

function classOf(name: string): string | undefined {
  return CLASSES.find(([form]) => form.test(name))?.[1];
}
