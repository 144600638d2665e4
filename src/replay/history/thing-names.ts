/**
 * Which things an exchange makes, removes or names: containers, execs, networks, volumes, and a swarm's secrets, configs
 * and services. A thing is a text, such as `container:<id>` or `network:<name>`; one thing may have several.
 */
import { parseBoundedJson } from "../../base/parse-json.ts";
import { readStatus } from "../../cassette/read.ts";
import { findContainerReference } from "../../match/normalize/normalize-request.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { PlacedExchange } from "./place-exchanges.ts";

/** Kinds of things whose creation means that they were not there before. An image may have been, under the same name. */
const KINDS = "Network|Volume|Secret|Config|Service";
/** All kinds, as things are spelled. */
export const MADE_KINDS: readonly string[] = ["container", "exec", ...KINDS.split("|")];
const MAKERS: ReadonlyMap<string, string> = new Map([
  ["ContainerCreate", "container"],
  ["ContainerExec", "exec"],
  ...KINDS.split("|").map((kind) => [`${kind}Create`, kind] as const),
]);
const REMOVER = new RegExp(`^(${KINDS})Delete$`);
const USER = new RegExp(`^(${KINDS})(Inspect|Update|Logs|Connect|Disconnect)$`);

/** What a daemon makes of a request that it has answered well. */
export function listMadeThings(placed: PlacedExchange): readonly string[] {
  const [kind, names] = findMaking(placed) ?? [];
  return names !== undefined && hasSucceeded(placed) ? names().map((each) => `${kind}:${each}`) : [];
}

/** The kind of the thing that an operation makes, if it makes one. */
export function findMadeKind({ name }: Operation): string | undefined {
  return MAKERS.get(name);
}

/** The kind of thing, and what reads its names: bodies are parsed only where the request has succeeded. */
function findMaking(placed: PlacedExchange): readonly [kind: string, names: () => string[]] | undefined {
  const { operation } = placed;
  const kind = findMadeKind(operation);
  if (kind === undefined) return undefined;
  if (kind === "exec") return [kind, () => listNames(placed, ["Id"])];
  if (kind !== "container") return [kind, () => listNames(placed, ["Name", "Id", "ID"])];
  return [kind, () => [...listNames(placed, ["Id"]), ...listParameters(operation, "name")]];
}

export function listRemovedThings(placed: PlacedExchange): readonly string[] {
  const { name } = placed.operation;
  const kind = REMOVER.exec(name)?.[1];
  if (kind === undefined && name !== "ContainerDelete") return [];
  return hasSucceeded(placed) ? listNamedThings(placed) : [];
}

/** The thing in the path of a request, under the name that the path has. */
export function listNamedThings({ operation, resources }: Pick<PlacedExchange, "operation" | "resources">): string[] {
  const { name, params } = operation;
  const named = params.id ?? params.name;
  if (named === undefined) return [];
  if (/^Exec/.test(name)) return [`exec:${named}`, ...resources.flatMap(toContainer)];
  if (findContainerReference(operation) !== undefined) return resources.flatMap(toContainer);
  const kind = (USER.exec(name) ?? REMOVER.exec(name))?.[1];
  return kind === undefined ? [] : [`${kind}:${named}`];
}

/**
 * What dockerd says of a thing that is not there (moby daemon/container.go, daemon/exec.go, daemon/network.go,
 * daemon/images/image.go, plugin/errors.go).
 */
export function formatNotFound({ name, params }: Operation): string {
  const named = params.id ?? params.name ?? "";
  if (name === "ImageInspect") return `No such image: ${toFullReference(named)}`;
  if (name === "PluginInspect") return `plugin ${JSON.stringify(named)} not found`;
  if (/^Exec/.test(name)) return `No such exec instance: ${named}`;
  if (/^Volume/.test(name)) return `get ${named}: no such volume`;
  const kind = /^(Network|Secret|Config|Service)/.exec(name)?.[1];
  return kind === undefined ? `No such container: ${named}` : `${kind.toLowerCase()} ${named} not found`;
}

/** An id, or a name with its tag (distribution/reference, `TagNameOnly`). */
function toFullReference(named: string): string {
  if (/^[0-9a-f]{64}$/.test(named)) return `sha256:${named}`;
  return /[:@][^/]*$/.test(named) ? named : `${named}:latest`;
}

/** An exec is looked at by its container's processes, and altered as a part of the container. */
function toContainer(resource: string): readonly string[] {
  const [, id] = /^(?:container|processes):(.*)$/.exec(resource) ?? [];
  return id === undefined ? [] : [`container:${id}`];
}

function hasSucceeded({ entry }: PlacedExchange): boolean {
  return (readStatus(entry) ?? 500) < 300;
}

/** The values of these members, in the request's body and in the response's. */
export function listNames({ entry }: PlacedExchange, members: readonly string[]): string[] {
  const { request, response } = entry.readExchange();
  return [request.body, response?.body].flatMap((body) => {
    const value = Buffer.isBuffer(body) ? parseJson(body) : undefined;
    return members.flatMap((member) => (typeof value?.[member] === "string" ? [value[member]] : []));
  });
}

function listParameters({ query }: Operation, parameter: string): string[] {
  return query.flatMap(([name, value]) => (name === parameter ? [value] : []));
}

function parseJson(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return (parseBoundedJson(body.toString("utf8")) as Readonly<Record<string, unknown>> | null) ?? undefined;
  } catch {
    return undefined;
  }
}
