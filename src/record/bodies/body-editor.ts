/** Takes the secrets out of a body that is too long to be kept in memory, piece by piece, before it is on the disk. */
import { JsonEditor } from "../../secrets/edit-json.ts";
import { LONGEST_SECRET } from "../../secrets/longest-secret.ts";
import type { Redactor } from "../../secrets/redactor.ts";

export interface BodyEditor {
  /** Whether what was handed on differs from what came. */
  readonly hasChanged: boolean;
  /** What can be handed on by now. */
  push(bytes: Buffer): Buffer;
  /** The rest. */
  finish(): Buffer;
}

/** So much is held before it is searched, so that each byte is searched little more than once. */
const HELD_LIMIT = 4 * LONGEST_SECRET;
/** What goes on for longer is no secret, but a pattern that matches without an end: it is masked as far as it has come. */
const MOST_HELD = 4 * HELD_LIMIT;

/** Masks secrets without a change of length: for what counts its own lengths, as tars and frames do. */
export class MaskingEditor implements BodyEditor {
  readonly #redactor: Redactor;
  #text = "";
  #hasChanged = false;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  push(bytes: Buffer): Buffer {
    this.#text += bytes.toString("latin1");
    if (this.#text.length < HELD_LIMIT) return Buffer.alloc(0);
    const taken = this.#take(this.#text.length - LONGEST_SECRET);
    return this.#text.length < MOST_HELD ? taken : Buffer.concat([taken, this.finish()]);
  }

  finish(): Buffer {
    return this.#take(this.#text.length);
  }

  #take(limit: number): Buffer {
    const masked = this.#redactor.maskStart(this.#text, limit);
    this.#hasChanged ||= !this.#text.startsWith(masked);
    this.#text = this.#text.slice(masked.length);
    return Buffer.from(masked, "latin1");
  }
}

/** Edits JSON value by value, as `redactBody` does; what is no JSON after all is masked, and so are strings of millions of characters. */
export class JsonBodyEditor implements BodyEditor {
  readonly #json: JsonEditor;
  readonly #rest: MaskingEditor;
  #hasChanged = false;

  constructor(operation: string, redactor: Redactor) {
    this.#rest = new MaskingEditor(redactor);
    this.#json = new JsonEditor((leaf) => {
      const edited = redactor.redactPlace({ ...leaf, operation });
      this.#hasChanged ||= edited !== undefined;
      return edited;
    }, this.#rest);
  }

  get hasChanged(): boolean {
    return this.#hasChanged || this.#rest.hasChanged;
  }

  push(bytes: Buffer): Buffer {
    return this.#edit(bytes, false);
  }

  finish(): Buffer {
    return Buffer.concat([this.#edit(Buffer.alloc(0), true), this.#rest.finish()]);
  }

  #edit(bytes: Buffer, isLast: boolean): Buffer {
    if (this.#json.isBroken) return this.#rest.push(bytes);
    const edited = Buffer.from(this.#json.push(bytes.toString("latin1"), isLast), "latin1");
    return this.#json.isBroken ? this.#rest.push(edited) : edited;
  }
}

/** The editor of a body of that kind; undefined where it is kept as it is. */
export function createBodyEditor(
  operation: string,
  redactor: Redactor,
  kind: "json" | "bytes" | "tar",
): BodyEditor | undefined {
  if (kind === "json") return new JsonBodyEditor(operation, redactor);
  return kind === "bytes" || redactor.rules.isOn("tars") ? new MaskingEditor(redactor) : undefined;
}
