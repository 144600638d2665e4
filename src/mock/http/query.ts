/** Query parameters as moby reads them (api/server/httputils/form.go, api/types/filters/parse.go). */
import { badParameter, systemError } from "../refusal.ts";

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

/** What a list or a stream is to be narrowed to: each filter named must fit in one of its values. */
export class Filters {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#values = values;
  }

  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  has(name: string): boolean {
    return this.values(name).length > 0;
  }

  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** True where the filter is not given, or one of its values fits. */
  some(name: string, fits: (value: string) => boolean): boolean {
    const values = this.values(name);
    return values.length === 0 || values.some(fits);
  }

  /** True where the filter is not given, or one of its values is this one. */
  exactly(name: string, value: string): boolean {
    return this.some(name, (wanted) => wanted === value);
  }

  /** `label=key` or `label=key=value`; all that are given must fit. */
  labels(labels: Readonly<Record<string, string>>, name = "label"): boolean {
    return this.values(name).every((wanted) => hasLabel(labels, wanted));
  }

  /** True or false where the filter is given as one of Go's words for it. */
  flag(name: string): boolean | undefined {
    const [value] = this.values(name);
    if (value === undefined) return undefined;
    if (/^(1|t|true)$/i.test(value)) return true;
    if (/^(0|f|false)$/i.test(value)) return false;
    throw badParameter(`Invalid filter '${name}=[${this.values(name).join(" ")}]'`);
  }
}

function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const equals = wanted.indexOf("=");
  if (equals === -1) return wanted in labels;
  return labels[wanted.slice(0, equals)] === wanted.slice(equals + 1);
}
