/** Query parameters as moby reads them (api/server/httputils/form.go, api/types/filters/parse.go). */
import { badParameter, systemError } from "../../model/api-error.ts";
import { Filters } from "../../model/filters.ts";

const NO: ReadonlySet<string> = new Set(["", "0", "no", "false", "none"]);

export class Query {
  readonly #pairs: readonly (readonly [string, string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.#pairs = pairs;
  }

  has(name: string): boolean {
    return this.#pairs.some(([key]) => key === name);
  }

  /** The first value; empty where there is none. */
  text(name: string): string {
    return this.#pairs.find(([key]) => key === name)?.[1] ?? "";
  }

  all(name: string): string[] {
    return this.#pairs.filter(([key]) => key === name).map(([, value]) => value);
  }

  /** Anything but a few words for no means yes. */
  flag(name: string, fallback = false): boolean {
    return this.has(name) ? !NO.has(this.text(name).trim().toLowerCase()) : fallback;
  }

  /** @throws Refusal 500: moby does not take its own parsing's word for the client's fault */
  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === "") return undefined;
    if (/^[+-]?\d+$/.test(text)) return Number(text);
    throw systemError(notInteger(text));
  }

  /** `filters`, as maps or as lists, whatever their names. @throws Refusal if it is no JSON of either form */
  anyFilters(): Filters {
    return new Filters(parseFilters(this.text("filters")));
  }

  /**
   * `filters`, as maps or as lists.
   * @throws Refusal if it is no JSON of either form, or a filter is none of `known`
   */
  filters(known: readonly string[]): Filters {
    const filters = this.anyFilters();
    const unknown = filters.names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw badParameter(`Invalid filter '${unknown}'`);
    return filters;
  }
}

/** As strconv.Atoi complains. */
export function notInteger(text: string): string {
  return `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}

function parseFilters(text: string): ReadonlyMap<string, readonly string[]> {
  if (text === "") return new Map();
  try {
    const parsed = JSON.parse(text) as Record<string, readonly string[] | Record<string, boolean>>;
    return new Map(Object.entries(parsed).map(([name, values]) => [name, valuesOf(values)]));
  } catch {
    throw systemError(`invalid character '${text[0]}' looking for beginning of value`);
  }
}

function valuesOf(values: unknown): string[] {
  if (Array.isArray(values)) return values.map(String);
  if (typeof values === "object" && values !== null) return Object.keys(values);
  throw new Error("neither a list nor a map");
}
