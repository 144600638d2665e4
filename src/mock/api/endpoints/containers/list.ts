import { totalSize } from "../../../../userland/files/tree.ts";
import { ApiError, badParameter, systemError } from "../../../model/api-error.ts";
import { type Container, isRunning } from "../../../model/container.ts";
import type { Filters } from "../../../model/filters.ts";
import { unixSeconds } from "../../../model/go-time.ts";
import { rootOf } from "../../../model/image.ts";
import type { Shape } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import { type LinkNames, linkNames } from "../../../runtime/links.ts";
import { formatAtoiError } from "../../http/query.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toTaggedName } from "../../version/legacy-image-names.ts";
import { formatPorts, omitPortAddresses } from "../../version/legacy-ports.ts";
import type { Endpoint } from "../endpoint.ts";
import { toMountJson } from "./inspect-json.ts";
import { formatStatus, toNetworksJson } from "./network-json.ts";

const FILTERS =
  "ancestor before exited id isolation label name status health since volume network is-task publish expose".split(" ");
const STATUSES: readonly string[] = ["paused", "restarting", "removing", "running", "dead", "created", "exited"];

const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.12", downgrade: toDocumentedJson },
  { since: "1.5", downgrade: (shape) => ({ ...shape, Ports: formatPorts(shape.Ports) }) },
];

export const containerList: Endpoint = {
  operation: "ContainerList",
  respond: (request, engine) => {
    const { api } = request;
    const context = { engine, hasSize: request.getFlag("size"), links: linkNames(engine) };
    const shapes = selectContainers(request, engine).map((container) => toContainerSummary(container, context));
    return jsonResponse(shapes.map((shape) => downgradeTo(api, shape, DOWNGRADES)));
  },
};

/** The members of the document of 1.9, and the names. An image is told with the tag that it goes by. */
function toDocumentedJson(shape: Shape): Shape {
  const { Id, Names, Image, Command, Created, State, Status, Ports, SizeRw = 0, SizeRootFs } = shape;
  return {
    Id,
    Names,
    Image: toTaggedName(Image),
    Command,
    Created,
    Status: State === "created" ? "Exit 0" : Status.replace(/^Exited \((\d+)\).*$/, "Exit $1"),
    Ports: omitPortAddresses(Ports),
    ...(SizeRootFs === undefined ? {} : { SizeRw, SizeRootFs }),
  };
}

/** Newest first. */
function selectContainers(request: ApiRequest, engine: Engine): Container[] {
  const { query } = request;
  const filters = query.readFilters(FILTERS);
  const limit = request.getInteger("limit") ?? 0;
  const isInBounds = createBounds(engine, filters, query);
  const isSelective = ["status", "exited"].some((name) => filters.has(name));
  const hasBounds = ["before", "since"].some((name) => query.has(name));
  const showsAll = request.getFlag("all") || limit > 0 || isSelective || hasBounds;
  const matches = createFilter(filters, engine);
  const selected = [...engine.containers]
    .sort((one, other) => (one.created < other.created ? 1 : -1))
    .filter((container) => (showsAll || isRunning(container)) && isInBounds(container) && matches(container));
  return limit > 0 ? selected.slice(0, limit) : selected;
}

/** Older and newer than others; as parameters, unknown ones are not looked at. */
function createBounds(engine: Engine, filters: Filters, query: ApiRequest["query"]): (container: Container) => boolean {
  const before = findBound(engine, query.get("before"), filters.values("before")[0]);
  const since = findBound(engine, query.get("since"), filters.values("since")[0]);
  return ({ created }) =>
    (before === undefined || created < before.created) && (since === undefined || created > since.created);
}

function findBound(engine: Engine, lenient: string, strict: string | undefined): Container | undefined {
  try {
    if (strict !== undefined) return engine.containers.find(strict);
    return lenient === "" ? undefined : engine.containers.find(lenient);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (strict !== undefined) throw systemError(`no such container ${strict}`);
    return undefined;
  }
}

function createFilter(filters: Filters, engine: Engine): (container: Container) => boolean {
  for (const status of filters.values("status"))
    if (!STATUSES.includes(status)) throw badParameter(`Invalid filter 'status=${status}'`);
  for (const code of filters.values("exited")) if (!/^[+-]?\d+$/.test(code)) throw systemError(formatAtoiError(code));
  const ancestors = filters.values("ancestor").map((name) => engine.images.lookUp(name)?.id ?? name);
  return (container) => {
    const { id, name, config, state, mounts, networks, imageId } = container;
    return (
      filters.some("id", (wish) => id.startsWith(wish)) &&
      filters.some("name", (wish) => isNamed(name, wish)) &&
      filters.labels(config.Labels) &&
      filters.exactly("status", state.status) &&
      filters.exactly("health", state.health?.status ?? "none") &&
      filters.some("exited", (code) => state.status === "exited" && state.exitCode === Number(code)) &&
      filters.some("volume", (wish) =>
        mounts.some((mount) => [mount.name, mount.destination, mount.source].includes(wish)),
      ) &&
      filters.some("network", (wish) =>
        Object.entries(networks).some(([key, { networkId }]) => key === wish || networkId === wish),
      ) &&
      (ancestors.length === 0 || ancestors.includes(imageId)) &&
      filters.some("publish", (port) => hasPort(container, port, true)) &&
      filters.some("expose", (port) => hasPort(container, port, false)) &&
      filters.flag("is-task") !== true
    );
  };
}

/** The filter is an expression; names have their slash for it, or have it not. */
function isNamed(name: string, wish: string): boolean {
  try {
    const expression = new RegExp(wish);
    return expression.test(`/${name}`) || expression.test(name);
  } catch {
    throw badParameter(`error parsing regexp: \`${wish}\``);
  }
}

function hasPort({ ports, config }: Container, wish: string, isPublished: boolean): boolean {
  const key = wish.includes("/") ? wish : `${wish}/tcp`;
  if (isPublished) return Object.entries(ports).some(([port, bindings]) => port === key && bindings !== null);
  return key in (config.ExposedPorts ?? {}) || key in ports;
}

/** What an entry is made from beside its container. */
export interface SummaryContext {
  readonly engine: Engine;
  readonly hasSize: boolean;
  readonly links: LinkNames;
}

export function toContainerSummary(container: Container, { engine, hasSize, links }: SummaryContext): Shape {
  const { id, name, config, imageId, created, state, hostConfig, argv } = container;
  return {
    Id: id,
    Names: [`/${name}`, ...(links.get(id) ?? [])].sort(),
    Image: config.Image || imageId,
    ImageID: imageId,
    Command: argv.map(quoteWord).join(" "),
    Created: unixSeconds(created),
    Ports: toPortsJson(container),
    ...(hasSize ? measureContainer(engine, container) : {}),
    Labels: config.Labels,
    State: state.status,
    Status: formatStatus(container, engine.time.now()),
    HostConfig: { NetworkMode: hostConfig.NetworkMode },
    NetworkSettings: { Networks: toListedNetworks(container) },
    Mounts: container.mounts.map(toMountJson),
  };
}

/** A list does not tell by which names it is found in its networks. */
function toListedNetworks(container: Container): Shape {
  const networks = Object.entries(toNetworksJson(container));
  return Object.fromEntries(networks.map(([name, shape]) => [name, { ...shape, ...NOT_LISTED }]));
}

const NOT_LISTED = { Links: null, Aliases: null, DriverOpts: null };

/** Arguments with blanks stand in single quotes. */
function quoteWord(word: string, index: number): string {
  return index > 0 && word.includes(" ") ? `'${word}'` : word;
}

export function toPortsJson({ ports }: Container): Shape[] {
  return Object.entries(ports).flatMap(([port, bindings]) => {
    const [number = "", type = "tcp"] = port.split("/");
    const own = { PrivatePort: Number(number), Type: type };
    if (bindings === null) return [own];
    return bindings.map(({ HostIp, HostPort }) => ({
      IP: HostIp,
      PrivatePort: own.PrivatePort,
      PublicPort: Number(HostPort),
      Type: type,
    }));
  });
}

/** What it has written, and all that it sees. */
export function measureContainer(
  engine: Engine,
  container: Container,
): { readonly SizeRw: number | undefined; readonly SizeRootFs: number } {
  const { files } = runtimeOf(engine, container);
  const image = engine.images.get(container.imageId);
  const root = image === undefined ? undefined : rootOf(image);
  const whole = totalSize(files.root);
  const written = whole - (root === undefined ? 0 : totalSize(root));
  return { SizeRw: written > 0 ? written : undefined, SizeRootFs: whole };
}
