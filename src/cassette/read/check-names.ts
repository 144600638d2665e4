/** Checks that names are unique and references exist. A finished cassette is checked when it is opened. */

import { createErrorAt } from "../../yaml/error-at.ts";
import type { EntrySequence, LazyEntry } from "./entry.ts";
import { createUnknownNameError } from "./names.ts";

/**
 * Adds the names of `entries` to `names`.
 * @returns the numbers of the exchanges that refer to a name before it comes, or to none
 */
export function collectNames(entries: EntrySequence<LazyEntry>, names: Set<string>): readonly number[] {
  const open: number[] = [];
  for (const entry of entries) {
    const { name, during, index } = entry;
    if (name !== undefined) {
      if (names.has(name)) throw createDuplicateNameError(entry, entries);
      names.add(name);
    }
    if (during.some((each) => !names.has(each))) open.push(index);
  }
  return open;
}

function createDuplicateNameError(entry: LazyEntry, entries: EntrySequence<LazyEntry>): Error {
  const first = [...entries].find(({ name }) => name === entry.name) as LazyEntry;
  const source = entry.readSource();
  const message = `\`name\` must be unique, but \`${entry.name}\` is the exchange at line ${first.line} as well`;
  return createErrorAt(source, findValueOffset(source.text, "name"), "WHALESONG_CASSETTE_NAME", message);
}

/**
 * Checks `during`, which is known at once; a `cue` is checked when its document is parsed.
 * @param open the numbers of the exchanges that `collectNames` returned
 */
export function checkReferences(
  entries: EntrySequence<LazyEntry>,
  open: readonly number[],
  names: ReadonlySet<string>,
): void {
  for (const index of open) {
    const entry = entries.at(index) as LazyEntry;
    const unknown = entry.during.find((name) => !names.has(name));
    if (unknown === undefined) continue;
    const source = entry.readSource();
    throw createUnknownNameError(source, findValueOffset(source.text, "during"), "during", unknown, names);
  }
}

/** Where the value of a key begins. The head has been read, so the key exists. */
function findValueOffset(text: string, key: string): number {
  const match = new RegExp(`^["']?${key}["']?:\\s*`, "m").exec(text);
  return match === null ? 0 : match.index + match[0].length;
}
