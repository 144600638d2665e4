import { cutDocuments } from "../../cassette/read/cut.ts";
import { findFirstContent } from "../../cassette/read/first-content.ts";
import { openCassette } from "../../cassette/read.ts";
import { readBytes } from "./read-cassette.ts";

/**
 * The documents of a cassette as they stand in the file, without the header, and without the last one if a recorder
 * died while it wrote it. Throws if the cassette cannot be parsed: nothing is appended to a broken cassette.
 */
export function readDocuments(path: string): Buffer {
  const bytes = readBytes(path);
  const { torn } = openCassette(bytes, path);
  const spans = [...cutDocuments(bytes)];
  // Comments above a first `---` are no document of their own.
  const header = spans.find(({ start, end }) => hasContent(bytes.toString("utf8", start, end)));
  return bytes.subarray(header?.end, torn === undefined ? bytes.length : spans.at(-1)?.marker);
}

function hasContent(text: string): boolean {
  return findFirstContent(text) < text.length;
}
