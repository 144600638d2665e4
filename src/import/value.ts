import type { CassetteError } from "../base/errors.ts";
import { errorAt, type Source } from "../yaml/error-at.ts";
import type { Node } from "./json.ts";

/** A file's text, and which line an offset is on; a HAR has thousands of entries to be placed. */
export class Page {
  readonly source: Source;
  #lineEnds: readonly number[] | undefined;

  constructor(source: Source) {
    this.source = source;
  }

  lineOf(offset: number): number {
    this.#lineEnds ??= [...this.source.text.matchAll(/\n/g)].map(({ index }) => index);
    let [low, high] = [0, this.#lineEnds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineEnds[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}

/** A value of a foreign file: what it is called there, and where it stands. What is missing stands where it should be. */
export class Value {
  readonly what: string;
  readonly node: Node | undefined;
  readonly #page: Page;
  readonly #at: number;

  constructor(page: Page, what: string, node: Node | undefined, at = 0) {
    this.#page = page;
    this.what = what;
    this.node = node;
    this.#at = node?.start ?? at;
  }

  get isThere(): boolean {
    return this.node !== undefined && !(this.node.kind === "atom" && this.node.value === null);
  }

  /** The member of this name; of what is no map, none. */
  get(name: string): Value {
    const node = this.node?.kind === "map" ? this.node.members.get(name) : undefined;
    return new Value(this.#page, name, node, this.#at);
  }

  items(): readonly Value[] {
    if (this.node?.kind !== "list") throw this.wrong("a list");
    return this.node.items.map((item) => new Value(this.#page, this.what, item));
  }

  entries(): readonly (readonly [string, Value])[] {
    if (this.node?.kind !== "map") throw this.wrong("an object");
    return [...this.node.members].map(([name, node]) => [name, new Value(this.#page, name, node)]);
  }

  text(): string {
    if (this.node?.kind !== "text") throw this.wrong("text");
    return this.node.text;
  }

  number(): number {
    if (this.node?.kind !== "atom" || typeof this.node.value !== "number") throw this.wrong("a number");
    return this.node.value;
  }

  textOr(other: string): string {
    return this.isThere ? this.text() : other;
  }

  numberOr(other: number): number {
    return this.isThere ? this.number() : other;
  }

  /** As it is spelled in the file. */
  get json(): string {
    return this.node === undefined ? "" : this.#page.source.text.slice(this.node.start, this.node.end);
  }

  /** `fixtures/run.json:12` */
  get place(): string {
    return `${this.#page.source.file}:${this.#page.lineOf(this.#at)}`;
  }

  wrong(expected: string): CassetteError {
    const got = this.node === undefined ? "nothing" : this.node.kind === "atom" ? `\`${this.json}\`` : this.node.kind;
    const message = `\`${this.what}\` must be ${expected}, got ${got}`;
    return errorAt(this.#page.source, this.#at, "WHALESONG_IMPORT_SHAPE", message);
  }
}
