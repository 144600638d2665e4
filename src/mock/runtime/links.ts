/** Links between containers on the default bridge (moby daemon/links, runconfig/opts). */

import { badParameter, systemError } from "../model/api-error.ts";
import { type Container, isRunning } from "../model/container.ts";
import type { HostConfig } from "../model/host-config.ts";
import type { EngineRuntime } from "./engine-runtime.ts";

export interface ContainerLink {
  readonly alias: string;
  readonly to: Container;
  readonly address: string;
}

/** The links of a container to running containers: `db:database`, or `/db:/web/database` in a container's record. */
export function resolveLinks({ containers }: EngineRuntime, { hostConfig }: Container): ContainerLink[] {
  return (hostConfig.Links ?? []).flatMap((link) => {
    const { target, alias } = parseLink(link);
    const to = containers.lookUp(target);
    const address = to?.networks.bridge?.address ?? "";
    return to === undefined || address === "" ? [] : [{ alias, to, address }];
  });
}

/** The names that links give to containers, by id: `/web/database`. dockerd lists them with a container's own name. */
export type LinkNames = ReadonlyMap<string, readonly string[]>;

export function collectLinkNames({ containers }: EngineRuntime): LinkNames {
  const names = new Map<string, string[]>();
  for (const { name, hostConfig } of containers) {
    if (hostConfig.Links === null || !isBridged(hostConfig.NetworkMode)) continue;
    for (const { target, alias } of hostConfig.Links.map(parseLink)) {
      const id = containers.lookUp(target)?.id;
      if (id !== undefined) names.set(id, [...(names.get(id) ?? []), `/${name}/${alias}`]);
    }
  }
  return names;
}

/**
 * The links in the form of a container's record, `/db:/web/database`. Only those on the bridge are converted.
 * @throws ApiError 400 for an unknown container
 */
export function toRegisteredLinks({ containers }: EngineRuntime, { name, hostConfig }: Container): HostConfig["Links"] {
  const { Links, NetworkMode } = hostConfig;
  if (Links === null || !isBridged(NetworkMode)) return Links;
  return Links.map((link) => {
    const { target, alias } = parseLink(link);
    const to = containers.lookUp(target);
    if (to === undefined) throw badParameter(`could not get container for ${target}: No such container: ${target}`);
    return `/${to.name}:/${name}/${alias}`;
  });
}

/** @throws ApiError 500 for a linked container that is not on the bridge, or does not run */
export function checkLinks({ containers }: EngineRuntime, { hostConfig }: Container): void {
  if (!isBridged(hostConfig.NetworkMode)) return;
  const links = (hostConfig.Links ?? []).flatMap((link) => {
    const to = containers.lookUp(parseLink(link).target);
    return to === undefined ? [] : [{ to, alias: link.slice(link.indexOf(":") + 1) }];
  });
  for (const { to } of links) {
    if (to.networks.bridge === undefined) {
      throw systemError(`Cannot link to /${to.name}, as it does not belong to the default network`);
    }
  }
  for (const { to, alias } of links) {
    if (!isRunning(to)) throw systemError(`Cannot link to a non running container: /${to.name} AS ${alias}`);
  }
}

function isBridged(mode: string): boolean {
  return mode === "default" || mode === "bridge" || mode === "";
}

function parseLink(link: string): { readonly target: string; readonly alias: string } {
  const [target = "", alias = target] = link.split(":").map((part) => part.split("/").at(-1) ?? part);
  return { target, alias };
}

/** The variables that describe a container's links (moby daemon/links/links.go, ToEnv). */
export function formatLinkVariables(engine: EngineRuntime, container: Container): string[] {
  return resolveLinks(engine, container).flatMap(({ alias, to, address }) => {
    const prefix = alias.toUpperCase().replaceAll("-", "_");
    const ports = Object.keys(to.config.ExposedPorts ?? {}).sort(comparePorts);
    const [first] = ports;
    return [
      ...(first === undefined ? [] : [`${prefix}_PORT=${formatUrl(first, address)}`]),
      ...ports.flatMap((port) => formatPortVariables(prefix, port, address)),
      `${prefix}_NAME=/${container.name}/${alias}`,
      ...(to.config.Env ?? []).flatMap((pair) => (isPassedOn(pair) ? [`${prefix}_ENV_${pair}`] : [])),
    ];
  });
}

function comparePorts(one: string, other: string): number {
  return Number.parseInt(one, 10) - Number.parseInt(other, 10);
}

function formatUrl(port: string, address: string): string {
  const [number = "", protocol = "tcp"] = port.split("/");
  return `${protocol}://${address}:${number}`;
}

function formatPortVariables(prefix: string, port: string, address: string): string[] {
  const [number = "", protocol = "tcp"] = port.split("/");
  const name = `${prefix}_PORT_${number}_${protocol.toUpperCase()}`;
  return [
    `${name}=${formatUrl(port, address)}`,
    `${name}_ADDR=${address}`,
    `${name}_PORT=${number}`,
    `${name}_PROTO=${protocol}`,
  ];
}

/** Variables that every container has are not passed on. */
function isPassedOn(pair: string): boolean {
  return !["HOME", "PATH"].includes(pair.split("=", 1)[0] ?? "");
}
