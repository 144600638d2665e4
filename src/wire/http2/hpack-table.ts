import type { HeaderField } from "../http/fields.ts";
import { createHpackError } from "./http2-error.ts";
import { STATIC_TABLE } from "./static-table.ts";

/** What an entry counts beside its name and value (RFC 7541, 4.1). */
const ENTRY_OVERHEAD = 32;

/** The static table, and behind it the dynamic one: newest entry first, bounded in octets. */
export class HpackTable {
  readonly #entries: HeaderField[] = [];
  #size = 0;
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws WireError `WHALESONG_BAD_HPACK` for an index that nothing has */
  getField(index: number): HeaderField {
    const dynamic = this.#entries.length - 1 - (index - STATIC_TABLE.length - 1);
    const field = index <= STATIC_TABLE.length ? STATIC_TABLE[index - 1] : this.#entries[dynamic];
    if (field !== undefined) return field;
    throw createHpackError(`the index ${index}`, `one from 1 to ${STATIC_TABLE.length + this.#entries.length}`);
  }

  /** An entry that is larger than the whole table empties it (RFC 7541, 4.4). */
  add(field: HeaderField): void {
    this.#entries.push(field);
    this.#size += measureField(field);
    this.#dropOldest();
  }

  resize(limit: number): void {
    this.#limit = limit;
    this.#dropOldest();
  }

  #dropOldest(): void {
    let count = 0;
    while (this.#size > this.#limit) {
      this.#size -= measureField(this.#entries[count] as HeaderField);
      count += 1;
    }
    if (count > 0) this.#entries.splice(0, count);
  }
}

/** As HPACK counts it, and HTTP/2 for SETTINGS_MAX_HEADER_LIST_SIZE. */
export function measureField([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
