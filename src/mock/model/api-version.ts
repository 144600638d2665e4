/** dockerd 20.10 refuses older versions. */
const OLDEST_SUPPORTED = "1.12";

/** A version of the Engine API, such as 1.24. Versions compare by number: 1.9 is before 1.18. */
export class ApiVersion {
  readonly text: string;
  readonly #order: number;

  constructor(text: string) {
    this.text = text;
    this.#order = toOrder(text);
  }

  /** Older than dockerd 20.10 supports. Only the documentation describes such a version. */
  get isLegacy(): boolean {
    return this.isBefore(OLDEST_SUPPORTED);
  }

  isBefore(text: string): boolean {
    return this.#order < toOrder(text);
  }

  isAfter(text: string): boolean {
    return this.#order > toOrder(text);
  }
}

/** A missing number is 0, and leading zeros do not count (moby api/types/versions/compare.go). */
function toOrder(text: string): number {
  const [major = 0, minor = 0] = text.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return major * 100_000 + minor;
}
