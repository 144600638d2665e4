import { totalSize } from "../../../../userland/files/tree.ts";
import { ApiError, badParameter, systemError } from "../../../model/api-error.ts";
import { type Container, isRunning } from "../../../model/container.ts";
import type { Filters } from "../../../model/filters.ts";
import { unixSeconds } from "../../../model/go-time.ts";
import { rootOf } from "../../../model/image.ts";
import { type Shape, type ShapeChange, shapeFor } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import { type LinkNames, linkNames } from "../../../runtime/links.ts";
import { json } from "../../http/answer.ts";
import { notInteger } from "../../http/query.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { taggedName } from "../images/shapes.ts";
import { mountShape } from "./inspect-shape.ts";
import { olderPorts, portsWithoutAddress } from "./old-ports.ts";
import { networksShape, spokenStatus } from "./shapes.ts";

const FILTERS =
  "ancestor before exited id isolation label name status health since volume network is-task publish expose".split(" ");
const STATUSES: readonly string[] = ["paused", "restarting", "removing", "running", "dead", "created", "exited"];

const CHANGES: readonly ShapeChange[] = [
  { since: "1.12", before: documented },
  { since: "1.5", before: (shape) => ({ ...shape, Ports: olderPorts(shape.Ports) }) },
];

export const containerList: Endpoint = {
  operation: "ContainerList",
  answer: (request, engine) => {
    const { api } = request;
    const told = { engine, hasSize: request.flag("size"), links: linkNames(engine) };
    const shapes = wanted(request, engine).map((container) => containerShape(container, told));
    return json(shapes.map((shape) => shapeFor(api, shape, CHANGES)));
  },
};

/** The members of the document of 1.9, and the names. An image is told with the tag that it goes by. */
function documented(shape: Shape): Shape {
  const { Id, Names, Image, Command, Created, State, Status, Ports, SizeRw = 0, SizeRootFs } = shape;
  return {
    Id,
    Names,
    Image: taggedName(Image),
    Command,
    Created,
    Status: State === "created" ? "Exit 0" : Status.replace(/^Exited \((\d+)\).*$/, "Exit $1"),
    Ports: portsWithoutAddress(Ports),
    ...(SizeRootFs === undefined ? {} : { SizeRw, SizeRootFs }),
  };
}

/** Newest first. */
function wanted(request: Request, engine: Engine): Container[] {
  const { query } = request;
  const filters = query.filters(FILTERS);
  const limit = request.integer("limit") ?? 0;
  const bounds = boundsOf(engine, filters, query);
  const isSelective = ["status", "exited"].some((name) => filters.has(name));
  const hasBounds = ["before", "since"].some((name) => query.has(name));
  const showsAll = request.flag("all") || limit > 0 || isSelective || hasBounds;
  const fits = filter(filters, engine);
  const found = [...engine.containers]
    .sort((one, other) => (one.created < other.created ? 1 : -1))
    .filter((container) => (showsAll || isRunning(container)) && bounds(container) && fits(container));
  return limit > 0 ? found.slice(0, limit) : found;
}

/** Older and newer than others; as parameters, unknown ones are not looked at. */
function boundsOf(engine: Engine, filters: Filters, query: Request["query"]): (container: Container) => boolean {
  const before = boundOf(engine, query.text("before"), filters.values("before")[0]);
  const since = boundOf(engine, query.text("since"), filters.values("since")[0]);
  return ({ created }) =>
    (before === undefined || created < before.created) && (since === undefined || created > since.created);
}

function boundOf(engine: Engine, lenient: string, strict: string | undefined): Container | undefined {
  try {
    if (strict !== undefined) return engine.containers.find(strict);
    return lenient === "" ? undefined : engine.containers.find(lenient);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (strict !== undefined) throw systemError(`no such container ${strict}`);
    return undefined;
  }
}

function filter(filters: Filters, engine: Engine): (container: Container) => boolean {
  for (const status of filters.values("status"))
    if (!STATUSES.includes(status)) throw badParameter(`Invalid filter 'status=${status}'`);
  for (const code of filters.values("exited")) if (!/^[+-]?\d+$/.test(code)) throw systemError(notInteger(code));
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
  const wanted = wish.includes("/") ? wish : `${wish}/tcp`;
  if (isPublished) return Object.entries(ports).some(([port, bindings]) => port === wanted && bindings !== null);
  return wanted in (config.ExposedPorts ?? {}) || wanted in ports;
}

/** What an entry is made from beside its container. */
export interface Told {
  readonly engine: Engine;
  readonly hasSize: boolean;
  readonly links: LinkNames;
}

export function containerShape(container: Container, { engine, hasSize, links }: Told): Shape {
  const { id, name, config, imageId, created, state, hostConfig, argv } = container;
  return {
    Id: id,
    Names: [`/${name}`, ...(links.get(id) ?? [])].sort(),
    Image: config.Image || imageId,
    ImageID: imageId,
    Command: argv.map(quotedWord).join(" "),
    Created: unixSeconds(created),
    Ports: portsShape(container),
    ...(hasSize ? sizes(engine, container) : {}),
    Labels: config.Labels,
    State: state.status,
    Status: spokenStatus(container, engine.time.now()),
    HostConfig: { NetworkMode: hostConfig.NetworkMode },
    NetworkSettings: { Networks: placesShape(container) },
    Mounts: container.mounts.map(mountShape),
  };
}

/** A list does not tell by which names it is found in its networks. */
function placesShape(container: Container): Shape {
  const places = Object.entries(networksShape(container));
  return Object.fromEntries(places.map(([name, shape]) => [name, { ...shape, ...NAMELESS }]));
}

const NAMELESS = { Links: null, Aliases: null, DriverOpts: null };

/** Arguments with blanks stand in single quotes. */
function quotedWord(word: string, index: number): string {
  return index > 0 && word.includes(" ") ? `'${word}'` : word;
}

export function portsShape({ ports }: Container): Shape[] {
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
export function sizes(
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
