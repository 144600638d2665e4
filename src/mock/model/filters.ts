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
    return this.getValues(name).length > 0;
  }

  getValues(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** True without the filter, or if one of its values matches. */
  hasMatch(name: string, isMatch: (value: string) => boolean): boolean {
    const values = this.getValues(name);
    return values.length === 0 || values.some(isMatch);
  }

  /** True without the filter, or if one of its values equals this one. */
  hasExactly(name: string, value: string): boolean {
    return this.hasMatch(name, (filter) => filter === value);
  }

  /** True if all values of the filter, `key` or `key=value`, match the labels. */
  hasLabels(labels: Readonly<Record<string, string>>, name = "label"): boolean {
    return this.getValues(name).every((filter) => hasLabel(labels, filter));
  }

  /** The boolean of the filter, in one of Go's spellings. Undefined without the filter. @throws ApiError 400 */
  getFlag(name: string): boolean | undefined {
    const [value] = this.getValues(name);
    if (value === undefined) return undefined;
    if (/^(1|t|true)$/i.test(value)) return true;
    if (/^(0|f|false)$/i.test(value)) return false;
    throw badParameter(`Invalid filter '${name}=[${this.getValues(name).join(" ")}]'`);
  }
}

function hasLabel(labels: Readonly<Record<string, string>>, filter: string): boolean {
  const equals = filter.indexOf("=");
  if (equals === -1) return filter in labels;
  return labels[filter.slice(0, equals)] === filter.slice(equals + 1);
}
