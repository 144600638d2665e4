/** Which TCP ports of the host a container publishes while it runs, as far as the recording tells. */
import type { Body } from "../../cassette/model.ts";
import type { Scene } from "./history.ts";

/** A container that polls itself into being ready is looked at often; its ports are there from the first time on. */
const LOOKS = 50;
/** Signals that programs live on. */
const HARMLESS = /^(SIG)?(HUP|USR1|USR2|WINCH|CONT|CHLD)$/;

export function startsContainer({ operation: { name } }: Scene): boolean {
  return name === "ContainerStart" || name === "ContainerRestart";
}

export function stopsContainer({ operation: { name, query } }: Scene): boolean {
  if (name !== "ContainerKill") return /^Container(Stop|Restart|Delete)$/.test(name);
  return !query.some(([key, value]) => key === "signal" && HARMLESS.test(value));
}

/** A TCP port of the host that stands for one of a container. */
export interface PortBinding {
  readonly host: number;
  /** `80/tcp` */
  readonly container: string;
}

/** The ports from `start` on to the end of this run: as they were seen, else as they were asked for. */
export function publishedPorts(scenes: readonly Scene[], start: Scene): readonly PortBinding[] {
  const { container } = start;
  if (container === undefined) return [];
  let looks = 0;
  for (let at = start.entry.index + 1; at < scenes.length && looks < LOOKS; at += 1) {
    const scene = scenes[at] as Scene;
    if (scene.container === container && (startsContainer(scene) || stopsContainer(scene))) break;
    if (!shows(scene, container)) continue;
    looks += 1;
    const ports = portsShown(scene, container);
    if (ports.length > 0) return ports;
  }
  return portsAskedFor(scenes, container);
}

function shows(scene: Scene, container: string): boolean {
  const { name } = scene.operation;
  return name === "ContainerList" || (name === "ContainerInspect" && scene.container === container);
}

function portsShown({ operation, entry }: Scene, container: string): readonly PortBinding[] {
  const answer = jsonOf(entry.exchange().response?.body);
  if (operation.name === "ContainerInspect") return hostPorts(member(answer, "NetworkSettings", "Ports"));
  const listed = listOf(answer).find((item) => isContainer(item, container));
  return listOf(member(listed, "Ports"))
    .filter((port) => member(port, "Type") === "tcp")
    .flatMap((port) => bindingOf(`${member(port, "PrivatePort")}/tcp`, member(port, "PublicPort")));
}

function isContainer(item: unknown, container: string): boolean {
  return member(item, "Id") === container || listOf(member(item, "Names")).includes(`/${container}`);
}

function portsAskedFor(scenes: readonly Scene[], container: string): readonly PortBinding[] {
  const create = scenes.find((scene) => scene.operation.name === "ContainerCreate" && creates(scene, container));
  const asked = jsonOf(create?.entry.exchange().request.body);
  return hostPorts(member(asked, "HostConfig", "PortBindings"));
}

function creates({ operation, entry }: Scene, container: string): boolean {
  if (operation.query.some(([key, value]) => key === "name" && value === container)) return true;
  return member(jsonOf(entry.exchange().response?.body), "Id") === container;
}

/** `{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}, {"HostIp": "::", "HostPort": "8080"}]}` */
function hostPorts(byPort: unknown): readonly PortBinding[] {
  const bindings = Object.entries((byPort ?? {}) as object)
    .filter(([port]) => port.endsWith("/tcp"))
    .flatMap(([port, bound]) => listOf(bound).flatMap((binding) => bindingOf(port, member(binding, "HostPort"))));
  // Of IPv4 and IPv6 each has a binding.
  return [...new Map(bindings.map((binding) => [binding.host, binding])).values()];
}

/** Nothing where the daemon was to choose one: `0`, the empty text, or a range. */
function bindingOf(container: string, value: unknown): readonly PortBinding[] {
  const host = Number(value);
  return Number.isInteger(host) && host > 0 && host < 65_536 ? [{ host, container }] : [];
}

function jsonOf(body: Body | undefined): unknown {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function member(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((held, name) => (held as Record<string, unknown> | null | undefined)?.[name], value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
