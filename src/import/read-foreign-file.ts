import type { SourceText } from "../yaml/error-at.ts";
import type { ForeignFile } from "./foreign-exchange.ts";
import { readHar } from "./har.ts";
import { parseJson } from "./json-node.ts";
import { LocatedValue, SourceLines } from "./located-value.ts";
import { readNock } from "./nock.ts";

/**
 * Reads the exchanges in a file of another tool: a list is nock's, an object with a `log` is a HAR.
 * @throws CassetteError `WHALESONG_IMPORT_SYNTAX` or `WHALESONG_IMPORT_SHAPE`, with the place
 */
export function readForeignFile(text: string, file: string): ForeignFile {
  const source: SourceText = { file, text: text.replace(/^\ufeff/, ""), firstLine: 1 };
  const root = new LocatedValue(new SourceLines(source), "the file", parseJson(source));
  if (root.node?.kind === "list") return readNock(root);
  if (root.getMember("log").isPresent) return readHar(root);
  throw root.createShapeError("a list of nock's definitions, or a HAR with its `log`");
}
