/** Reads query parameters as moby does (api/server/httputils/form.go, api/types/filters/parse.go). */
import { parseBoundedJson } from "../../../base/parse-json.ts";
import { type ApiError, badParameter, systemError } from "../../model/api-error.ts";
import { ENGINE_RELEASES, type EngineRelease, isOlderEngine } from "../../model/engine-release.ts";
import { Filters } from "../../model/filters.ts";
import { describeJsonError, nameGoKind } from "./go-json-error.ts";

const NO: ReadonlySet<string> = new Set(["", "0", "no", "false", "none"]);

export class QueryParameters {
  readonly #pairs: readonly (readonly [string, string])[];
  readonly #release: EngineRelease;

  constructor(pairs: readonly (readonly [string, string])[], release: EngineRelease = ENGINE_RELEASES["20.10"]) {
    this.#pairs = pairs;
    this.#release = release;
  }

  has(name: string): boolean {
    return this.#pairs.some(([key]) => key === name);
  }

  /** The first value, or an empty string. */
  get(name: string): string {
    return this.#pairs.find(([key]) => key === name)?.[1] ?? "";
  }

  getAll(name: string): string[] {
    return this.#pairs.filter(([key]) => key === name).map(([, value]) => value);
  }

  /** True for any value except an empty one, `0`, `no`, `false` and `none`. */
  getFlag(name: string, fallback = false): boolean {
    return this.has(name) ? !NO.has(this.get(name).trim().toLowerCase()) : fallback;
  }

  /** @throws ApiError 500 if it is not a number. moby does not mark this error as the client's. */
  getInteger(name: string): number | undefined {
    const text = this.get(name);
    if (text === "") return undefined;
    if (/^[+-]?\d+$/.test(text)) return Number(text);
    throw systemError(formatAtoiError(text));
  }

  /** Reads `filters`, written as maps or as lists, with any names. @throws ApiError 500 (28: 400) if it is neither */
  readAnyFilters(): Filters {
    try {
      return new Filters(parseFilters(this.get("filters")));
    } catch (error) {
      throw isOlderEngine(this.#release, "28") ? error : badParameter("invalid filter");
    }
  }

  /**
   * Reads `filters`, written as maps or as lists.
   * @throws ApiError 500 (28: 400) if it is neither, 400 if a filter is not in `known`
   */
  readFilters(known: readonly string[]): Filters {
    const filters = this.readAnyFilters();
    const unknown = filters.names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw badParameter(`Invalid filter '${unknown}'`);
    return filters;
  }
}

/** The error text of Go's strconv.Atoi. */
export function formatAtoiError(text: string): string {
  return `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}

function parseFilters(text: string): ReadonlyMap<string, readonly string[]> {
  if (text === "") return new Map();
  const parsed = parseJson(text);
  if (parsed === null) return new Map();
  if (typeof parsed !== "object" || Array.isArray(parsed)) throw createTypeError(parsed, "map[string]map[string]bool");
  return new Map(Object.entries(parsed).map(([name, values]) => [name, readFilterValues(values)]));
}

function parseJson(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch (error) {
    throw systemError(describeJsonError(text, (error as Error).message) ?? "unexpected end of JSON input");
  }
}

/** A list of values, or a map with the values as its keys. */
function readFilterValues(values: unknown): string[] {
  if (values === null) return [];
  if (Array.isArray(values)) return values.map(String);
  if (typeof values === "object") return Object.keys(values);
  throw createTypeError(values, "map[string]bool");
}

function createTypeError(value: unknown, goType: string): ApiError {
  return systemError(`json: cannot unmarshal ${nameGoKind(value)} into Go value of type ${goType}`);
}
