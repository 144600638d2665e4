/**
 * The lines of a build, written while it runs. Steps are numbered when all is known: until then a mark stands for each
 * number.
 */

import { ProgressMemory } from "../../cassette/build/progress-memory.ts";
import { StepNumbers } from "../../cassette/build/step-numbers.ts";
import type { BuildEvent } from "../../cassette/build-model.ts";
import { formatBuildEvent, formatComments, spellStepNumber } from "../../cassette/write.ts";
import { SpooledText } from "../bodies/spooled-text.ts";
import type { RecordingStore } from "../store.ts";

/** No text of a cassette has these characters: the writer escapes them. */
const [OPEN, CLOSE] = ["\u0001", "\u0002"];
const MARK = new RegExp(`${OPEN}(\\d+)${CLOSE}`, "g");
const NEWLINE = 10;

export class BuildText {
  readonly #text: SpooledText;
  readonly #steps: StepNumbers = new StepNumbers();
  readonly #memory: ProgressMemory = new ProgressMemory();
  /** Digests in the order of their marks. */
  readonly #digests: string[] = [];
  readonly #marks = new Map<string, string>();

  constructor(store: RecordingStore) {
    this.#text = new SpooledText(store);
  }

  /** @param comments lines to stand above the event */
  write(event: BuildEvent, comments: readonly string[] = []): void {
    if (event.kind === "progress") this.#steps.note(event.progress);
    const context = { memory: this.#memory, spellStep: (digest: string) => this.#markStep(digest) };
    this.#text.write(formatComments(comments, "  ") + formatBuildEvent(event, context));
  }

  /** The text, in pieces; undefined where nothing was written. To be read once. */
  finish(): Iterable<string | Buffer> | undefined {
    const pieces = this.#text.finish();
    if (pieces === undefined) return undefined;
    const numbers = this.#steps.number();
    return resolveMarks(pieces, (mark) => spellStepNumber(this.#digests[mark] ?? "", numbers));
  }

  discard(): void {
    this.#text.discard();
  }

  #markStep(digest: string): string {
    let mark = this.#marks.get(digest);
    if (mark === undefined) {
      mark = `${OPEN}${this.#digests.length}${CLOSE}`;
      this.#digests.push(digest);
      this.#marks.set(digest, mark);
    }
    return mark;
  }
}

/** Pieces end anywhere, so the last line of each is kept for the next one. */
function* resolveMarks(pieces: Iterable<string | Buffer>, spell: (mark: number) => string): Generator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (const piece of pieces) {
    const bytes = Buffer.concat([rest, typeof piece === "string" ? Buffer.from(piece) : piece]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    rest = bytes.subarray(end);
    yield bytes.toString("utf8", 0, end).replace(MARK, (_, mark: string) => spell(Number(mark)));
  }
  if (rest.length > 0) yield rest.toString("utf8");
}
