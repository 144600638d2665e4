import { cutDocuments } from "../../cassette/read/cut.ts";
import { openCassette } from "../../cassette/read.ts";
import { readBytes } from "./read-cassette.ts";

/**
 * The documents of a cassette as they stand in the file, all but the header, and but the last if a recorder died
 * while it wrote it. What cannot be read is not added to: this throws what reading it throws.
 */
export function readDocuments(path: string): Buffer {
  const bytes = readBytes(path);
  const { torn } = openCassette(bytes, path);
  const spans = cutDocuments(bytes);
  // Comments above a first `---` are no document of their own.
  const header = spans.find(({ start, end }) => !/^\s*(?:#.*\s*)*$/.test(bytes.toString("utf8", start, end)));
  return bytes.subarray(header?.end, torn === undefined ? bytes.length : spans.at(-1)?.marker);
}
