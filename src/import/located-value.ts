import type { CassetteError } from "../base/errors.ts";
import { createErrorAt, type SourceText } from "../yaml/error-at.ts";
import type { JsonNode } from "./json-node.ts";

/** A file's text, and the line of an offset; a HAR has thousands of entries whose line is asked for. */
export class SourceLines {
  readonly source: SourceText;
  #lineEnds: readonly number[] | undefined;

  constructor(source: SourceText) {
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

/** A value of another tool's file, its name and its place there. A missing value has the place where it should be. */
export class LocatedValue {
  readonly label: string;
  readonly node: JsonNode | undefined;
  readonly #page: SourceLines;
  readonly #at: number;

  constructor(page: SourceLines, what: string, node: JsonNode | undefined, at = 0) {
    this.#page = page;
    this.label = what;
    this.node = node;
    this.#at = node?.start ?? at;
  }

  get isPresent(): boolean {
    return this.node !== undefined && !(this.node.kind === "atom" && this.node.value === null);
  }

  /** The member of this name; a missing value where this is no map. */
  getMember(name: string): LocatedValue {
    const node = this.node?.kind === "map" ? this.node.members.get(name) : undefined;
    return new LocatedValue(this.#page, name, node, this.#at);
  }

  toItems(): readonly LocatedValue[] {
    if (this.node?.kind !== "list") throw this.createShapeError("a list");
    return this.node.items.map((item) => new LocatedValue(this.#page, this.label, item));
  }

  toEntries(): readonly (readonly [string, LocatedValue])[] {
    if (this.node?.kind !== "map") throw this.createShapeError("an object");
    return [...this.node.members].map(([name, node]) => [name, new LocatedValue(this.#page, name, node)]);
  }

  toText(): string {
    if (this.node?.kind !== "text") throw this.createShapeError("text");
    return this.node.text;
  }

  toNumber(): number {
    if (this.node?.kind !== "atom" || typeof this.node.value !== "number") throw this.createShapeError("a number");
    return this.node.value;
  }

  toTextOr(other: string): string {
    return this.isPresent ? this.toText() : other;
  }

  toNumberOr(other: number): number {
    return this.isPresent ? this.toNumber() : other;
  }

  /** As it is spelled in the file. */
  get json(): string {
    return this.node === undefined ? "" : this.#page.source.text.slice(this.node.start, this.node.end);
  }

  /** `fixtures/run.json:12` */
  get place(): string {
    return `${this.#page.source.file}:${this.#page.lineOf(this.#at)}`;
  }

  createShapeError(expected: string): CassetteError {
    const got = this.node === undefined ? "nothing" : this.node.kind === "atom" ? `\`${this.json}\`` : this.node.kind;
    const message = `\`${this.label}\` must be ${expected}, got ${got}`;
    return createErrorAt(this.#page.source, this.#at, "WHALESONG_IMPORT_SHAPE", message);
  }
}
