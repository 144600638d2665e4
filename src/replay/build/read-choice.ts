/** Chooses what answers a read of the builder: clients ask as often as they like. */
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import { type BuildIds, withoutIds } from "./build-ids.ts";
import type { BuilderRead } from "./build-script.ts";
import { toMessageKey } from "./compare-messages.ts";

export class ReadChoice {
  /** By method and request with the recorded ids, and again by those without any. */
  readonly #reads = new Map<string, BuilderRead[]>();
  readonly #played = new Set<BuilderRead>();

  constructor(reads: readonly BuilderRead[]) {
    for (const read of reads) {
      const key = toReadKey(read.method, read.request);
      for (const each of new Set([key, withoutIds(key)]))
        this.#reads.set(each, [...(this.#reads.get(each) ?? []), read]);
    }
  }

  /**
   * The reads of this era come in recorded order, and then the last of them again; where it has none, the latest earlier
   * one answers, else the earliest later one.
   * @param at what the ids stand for, and how many groups have begun
   */
  select(
    method: string,
    request: JsonMessageValue,
    at: { readonly ids: BuildIds; readonly era: number },
  ): BuilderRead | undefined {
    const key = at.ids.toRecorded(toReadKey(method, request));
    const reads = this.#reads.get(key) ?? this.#reads.get(withoutIds(key)) ?? [];
    const read = this.#selectOf(reads, at.era);
    if (read !== undefined) this.#played.add(read);
    return read;
  }

  #selectOf(reads: readonly BuilderRead[], era: number): BuilderRead | undefined {
    const unplayed = reads.find((read) => read.era === era && !this.#played.has(read));
    return unplayed ?? reads.findLast((read) => read.era <= era) ?? reads[0];
  }
}

function toReadKey(method: string, request: JsonMessageValue): string {
  return `${method} ${toMessageKey(request)}`;
}
