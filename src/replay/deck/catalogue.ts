/**
 * Where recorded requests are found by what is asked: under their own words, under another name of their container,
 * or by a pattern. As fast among 100,000 as among ten.
 */
import { type Asked, asked, askedAt, containerReference, keyAt, keyUnder, pathUnder } from "../../match/asked.ts";
import type { Names } from "../../match/names.ts";
import type { Ruling } from "../../match/rules/ruling.ts";
import type { Scene } from "../history/history.ts";
import { Changes } from "./changes.ts";
import { Reads } from "./reads.ts";

/** What may answer requests of one key. */
export interface Slot {
  readonly changes: Changes;
  readonly reads: Reads;
  /** A read of this key was answered at least once. */
  isRead: boolean;
}

export interface CatalogueOptions {
  readonly ruling: Ruling;
  /** What is known today of which names belong together. */
  readonly names: Names;
  /** What was played; it grows while the catalogue is used. */
  readonly played: Set<Scene>;
}

export class Catalogue {
  readonly #options: CatalogueOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #aliasSlots = new Map<string, Slot>();
  /** Scenes whose paths are patterns, written by hand; tried when no plain path answers. */
  readonly #patterns: Scene[] = [];

  constructor(scenes: Iterable<Scene>, options: CatalogueOptions) {
    this.#options = options;
    for (const scene of scenes) this.#add(scene);
  }

  /** All slots, each of its own words. */
  get slots(): Iterable<Slot> {
    return this.#slots.values();
  }

  /** The literal request first, then the same container under another of its names, then patterns. */
  slotsOf(request: Asked): readonly Slot[] {
    const literal = this.#slots.get(request.key);
    const id = this.#containerOf(request);
    const alias = id === undefined ? undefined : this.#aliasSlots.get(keyUnder(request, id));
    return [literal, alias, ...this.#patternSlots(request)].filter((slot) => slot !== undefined);
  }

  /** A recorded request, as it is looked up. */
  recorded({ entry, operation }: Scene): Asked {
    const { ruling } = this.#options;
    // Parsing a document only to see headers that nobody compares would be dear.
    const headers = ruling.headers.length === 0 ? [] : entry.exchange().request.headers;
    return asked({ method: entry.method, operation, headers }, { ruling });
  }

  /** A recorded request as `request` would put it: where both mean the same thing by its names, by the same one. */
  recordedLike(scene: Scene, request: Asked): Asked {
    const recorded = this.recorded(scene);
    return this.#isSamePlace(scene, request) ? askedAt(recorded, request.operation.path) : recorded;
  }

  #isSamePlace({ container, pattern, operation }: Scene, request: Asked): boolean {
    const { path } = request.operation;
    if (pattern?.caughtFrom(path) !== undefined) return true;
    if (container === undefined || this.#containerOf(request) !== container) return false;
    return pathUnder(path, container) === pathUnder(operation.path, container);
  }

  #containerOf({ operation }: Asked): string | undefined {
    const { names, ruling } = this.#options;
    const reference = ruling.means("container-names") ? containerReference(operation) : undefined;
    return reference === undefined ? undefined : names.container(reference);
  }

  #patternSlots(request: Asked): readonly Slot[] {
    const { method, operation } = request;
    const fitting = this.#patterns
      .filter(({ pattern, entry }) => entry.method === method && pattern?.caughtFrom(operation.path) !== undefined)
      .map((scene) => this.recorded(scene))
      .filter((recorded) => recorded.key === keyAt(request, recorded.operation.path));
    return [...new Set(fitting.map(({ key }) => this.#slotIn(this.#slots, key)))];
  }

  #add(scene: Scene): void {
    if (scene.pattern !== undefined) this.#patterns.push(scene);
    const request = this.recorded(scene);
    const slots = [this.#slotIn(this.#slots, request.key)];
    if (scene.container !== undefined) slots.push(this.#slotIn(this.#aliasSlots, keyUnder(request, scene.container)));
    for (const { changes, reads } of slots) {
      if (scene.role === "change") changes.add(scene);
      else reads.add(scene);
    }
  }

  #slotIn(slots: Map<string, Slot>, key: string): Slot {
    const found = slots.get(key);
    if (found !== undefined) return found;
    const { played, ruling } = this.#options;
    const slot = { changes: new Changes(played, ruling), reads: new Reads(), isRead: false };
    slots.set(key, slot);
    return slot;
  }
}
