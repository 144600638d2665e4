/** Query parameters as moby reads them (api/server/httputils/form.go, api/types/filters/parse.go). */
import { badParameter, systemError } from "../../model/api-error.ts";
import { Filters } from "../../model/filters.ts";

const NO: ReadonlySet<string> = new Set(["", "0", "no", "false", "none"]);

export class QueryParameters {
  readonly #pairs: readonly (readonly [string, string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.#pairs = pairs;
  }

  has(name: string): boolean {
    return this.#pairs.some(([key]) => key === name);
  }

  /** The first value; empty where there is none. */
  get(name: string): string {
    return this.#pairs.find(([key]) => key === name)?.[1] ?? "";
  }

  getAll(name: string): string[] {
    return this.#pairs.filter(([key]) => key === name).map(([, value]) => value);
  }

  /** Anything but a few words for no means yes. */
  getFlag(name: string, fallback = false): boolean {
    return this.has(name) ? !NO.has(this.get(name).trim().toLowerCase()) : fallback;
  }

  /** @throws Refusal 500: moby does not take its own parsing's word for the client's fault */
  getInteger(name: string): number | undefined {
    const text = this.get(name);
    if (text === "") return undefined;
    if (/^[+-]?\d+$/.test(text)) return Number(text);
    throw systemError(formatAtoiError(text));
  }

  /** `filters`, as maps or as lists, whatever their names. @throws Refusal if it is no JSON of either form */
  readAnyFilters(): Filters {
    return new Filters(parseFilters(this.get("filters")));
  }

  /**
   * `filters`, as maps or as lists.
   * @throws Refusal if it is no JSON of either form, or a filter is none of `known`
   */
  readFilters(known: readonly string[]): Filters {
    const filters = this.readAnyFilters();
    const unknown = filters.names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw badParameter(`Invalid filter '${unknown}'`);
    return filters;
  }
}

/** As strconv.Atoi complains. */
export function formatAtoiError(text: string): string {
  return `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}

function parseFilters(text: string): ReadonlyMap<string, readonly string[]> {
  if (text === "") return new Map();
  try {
    const parsed = JSON.parse(text) as Record<string, readonly string[] | Record<string, boolean>>;
    return new Map(Object.entries(parsed).map(([name, values]) => [name, readFilterValues(values)]));
  } catch {
    throw systemError(`invalid character '${text[0]}' looking for beginning of value`);
  }
}

function readFilterValues(values: unknown): string[] {
  if (Array.isArray(values)) return values.map(String);
  if (typeof values === "object" && values !== null) return Object.keys(values);
  throw new Error("neither a list nor a map");
}
