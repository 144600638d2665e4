/**
 * Finds a route in at most three look-ups, however many routes there are: by the whole path, by the first and last
 * segment around a parameter, and by the first segment before one.
 */
import { ROUTES, type RouteLine } from "./routes.ts";

/** The operation of a method and path, and the parameters in the path. */
export interface RouteMatch {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly name: string;
  readonly before: string;
  readonly param: string | undefined;
  readonly mayHaveSlashes: boolean;
  readonly after: string;
}

const TEMPLATE = /^([^{]*)(?:\{(\w+)(\.\.\.)?\}(.*))?$/;
const NO_PARAMS: Readonly<Record<string, string>> = {};
const UNKNOWN: RouteMatch = { name: "Unknown", params: NO_PARAMS };
/** By method, then by path or by what is around the parameter. */
const INDEX: ReadonlyMap<string, ReadonlyMap<string, Route>> = indexRoutes();

function indexRoutes(): ReadonlyMap<string, ReadonlyMap<string, Route>> {
  const methods = new Map<string, Map<string, Route>>();
  for (const line of ROUTES) {
    const routes = methods.get(line[0]) ?? new Map<string, Route>();
    methods.set(line[0], routes.set(...indexRoute(line)));
  }
  return methods;
}

function indexRoute([, template, name]: RouteLine): [string, Route] {
  const [, before = "", param, dots, after = ""] = TEMPLATE.exec(template) ?? [];
  const route = { name, before, param, mayHaveSlashes: dots !== undefined, after };
  if (param === undefined) return [template, route];
  return [`${before}*${after.slice(after.lastIndexOf("/"))}`, route];
}

/** `path` is decoded and has neither version nor query. */
export function findRoute(method: string, path: string): RouteMatch {
  const routes = INDEX.get(method);
  if (routes === undefined) return UNKNOWN;
  const whole = routes.get(path);
  // A template's key contains a `*`, and so may a path.
  if (whole !== undefined && whole.param === undefined) return { name: whole.name, params: NO_PARAMS };
  const slash = path.indexOf("/", 1) + 1;
  if (slash === 0) return UNKNOWN;
  const start = `${path.slice(0, slash)}*`;
  return (
    matchRoute(routes.get(start + path.slice(path.lastIndexOf("/"))), path) ??
    matchRoute(routes.get(start), path) ??
    UNKNOWN
  );
}

function matchRoute(route: Route | undefined, path: string): RouteMatch | undefined {
  if (route?.param === undefined || !path.endsWith(route.after)) return undefined;
  const value = path.slice(route.before.length, path.length - route.after.length);
  if (value === "" || (!route.mayHaveSlashes && value.includes("/"))) return undefined;
  // Most are ids; an object that is written out takes half of the memory.
  return { name: route.name, params: route.param === "id" ? { id: value } : { [route.param]: value } };
}
