/** dockerd 20.10 refuses clients of older versions. */
export const OLDEST_SPOKEN = "1.12";

/** A version of the Engine API, such as 1.24. Compared by its numbers: 1.9 is before 1.18. */
export class ApiVersion {
  readonly text: string;
  readonly #order: number;

  constructor(text: string) {
    this.text = text;
    this.#order = orderOf(text);
  }

  /** No daemon speaks it any more: documents are all that is known of it. */
  get isBygone(): boolean {
    return this.isBefore(OLDEST_SPOKEN);
  }

  isBefore(text: string): boolean {
    return this.#order < orderOf(text);
  }

  isAfter(text: string): boolean {
    return this.#order > orderOf(text);
  }
}

/** As moby compares them (api/types/versions/compare.go): missing numbers are 0, leading zeros do not count. */
function orderOf(text: string): number {
  const [major = 0, minor = 0] = text.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return major * 100_000 + minor;
}
