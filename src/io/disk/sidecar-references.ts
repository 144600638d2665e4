/** No reference is longer than this; the end of a piece is searched again together with the next piece. */
const OVERLAP = 1024;
const REFERENCE = /path["']?\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^,}\n]*))/g;

/**
 * Collects the file names of the sidecars that a cassette's text refers to, while the text passes in pieces. It
 * searches for `path: ` and does not parse: it may find too many (text in a body), never too few.
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
