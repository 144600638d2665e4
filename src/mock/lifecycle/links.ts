/** Links of the bridge, by which one container knows another (moby daemon/links, runconfig/opts). */
import type { Engine } from "../engine.ts";
import type { Container } from "../state/container.ts";

export interface Link {
  readonly alias: string;
  readonly to: Container;
  readonly address: string;
}

/** `db:database`, or as the daemon remembers it: `/db:/web/database`. Only to those who run. */
export function linksOf({ containers }: Engine, { hostConfig }: Container): Link[] {
  return ((hostConfig.Links as readonly string[] | null | undefined) ?? []).flatMap((text) => {
    const [name = "", alias = name] = text.split(":").map((part) => part.split("/").at(-1) ?? part);
    const to = containers.lookUp(name);
    const address = to?.networks.bridge?.address ?? "";
    return to === undefined || address === "" ? [] : [{ alias, to, address }];
  });
}

/** The variables that tell of them (moby daemon/links/links.go, ToEnv). */
export function linkVariables(engine: Engine, container: Container): string[] {
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
