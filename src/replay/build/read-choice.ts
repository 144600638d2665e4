/** Chooses what answers a read of the builder: clients ask as often as they like. */
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import { type BuildIds, withoutIds } from "./build-ids.ts";
import type { BuilderRead } from "./build-script.ts";
import { toMessageKey } from "./compare-messages.ts";

/** What the ids stand for, and how many groups have begun. */
export interface BuilderMoment {
  readonly ids: BuildIds;
  readonly era: number;
}

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
   */
  select(method: string, request: JsonMessageValue, now: BuilderMoment): BuilderRead | undefined {
    const key = now.ids.toRecorded(toReadKey(method, request));
    return this.#play(this.#reads.get(key) ?? this.#reads.get(withoutIds(key)), now);
  }

  /** As `select`, but none whose request names other ids. */
  selectNamed(method: string, request: JsonMessageValue, now: BuilderMoment): BuilderRead | undefined {
    return this.#play(this.#reads.get(now.ids.toRecorded(toReadKey(method, request))), now);
  }

  #play(reads: readonly BuilderRead[] = [], { era }: BuilderMoment): BuilderRead | undefined {
    const read = this.#selectOf(reads, era);
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
