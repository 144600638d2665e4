/** Links of the bridge, by which one container knows another (moby daemon/links, runconfig/opts). */

import { badParameter, systemError } from "../model/api-error.ts";
import { type Container, isRunning } from "../model/container.ts";
import type { HostConfig } from "../model/host-config.ts";
import type { EngineRuntime } from "./engine-runtime.ts";

export interface Link {
  readonly alias: string;
  readonly to: Container;
  readonly address: string;
}

/** `db:database`, or as the daemon remembers it: `/db:/web/database`. Only to those who run. */
export function linksOf({ containers }: EngineRuntime, { hostConfig }: Container): Link[] {
  return (hostConfig.Links ?? []).flatMap((link) => {
    const { target, alias } = partsOf(link);
    const to = containers.lookUp(target);
    const address = to?.networks.bridge?.address ?? "";
    return to === undefined || address === "" ? [] : [{ alias, to, address }];
  });
}

/** What others call a container, by its id: `/web/database`. The daemon counts these among its names. */
export type LinkNames = ReadonlyMap<string, readonly string[]>;

export function linkNames({ containers }: EngineRuntime): LinkNames {
  const names = new Map<string, string[]>();
  for (const { name, hostConfig } of containers) {
    if (!isBridged(hostConfig.NetworkMode)) continue;
    for (const { target, alias } of (hostConfig.Links ?? []).map(partsOf)) {
      const id = containers.lookUp(target)?.id;
      if (id !== undefined) names.set(id, [...(names.get(id) ?? []), `/${name}/${alias}`]);
    }
  }
  return names;
}

/**
 * As they are remembered, `/db:/web/database`. Elsewhere than on the bridge links are nobody's.
 * @throws Refusal 400 where there is no such container
 */
export function registeredLinks({ containers }: EngineRuntime, { name, hostConfig }: Container): HostConfig["Links"] {
  const { Links, NetworkMode } = hostConfig;
  if (Links === null || !isBridged(NetworkMode)) return Links;
  return Links.map((link) => {
    const { target, alias } = partsOf(link);
    const to = containers.lookUp(target);
    if (to === undefined) throw badParameter(`could not get container for ${target}: No such container: ${target}`);
    return `/${to.name}:/${name}/${alias}`;
  });
}

/** @throws Refusal 500 where one of them is not on the bridge, or does not run */
export function checkLinks({ containers }: EngineRuntime, { hostConfig }: Container): void {
  if (!isBridged(hostConfig.NetworkMode)) return;
  const linked = (hostConfig.Links ?? []).flatMap((link) => {
    const to = containers.lookUp(partsOf(link).target);
    return to === undefined ? [] : [{ to, spoken: link.slice(link.indexOf(":") + 1) }];
  });
  for (const { to } of linked) {
    if (to.networks.bridge === undefined) {
      throw systemError(`Cannot link to /${to.name}, as it does not belong to the default network`);
    }
  }
  for (const { to, spoken } of linked) {
    if (!isRunning(to)) throw systemError(`Cannot link to a non running container: /${to.name} AS ${spoken}`);
  }
}

function isBridged(mode: string): boolean {
  return mode === "default" || mode === "bridge" || mode === "";
}

function partsOf(link: string): { readonly target: string; readonly alias: string } {
  const [target = "", alias = target] = link.split(":").map((part) => part.split("/").at(-1) ?? part);
  return { target, alias };
}

/** The variables that tell of them (moby daemon/links/links.go, ToEnv). */
export function linkVariables(engine: EngineRuntime, container: Container): string[] {
  return linksOf(engine, container).flatMap(({ alias, to, address }) => {
    const prefix = alias.toUpperCase().replaceAll("-", "_");
    const ports = Object.keys(to.config.ExposedPorts ?? {}).sort(byNumber);
    const [first] = ports;
    return [
      ...(first === undefined ? [] : [`${prefix}_PORT=${urlOf(first, address)}`]),
      ...ports.flatMap((port) => portVariables(prefix, port, address)),
      `${prefix}_NAME=/${container.name}/${alias}`,
      ...(to.config.Env ?? []).flatMap((pair) => (isTold(pair) ? [`${prefix}_ENV_${pair}`] : [])),
    ];
  });
}

function byNumber(one: string, other: string): number {
  return Number.parseInt(one, 10) - Number.parseInt(other, 10);
}

function urlOf(port: string, address: string): string {
  const [number = "", protocol = "tcp"] = port.split("/");
  return `${protocol}://${address}:${number}`;
}

function portVariables(prefix: string, port: string, address: string): string[] {
  const [number = "", protocol = "tcp"] = port.split("/");
  const name = `${prefix}_PORT_${number}_${protocol.toUpperCase()}`;
  return [
    `${name}=${urlOf(port, address)}`,
    `${name}_ADDR=${address}`,
    `${name}_PORT=${number}`,
    `${name}_PROTO=${protocol}`,
  ];
}

/** What every container has is not told again. */
function isTold(pair: string): boolean {
  return !["HOME", "PATH"].includes(pair.split("=", 1)[0] ?? "");
}
