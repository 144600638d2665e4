/** The requests of the first recording, waiting for their counterparts in the second. */
import { type Difference, differences } from "../difference.ts";
import type { Line } from "./side.ts";

/** How many of the next ones that are alike are looked at to find the counterpart. */
const CLOSE_LOOKS = 20;

export class Shelf {
  readonly #byKey = new Map<string, Line[]>();
  readonly #byOperation = new Map<string, Line[]>();
  readonly #taken = new Set<Line>();

  add(line: Line): void {
    shelve(this.#byKey, line.key, line);
    shelve(this.#byOperation, operationKey(line), line);
  }

  take(line: Line): void {
    this.#taken.add(line);
  }

  /** One that means the same as it is. Reads and streams may be asked for again. */
  same({ key }: Line): Line | undefined {
    const all = this.#byKey.get(key) ?? [];
    return this.#free(all, 1)[0] ?? all.find(({ role }) => role !== "change");
  }

  /** Those of the same operation that may be meant, in recorded order. */
  alike(line: Line): readonly Line[] {
    const all = this.#byOperation.get(operationKey(line)) ?? [];
    const free = this.#free(all, CLOSE_LOOKS);
    return free.length > 0 ? free : all.filter(({ role }) => role !== "change").slice(-CLOSE_LOOKS);
  }

  /** Changes and streams that had no counterpart, and reads of which none had one. */
  get left(): readonly Line[] {
    const isLeft = (line: Line): boolean =>
      line.role === "read" ? !this.#isKnown(line) : line.role !== "free" && !this.#taken.has(line);
    const left = [...this.#byOperation.values()].flat().filter(isLeft);
    return left.sort((a, b) => a.entry.index - b.entry.index);
  }

  #isKnown({ key }: Line): boolean {
    return this.#byKey.get(key)?.some((line) => this.#taken.has(line)) === true;
  }

  #free(lines: readonly Line[], most: number): readonly Line[] {
    const free: Line[] = [];
    for (const line of lines) {
      if (!this.#taken.has(line)) free.push(line);
      if (free.length === most) break;
    }
    return free;
  }
}

/** How what was asked the second time differs from what was asked the first time. */
export function differencesBetween(recorded: Line, got: Line): readonly Difference[] {
  const body = recorded.isPartial || got.isPartial ? recorded.comparable.body : got.comparable.body;
  return differences(recorded.comparable, { ...got.comparable, body });
}

function operationKey({ entry, operation }: Line): string {
  return `${entry.method} ${operation.name}`;
}

function shelve(shelf: Map<string, Line[]>, key: string, line: Line): void {
  const lines = shelf.get(key);
  if (lines === undefined) shelf.set(key, [line]);
  else lines.push(line);
}
