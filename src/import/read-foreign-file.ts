import { createErrorAt, type SourceText } from "../yaml/error-at.ts";
import type { ForeignFile } from "./foreign-exchange.ts";
import { readHar } from "./har.ts";
import { readInteractions } from "./interactions.ts";
import { parseJson } from "./json-node.ts";
import { LocatedValue, SourceLines } from "./located-value.ts";
import { readNock } from "./nock.ts";
import { parseYaml } from "./yaml-node.ts";

/** JSON begins so; anything else is read as YAML. */
const JSON_START = /^\s*(?:[[{]|$)/;

/** The first key of a cassette. In YAML of other tools nothing of the kind begins a line. */
const OWN_HEADER = /^whalesong:/m;

/**
 * Reads the exchanges in a file of another tool: a list is nock's, an object with a `log` is a HAR (of browsers, proxies
 * and Polly), one with `interactions` is a cassette of vcrpy or go-vcr.
 * @throws CassetteError `WHALESONG_IMPORT_SYNTAX` or `WHALESONG_IMPORT_SHAPE`, with the place
 */
export function readForeignFile(text: string, file: string): ForeignFile {
  const source: SourceText = { file, text: text.replace(/^\ufeff/, ""), firstLine: 1 };
  const node = JSON_START.test(source.text) ? parseJson(source) : parseForeignYaml(source);
  const root = new LocatedValue(new SourceLines(source), "the file", node);
  if (root.node?.kind === "list") return readNock(root);
  if (root.getMember("log").isPresent) return readHar(root);
  if (root.getMember("interactions").isPresent) return readInteractions(root);
  throw root.createShapeError(
    "a list of nock's definitions, a HAR with its `log`, or `interactions` of vcrpy or go-vcr",
  );
}

function parseForeignYaml(source: SourceText): ReturnType<typeof parseYaml> {
  const own = OWN_HEADER.exec(source.text);
  if (own === null) return parseYaml(source);
  throw createErrorAt(
    source,
    own.index,
    "WHALESONG_IMPORT_SHAPE",
    "this is a cassette of whalesong already; replay it",
  );
}
