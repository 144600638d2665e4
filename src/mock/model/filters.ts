/** The filters of lists, prunes and events (moby api/types/filters). */
import { badParameter } from "./api-error.ts";

/** Named filters: an object is selected if each filter accepts it by one of its values. */
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
