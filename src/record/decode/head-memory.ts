import { RecentValues } from "../../base/recent-values.ts";

/** Longer heads are rarely equal. */
const LONGEST = 2048;
const MOST = 4;

/**
 * What was made of the latest heads of one side of a connection. A client that polls sends and gets the same bytes again
 * and again: equal heads are one object, which was parsed once, and by which others know it again.
 */
export class HeadMemory<T extends object> {
  readonly #parse: (raw: Buffer) => T;
  readonly #known = new RecentValues<string, T>(MOST);

  /** @param parse makes what must not be changed afterwards */
  constructor(parse: (raw: Buffer) => T) {
    this.#parse = parse;
  }

  /** @throws what `parse` throws */
  read(raw: Buffer): T {
    if (raw.length > LONGEST) return this.#parse(raw);
    const text = raw.toString("latin1");
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const made = this.#parse(raw);
    this.#known.put(text, made, 1);
    return made;
  }
}
