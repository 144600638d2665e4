import { BadProgram } from "./syntax.ts";
import type { AwkToken } from "./tokens.ts";

/** A program's tokens, from the first to the last. */
export class AwkTokenReader {
  readonly #tokens: readonly AwkToken[];
  #at = 0;

  constructor(tokens: readonly AwkToken[]) {
    this.#tokens = tokens;
  }

  get token(): AwkToken {
    return this.#tokens[this.#at] as AwkToken;
  }

  /** The next ones, this one first. */
  peekAhead(count: number): readonly AwkToken[] {
    return this.#tokens.slice(this.#at, this.#at + count);
  }

  /** Where it is, to come back to. */
  get place(): number {
    return this.#at;
  }

  stepBack(place: number): void {
    this.#at = place;
  }

  get isStatementOver(): boolean {
    return this.token.kind === "end" || [";", "}", "\n"].includes(this.token.text);
  }

  is(text: string): boolean {
    return this.token.text === text && ["sign", "name", "call"].includes(this.token.kind);
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at += 1;
    return true;
  }

  /** @throws BadProgram at the end */
  takeNext(): AwkToken {
    const { token } = this;
    if (token.kind === "end") throw new BadProgram("Unexpected token");
    this.#at += 1;
    return token;
  }

  /** @throws BadProgram where something else stands */
  expect(text: string): void {
    if (!this.take(text)) throw new BadProgram("Unexpected token");
  }

  passLines(): void {
    while (this.is("\n")) this.#at += 1;
  }

  passEnds(): void {
    while (this.is("\n") || this.is(";")) this.#at += 1;
  }
}
