/** Which TCP ports of the host a container publishes while it runs, as far as the recording tells. */
import { parseBoundedJson } from "../../base/parse-json.ts";
import type { RecordedBody } from "../../cassette/model.ts";
import type { PlacedExchange } from "./place-exchanges.ts";

/** How many inspects and lists are searched: a client may poll often, and the ports show from the first one on. */
const SEARCHED_READS = 50;
/** Signals that a program survives. */
const HARMLESS = /^(SIG)?(HUP|USR1|USR2|WINCH|CONT|CHLD)$/;

export function isContainerStart({ operation: { name } }: PlacedExchange): boolean {
  return name === "ContainerStart" || name === "ContainerRestart";
}

export function isContainerStop({ operation: { name, query } }: PlacedExchange): boolean {
  if (name !== "ContainerKill") return /^Container(Stop|Restart|Delete)$/.test(name);
  return !query.some(([key, value]) => key === "signal" && HARMLESS.test(value));
}

/** A TCP port of the host that stands for one of a container. */
export interface HostPortBinding {
  readonly host: number;
  /** `80/tcp` */
  readonly container: string;
}

/** The ports from `start` to the end of this run: those of the next inspect or list, else those of the create request. */
export function findPublishedPorts(
  exchanges: readonly PlacedExchange[],
  start: PlacedExchange,
): readonly HostPortBinding[] {
  const { container } = start;
  if (container === undefined) return [];
  let searched = 0;
  for (let at = start.entry.index + 1; at < exchanges.length && searched < SEARCHED_READS; at += 1) {
    const placed = exchanges[at] as PlacedExchange;
    if (placed.container === container && (isContainerStart(placed) || isContainerStop(placed))) break;
    if (!canShowPorts(placed, container)) continue;
    searched += 1;
    const ports = readShownPorts(placed, container);
    if (ports.length > 0) return ports;
  }
  return readRequestedPorts(exchanges, container);
}

function canShowPorts(placed: PlacedExchange, container: string): boolean {
  const { name } = placed.operation;
  return name === "ContainerList" || (name === "ContainerInspect" && placed.container === container);
}

function readShownPorts({ operation, entry }: PlacedExchange, container: string): readonly HostPortBinding[] {
  const shown = parseJson(entry.readExchange().response?.body);
  if (operation.name === "ContainerInspect") return toHostPorts(readMember(shown, "NetworkSettings", "Ports"));
  const item = toList(shown).find((each) => isContainer(each, container));
  return toList(readMember(item, "Ports"))
    .filter((port) => readMember(port, "Type") === "tcp")
    .flatMap((port) => toBindings(`${readMember(port, "PrivatePort")}/tcp`, readMember(port, "PublicPort")));
}

function isContainer(item: unknown, container: string): boolean {
  return readMember(item, "Id") === container || toList(readMember(item, "Names")).includes(`/${container}`);
}

function readRequestedPorts(exchanges: readonly PlacedExchange[], container: string): readonly HostPortBinding[] {
  const create = exchanges.find(
    (placed) => placed.operation.name === "ContainerCreate" && isCreationOf(placed, container),
  );
  const body = parseJson(create?.entry.readExchange().request.body);
  return toHostPorts(readMember(body, "HostConfig", "PortBindings"));
}

function isCreationOf({ operation, entry }: PlacedExchange, container: string): boolean {
  if (operation.query.some(([key, value]) => key === "name" && value === container)) return true;
  return readMember(parseJson(entry.readExchange().response?.body), "Id") === container;
}

/** `{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}, {"HostIp": "::", "HostPort": "8080"}]}` */
function toHostPorts(byPort: unknown): readonly HostPortBinding[] {
  const bindings = Object.entries((byPort ?? {}) as object)
    .filter(([port]) => port.endsWith("/tcp"))
    .flatMap(([port, bound]) => toList(bound).flatMap((binding) => toBindings(port, readMember(binding, "HostPort"))));
  // IPv4 and IPv6 each have a binding of the same port.
  return [...new Map(bindings.map((binding) => [binding.host, binding])).values()];
}

/** No binding where the daemon chooses the port: the request then has `0`, an empty text or a range. */
function toBindings(container: string, value: unknown): readonly HostPortBinding[] {
  const host = Number(value);
  return Number.isInteger(host) && host > 0 && host < 65_536 ? [{ host, container }] : [];
}

function parseJson(body: RecordedBody | undefined): unknown {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    return parseBoundedJson(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function readMember(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((member, name) => (member as Record<string, unknown> | null | undefined)?.[name], value);
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
