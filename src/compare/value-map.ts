/** New values, and the old ones that stand in their place in another recording of the same session. */
import { detachText } from "../base/detach-text.ts";
import { escapePattern } from "../base/escape-pattern.ts";
import { WordFinder } from "../base/word-finder.ts";
import { isToken, replaceTokens, type TokenKind } from "./tokens.ts";

const SHORT_LENGTH = 12;
const DIGEST_PREFIX = "sha256:";
/** A word may begin behind the letter of a `\n`, as JSON escapes a line end. */
const BEGINNING = String.raw`(?<=^|[^A-Za-z0-9]|\\[bfnrt])`;

export class ValueMap {
  readonly #oldByNew = new Map<string, string>();
  readonly #newByOld = new Map<string, string>();
  /** The values that have no shape by which they are found. */
  readonly #shapeless = new WordFinder(BEGINNING);
  /** Those of them that begin with neither a letter nor a digit. */
  readonly #oddWords = new Set<string>();

  get size(): number {
    return this.#oldByNew.size;
  }

  has(fresh: string): boolean {
    return this.#oldByNew.has(fresh);
  }

  findNew(old: string): string | undefined {
    return this.#newByOld.get(old);
  }

  /** Whether an old value is one of the map's. */
  hasOld(old: string): boolean {
    return this.#newByOld.has(old);
  }

  /** Adds the value in all its forms, if none of them stands for another one. Returns whether it did. */
  add(old: string, fresh: string, kind: TokenKind | "name"): boolean {
    const forms = listForms(old, fresh, kind);
    const isFree = ([was, is]: readonly [string, string]): boolean =>
      !this.#oldByNew.has(is) && !this.#newByOld.has(was) && !this.#oldByNew.has(was) && !this.#newByOld.has(is);
    if (old === fresh || !forms.every(isFree)) return false;
    for (const [was, is] of forms) this.#put(was, is);
    return true;
  }

  /** Adds one form of a value without a look at the others. */
  addForm(old: string, fresh: string): void {
    this.#put(old, fresh);
  }

  #put(oldPart: string, freshPart: string): void {
    const [old, fresh] = [detachText(oldPart), detachText(freshPart)];
    this.#oldByNew.set(fresh, old);
    this.#newByOld.set(old, fresh);
    if (isToken(fresh)) return;
    if (WordFinder.canFind(fresh)) this.#shapeless.add(fresh);
    else this.#oddWords.add(fresh);
  }

  /** The text with the old values in the place of the new ones; all at once, for two may have changed places. */
  restore(text: string): string {
    if (this.#oldByNew.size === 0) return text;
    const replace = (word: string): string => this.#oldByNew.get(word) ?? word;
    const odd = this.#oddWords.size === 0 ? undefined : toExpression([...this.#oddWords]);
    return this.#shapeless.replace(replaceTokens(text, replace), replace, odd);
  }

  /** The same for bytes. Those that are no text stay as they are. */
  restoreBytes(bytes: Buffer): Buffer {
    const text = bytes.toString("latin1");
    const restored = this.restore(text);
    return restored === text ? bytes : Buffer.from(restored, "latin1");
  }

  /** The same for all texts within a value of JSON, names of members too. */
  restoreContent(value: unknown): unknown {
    if (this.#oldByNew.size === 0) return value;
    if (typeof value === "string") return this.restore(value);
    if (Array.isArray(value)) return value.map((item) => this.restoreContent(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.restore(name), this.restoreContent(member)]),
    );
  }
}

/** A long id is also known by its beginning, a digest also without its prefix. */
export function listForms(old: string, fresh: string, kind: TokenKind | "name"): (readonly [string, string])[] {
  if (kind === "digest") {
    const [bare, freshBare] = [old.slice(DIGEST_PREFIX.length), fresh.slice(DIGEST_PREFIX.length)];
    return [[old, fresh], ...listForms(bare, freshBare, "id")];
  }
  if (kind !== "id") return [[old, fresh]];
  return [
    [old, fresh],
    [old.slice(0, SHORT_LENGTH), fresh.slice(0, SHORT_LENGTH)],
  ];
}

/** Whole words, longer ones first. */
function toExpression(words: readonly string[]): RegExp {
  const sorted = [...words].sort((a, b) => b.length - a.length);
  const escaped = sorted.map(escapePattern);
  return new RegExp(`${BEGINNING}(?:${escaped.join("|")})(?![A-Za-z0-9])`, "g");
}
