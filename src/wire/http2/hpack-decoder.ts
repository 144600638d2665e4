/** HPACK (RFC 7541), the decoding side. Each direction of a connection has a decoder of its own. */
import type { HeaderField } from "../http/fields.ts";
import { BlockReader } from "./block-reader.ts";
import { HpackTable, measureField } from "./hpack-table.ts";
import { createHpackError } from "./http2-error.ts";

/** The size of a dynamic table until the reader's SETTINGS_HEADER_TABLE_SIZE says otherwise. */
export const DEFAULT_TABLE_SIZE = 4096;
/** What the fields of one block may count together. grpc-go and Node announce less. */
export const HEADER_LIST_LIMIT: number = 1024 * 1024;
/** The largest dynamic table that is kept, whatever was announced. */
const LARGEST_TABLE = 1024 * 1024;

export class HpackDecoder {
  readonly #table = new HpackTable(DEFAULT_TABLE_SIZE);
  readonly #listLimit: number;
  #tableLimit = DEFAULT_TABLE_SIZE;

  constructor(listLimit: number = HEADER_LIST_LIMIT) {
    this.#listLimit = listLimit;
  }

  /**
   * The reader's SETTINGS_HEADER_TABLE_SIZE. A watcher between the two does not know when the writer follows it, so
   * the limit only ever grows: a smaller one comes as a size update in a block.
   */
  allowTableSize(size: number): void {
    this.#tableLimit = Math.max(this.#tableLimit, Math.min(size, LARGEST_TABLE));
  }

  /**
   * The fields of one whole block, in order, repeats included. Names and values are latin1.
   * @throws WireError `WHALESONG_BAD_HPACK`
   */
  decode(block: Buffer): HeaderField[] {
    const reader = new BlockReader(block);
    const fields: HeaderField[] = [];
    let size = 0;
    while (!reader.isAtEnd) {
      const field = this.#readField(reader, fields.length === 0);
      if (field === undefined) continue;
      fields.push(field);
      size += measureField(field);
      if (size > this.#listLimit) throw createHpackError(`fields of ${size} bytes`, `at most ${this.#listLimit}`);
    }
    return fields;
  }

  /** The five representations of RFC 7541, section 6; undefined for the one that is no field. */
  #readField(reader: BlockReader, isFirst: boolean): HeaderField | undefined {
    const first = reader.peek();
    if (first >= 0x80) return this.#table.getField(reader.readInteger(7));
    if (first >= 0x40) return this.#readIndexedLiteral(reader);
    if (first >= 0x20) return this.#resize(reader.readInteger(5), isFirst);
    return this.#readLiteral(reader, 4);
  }

  #readIndexedLiteral(reader: BlockReader): HeaderField {
    const field = this.#readLiteral(reader, 6);
    this.#table.add(field);
    return field;
  }

  #readLiteral(reader: BlockReader, prefix: number): HeaderField {
    const index = reader.readInteger(prefix);
    const name = index === 0 ? reader.readString() : this.#table.getField(index)[0];
    return [name, reader.readString()];
  }

  #resize(size: number, isFirst: boolean): undefined {
    if (!isFirst) throw createHpackError("a table size update behind a field", "it before the first field");
    if (size > this.#tableLimit) throw createHpackError(`a table size of ${size}`, `at most ${this.#tableLimit}`);
    this.#table.resize(size);
  }
}
