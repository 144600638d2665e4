import { decodeUtf8 } from "../../base/bytes.ts";
import { createInterner } from "../../base/intern.ts";
import { findRoute } from "./route-index.ts";

/** The API operation of a request, from its method and target alone. */
export interface Operation {
  /** moby's swagger operationId, e.g. `ContainerAttach`, or `Unknown`. */
  readonly name: string;
  /** `1.41`, or undefined where the path has no version. */
  readonly apiVersion: string | undefined;
  /** Without version and query, as sent. */
  readonly path: string;
  /** The path's parameters, decoded: `{ id: "web" }`, `{ name: "example.com/org/image:tag" }`. */
  readonly params: Readonly<Record<string, string>>;
  /** Decoded, in order, duplicates kept. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** moby: `/v{version:[0-9.]+}` */
const VERSIONED = /^\/v([0-9.]+)(?=\/)/;
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;
const ESCAPED_OR_RAW = /[%\x80-\xff]/;
const internVersion = createInterner();
/** Shared, as most operations have none. */
const NO_QUERY: Operation["query"] = [];
const BAD_ESCAPE = /%(?![0-9a-f]{2})/i;

/** Calls of BuildKit's API that change something; `GRPC` stands for their method. All others read. */
const BUILDKIT_CHANGES: ReadonlyMap<string, string> = new Map([
  ["/moby.buildkit.v1.Control/Solve", "BuildSolve"],
  ["/moby.buildkit.v1.Control/Prune", "BuildPrune"],
  ["/moby.buildkit.v1.Control/UpdateBuildHistory", "BuildHistoryUpdate"],
]);

/** Runs for every request, so it splits the target once and finds the operation without trying each route. */
export function parseOperation(method: string, target: string): Operation {
  if (method === "GRPC") return toBuildkitOperation(target);
  const local = target.startsWith("/") ? target : target.replace(ABSOLUTE, "");
  const mark = local.indexOf("?");
  const versioned = mark === -1 ? local : local.slice(0, mark);
  const version = VERSIONED.exec(versioned);
  const path = version === null ? versioned : versioned.slice(version[0].length);
  const { name, params } = findRoute(method, decodePercent(path));
  const apiVersion = version === null ? undefined : internVersion(version[1] as string);
  return { name, apiVersion, path, params, query: mark === -1 ? NO_QUERY : parseQuery(local.slice(mark + 1)) };
}

function toBuildkitOperation(path: string): Operation {
  return { name: BUILDKIT_CHANGES.get(path) ?? "BuildRead", apiVersion: undefined, path, params: {}, query: [] };
}

function parseQuery(text: string): (readonly [string, string])[] {
  return text
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      if (equals === -1) return [decodeQuery(pair), ""];
      return [decodeQuery(pair.slice(0, equals)), decodeQuery(pair.slice(equals + 1))];
    });
}

function decodeQuery(text: string): string {
  return decodePercent(text.includes("+") ? text.replaceAll("+", " ") : text);
}

/** Decodes percent-escapes and raw bytes as UTF-8; returns the text as sent if they are not UTF-8. */
function decodePercent(text: string): string {
  if (!ESCAPED_OR_RAW.test(text) || BAD_ESCAPE.test(text)) return text;
  const latin1 = text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodeUtf8(Buffer.from(latin1, "latin1")) ?? text;
}
