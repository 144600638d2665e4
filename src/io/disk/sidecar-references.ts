/** No reference is longer than this; so much of a piece is looked at again with the next. */
const OVERLAP = 1024;
const REFERENCE = /path["']?\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^,}\n]*))/g;

/**
 * The sidecars that a cassette's text refers to, by their last name, while the text goes by in pieces. Looks for
 * `path: ` and does not parse: it may find too many (text in a body), never too few.
 */
export class SidecarReferences {
  readonly #names = new Set<string>();
  #last = "";

  has(name: string): boolean {
    return this.#names.has(name);
  }

  push(bytes: Buffer): void {
    const text = this.#last + bytes.toString("latin1");
    for (const [, double, single, plain] of text.matchAll(REFERENCE)) {
      const path = (double ?? single ?? plain ?? "").trim();
      this.#names.add(path.slice(path.lastIndexOf("/") + 1));
    }
    this.#last = text.slice(-OVERLAP);
  }
}
