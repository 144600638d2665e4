/** The ids of a run, 25 letters and digits that a client makes up, and the placeholders that stand for them. */

const ID = /(?<![a-z0-9])[a-z0-9]{25}(?![a-z0-9])/g;

/** A word of 25 letters is a word; 25 letters and digits were made up. */
function isMadeUp(word: string): boolean {
  return /\d/.test(word) && /[a-z]/.test(word);
}

/** Of one document: `<ref>`, `<session>`, `<id:1>`, numbered in the order in which they come. */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #sessions: string[] = [];
  #refCount = 0;
  #otherCount = 0;

  /** The ref of the next build. */
  nameRef(id: string): string {
    this.#refCount += 1;
    const name = this.#refCount === 1 ? "<ref>" : `<ref:${this.#refCount}>`;
    this.#names.set(id, name);
    return name;
  }

  /** The session's number; the first one is `<session>`. */
  numberSession(id: string): number {
    if (!this.#sessions.includes(id)) {
      this.#sessions.push(id);
      const number = this.#sessions.length;
      this.#names.set(id, number === 1 ? "<session>" : `<session:${number}>`);
    }
    return this.#sessions.indexOf(id) + 1;
  }

  /** The text with placeholders for ids. */
  substitute(text: string): string {
    return text.replace(ID, (id) => this.#names.get(id) ?? (isMadeUp(id) ? this.#nameOther(id) : id));
  }

  #nameOther(id: string): string {
    this.#otherCount += 1;
    const name = `<id:${this.#otherCount}>`;
    this.#names.set(id, name);
    return name;
  }
}

/** Of a whole recording: the refs of builds, for calls that name a build of another document. */
export class BuildRefs {
  readonly #places = new Map<string, { readonly placeholder: string; readonly name: string }>();
  readonly #referenced = new Set<string>();

  /** @param placeholder in the build's own document; @param name that of the document */
  note(ref: string, placeholder: string, name: string): void {
    this.#places.set(ref, { placeholder, name });
  }

  /** `<ref of build>` for a ref of this recording; other ids stay. */
  substitute(text: string): string {
    return text.replace(ID, (id) => {
      const place = this.#places.get(id);
      if (place === undefined) return id;
      this.#referenced.add(place.name);
      return `${place.placeholder.slice(0, -1)} of ${place.name}>`;
    });
  }

  isReferenced(name: string): boolean {
    return this.#referenced.has(name);
  }
}
