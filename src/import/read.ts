import type { Source } from "../yaml/error-at.ts";
import { readHar } from "./har.ts";
import { parseJson } from "./json.ts";
import { readNock } from "./nock.ts";
import type { Foreign } from "./told.ts";
import { Page, Value } from "./value.ts";

/**
 * The exchanges in a file of another tool: a list is nock's, an object with a `log` is a HAR.
 * @throws CassetteError `WHALESONG_IMPORT_SYNTAX` or `WHALESONG_IMPORT_SHAPE`, with the place
 */
export function readForeign(text: string, file: string): Foreign {
  const source: Source = { file, text: text.replace(/^\ufeff/, ""), firstLine: 1 };
  const root = new Value(new Page(source), "the file", parseJson(source));
  if (root.node?.kind === "list") return readNock(root);
  if (root.get("log").isThere) return readHar(root);
  throw root.wrong("a list of nock's definitions, or a HAR with its `log`");
}
