/**
 * Parses YAML within bounds. The parser of tokens has a stack of its own and can be stopped; what builds the values
 * from them recurses, and V8 aborts the process, without an exception, when a regular expression is compiled with no
 * stack left. So depth and number are counted while the tokens arrive, before anything is built from them.
 */
import type { Document, Parser } from "yaml";
import { loadYaml } from "../base/load-lazily.ts";

/** Collections within each other; JSON of more than 100 levels is written as text (cassette/json-tree.ts). */
const MAX_YAML_DEPTH = 200;
/** Tokens of one document: each takes a few hundred bytes while it is read. */
const MAX_YAML_TOKENS = 4_000_000;
/** Characters of one document. */
const MAX_YAML_LENGTH = 64 * 1024 * 1024;

/** YAML that is well-formed, but not read because of its size. `offset` is where it passes the bound. */
export class YamlBoundError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

let createParser: (() => Parser) | undefined;

/** The class is made when the package is loaded. */
function createBoundedParser(): Parser {
  createParser ??= defineBoundedParser();
  return createParser();
}

function defineBoundedParser(): () => Parser {
  class BoundedParser extends loadYaml().Parser {
    #tokens = 0;

    /** Checks what the tokens before `source` have opened. */
    override next(source: string): ReturnType<Parser["next"]> {
      this.#tokens += 1;
      if (this.stack.length > MAX_YAML_DEPTH)
        throw new YamlBoundError(`nested too deeply: at most ${MAX_YAML_DEPTH} levels are read`, this.offset);
      if (this.#tokens > MAX_YAML_TOKENS)
        throw new YamlBoundError(`too many parts in one document: at most ${MAX_YAML_TOKENS} are read`, this.offset);
      return super.next(source);
    }
  }
  return () => new BoundedParser();
}

export interface YamlOptions {
  readonly schema: "failsafe";
  readonly version: "1.2";
  readonly logLevel: "error";
  readonly uniqueKeys: boolean;
}

/**
 * The one document of `text`, as the library's `parseDocument` returns it.
 * @throws YamlBoundError if it is deeper, longer or has more parts than is read
 */
export function parseBounded(text: string, options: YamlOptions): Document.Parsed {
  if (text.length > MAX_YAML_LENGTH) {
    throw new YamlBoundError(`the document has ${text.length} characters: at most ${MAX_YAML_LENGTH} are read`, 0);
  }
  const { Composer, YAMLParseError } = loadYaml();
  const tokens = createBoundedParser().parse(text);
  const [document, second] = new Composer(options).compose(tokens, true, text.length) as Iterable<Document.Parsed>;
  if (document === undefined) throw new TypeError("the composer gave no document, though it was to give one always");
  if (second !== undefined)
    document.errors.push(new YAMLParseError([second.range[0], second.range[1]], "MULTIPLE_DOCS", "several documents"));
  return document;
}
