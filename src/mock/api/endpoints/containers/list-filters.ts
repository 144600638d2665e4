/** Selects the containers of a list (moby daemon/list.go). */
import { ApiError, badParameter, systemError } from "../../../model/api-error.ts";
import { type Container, isRunning } from "../../../model/container.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { Filters } from "../../../model/filters.ts";
import type { Engine } from "../../../operations/engine.ts";
import { formatAtoiError } from "../../http/query.ts";
import type { ApiRequest } from "../../http/request.ts";

const FILTERS =
  "ancestor before exited id isolation label name status health since volume network is-task publish expose".split(" ");
const HEALTHS: readonly string[] = ["none", "starting", "healthy", "unhealthy"];
const STATUSES: readonly string[] = ["paused", "restarting", "removing", "running", "dead", "created", "exited"];

/** The containers that the request selects, newest first. */
export function selectContainers(request: ApiRequest, engine: Engine): Container[] {
  const { query } = request;
  const filters = query.readFilters(FILTERS);
  const limit = request.getInteger("limit") ?? 0;
  const isInBounds = createBounds(engine, filters, query);
  const isSelective = ["status", "exited"].some((name) => filters.has(name));
  const hasBounds = ["before", "since"].some((name) => query.has(name));
  const showsAll = request.getFlag("all") || limit > 0 || isSelective || hasBounds;
  const matches = createFilter(filters, engine);
  const selected = [...engine.containers]
    .filter((container) => (showsAll || isRunning(container)) && isInBounds(container) && matches(container))
    .sort((one, other) => (one.created < other.created ? 1 : -1));
  return limit > 0 ? selected.slice(0, limit) : selected;
}

/** `before` and `since`, as filters or as parameters. As parameters they are ignored if no such container exists. */
function createBounds(engine: Engine, filters: Filters, query: ApiRequest["query"]): (container: Container) => boolean {
  const before = findBound(engine, query.get("before"), filters.getValues("before")[0]);
  const since = findBound(engine, query.get("since"), filters.getValues("since")[0]);
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
  for (const status of filters.getValues("status"))
    if (!STATUSES.includes(status)) throw badParameter(`Invalid filter 'status=${status}'`);
  for (const health of filters.getValues("health")) checkHealth(health, engine);
  for (const code of filters.getValues("exited")) if (!/^[+-]?\d+$/.test(code)) throw createExitedError(code, engine);
  const getExpression = createExpressions();
  const ancestors = filters.getValues("ancestor").map((name) => engine.images.lookUp(name)?.id ?? name);
  return (container) => {
    const { id, name, config, state, mounts, networks, imageId } = container;
    return (
      filters.hasMatch("id", (value) => id.startsWith(value)) &&
      filters.hasMatch("name", (value) => isNamed(name, getExpression(value))) &&
      filters.hasLabels(config.Labels) &&
      filters.hasExactly("status", state.status) &&
      filters.hasExactly("health", state.health?.status ?? "none") &&
      filters.hasMatch("exited", (code) => state.status === "exited" && state.exitCode === Number(code)) &&
      filters.hasMatch("volume", (value) =>
        mounts.some((mount) => [mount.name, mount.destination, mount.source].includes(value)),
      ) &&
      filters.hasMatch("network", (value) =>
        Object.entries(networks).some(([key, { networkId }]) => key === value || networkId === value),
      ) &&
      (ancestors.length === 0 || ancestors.includes(imageId)) &&
      filters.hasMatch("publish", (port) => hasPort(container, port, true)) &&
      filters.hasMatch("expose", (port) => hasPort(container, port, false)) &&
      filters.getFlag("is-task") !== true
    );
  };
}

/** @throws ApiError 400 */
function checkHealth(health: string, { release }: Engine): void {
  if (HEALTHS.includes(health)) return;
  if (isOlderEngine(release, "28")) throw badParameter(`Unrecognised filter value for health: ${health}`);
  const known = HEALTHS.join(", ");
  throw badParameter(
    `invalid filter 'health=${health}': invalid value for health (${health}): must be one of ${known}`,
  );
}

function createExitedError(code: string, { release }: Engine): ApiError {
  const why = formatAtoiError(code);
  return isOlderEngine(release, "28") ? systemError(why) : badParameter(`invalid filter 'exited=${code}': ${why}`);
}

/** The filter is a regular expression. It may match the name with or without its slash. */
function isNamed(name: string, expression: RegExp): boolean {
  return expression.test(`/${name}`) || expression.test(name);
}

/** Compiles each expression once, for all containers. A faulty one is an error as soon as a container is compared with it. */
function createExpressions(): (text: string) => RegExp {
  const compiled = new Map<string, RegExp>();
  return (text) => {
    const expression = compiled.get(text) ?? compileExpression(text);
    compiled.set(text, expression);
    return expression;
  };
}

/** @throws ApiError 400 */
function compileExpression(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw badParameter(`error parsing regexp: \`${text}\``);
  }
}

function hasPort({ ports, config }: Container, value: string, isPublished: boolean): boolean {
  const key = value.includes("/") ? value : `${value}/tcp`;
  if (isPublished) return Object.entries(ports).some(([port, bindings]) => port === key && bindings !== null);
  return key in (config.ExposedPorts ?? {}) || key in ports;
}
