/**
 * Reads name and request line of a document without parsing it: enough to find an exchange among 100,000. It knows
 * only the canonical order and unquoted words; undefined means "parse it". Whatever it accepts must have exactly the
 * same meaning in YAML.
 */
import { createInterner } from "../../base/intern.ts";
import type { ByteRanges } from "./byte-ranges.ts";
import type { DocumentSpan } from "./cut.ts";
import type { ExchangeHead } from "./exchange.ts";
import { scanStatusAt } from "./scan-status.ts";

/** Room for a name and the usual target, for a comment or a long query, and for a list of filters. */
const LOOKS = [256, 1024, 16_384];

const COMMENTS = String.raw`(?:[ \t]*(?:#[^\n]*)?\n)*`;
const END = String.raw`[ ]*(?: #[^\n]*)?\n`;
const NAME = String.raw`[A-Za-z0-9_](?:[\w./-]*)`;
/** Method and target; a colon at the end would make it a key. */
const LINE = String.raw`([A-Za-z][\w-]*) ([!-~]*[!-9;-~])${END}`;
const HEAD = new RegExp(
  [
    `^${COMMENTS}`,
    `(?:name: (${NAME})${END})?`,
    String.raw`(?:during: (?:(${NAME})|\[(${NAME}(?:, ${NAME})*)\])${END})?`,
    `(?:repeat: true${END})?`,
    // What follows must not be a continuation of the line, which YAML would fold into it.
    `request:(?: ${LINE}(?=\\S)|${END}  line: ${LINE}(?=\\S|  \\S))`,
  ].join(""),
);

const internMethod = createInterner();
/** Shared, as most exchanges have none. */
const NONE: readonly string[] = [];

/** What `toString` calls; the way to it takes longer than to copy a line. */
interface SlicedBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
}

/** The head of the document at `span`; undefined if it has to be parsed. */
export function scanHead(bytes: ByteRanges, { start, end }: DocumentSpan): ExchangeHead | undefined {
  const document = bytes.subarray(start, end) as SlicedBuffer;
  for (const length of LOOKS) {
    const head = matchHead(document, length);
    if (head !== undefined || document.length <= length) return head;
  }
  return undefined;
}

function matchHead(document: SlicedBuffer, length: number): ExchangeHead | undefined {
  const isWhole = document.length <= length;
  // The end of the document stands for a line of its own.
  const text = document.latin1Slice(0, Math.min(length, document.length)) + (isWhole ? "." : "");
  const match = HEAD.exec(text);
  if (match === null || hasFurtherKeys(document, match[0].length - 1)) return undefined;
  const [, name, one, several, shortMethod, shortTarget, method = shortMethod, target = shortTarget] = match;
  // A part of `text` would keep all of it. What is copied is the first text that is the same.
  const copy = (part: string): string => {
    const at = text.indexOf(part);
    return document.latin1Slice(at, at + part.length);
  };
  const isBare = shortMethod !== undefined;
  return {
    name: name && copy(name),
    during: one === undefined ? (several?.split(", ").map(copy) ?? NONE) : [copy(one)],
    method: internMethod(method as string),
    target: copy(target as string),
    isBare,
    status: isBare ? scanStatusAt(text, match[0].length) : undefined,
  };
}

/** First letters of the lines that may follow a request: blanks, line ends, `#`, items, `response`, `repeat`, `stream`, `build`. */
const HARMLESS = new Set(Buffer.from(" \r\n#-rsb"));
const NEWLINE = 10;

/** Whether a name may follow the request, on a line behind that which ends at `from`; then the document has to be parsed. */
function hasFurtherKeys(document: Buffer, from: number): boolean {
  for (let at = from; at !== -1 && at < document.length - 1; at = document.indexOf(NEWLINE, at + 1)) {
    if (!HARMLESS.has(document[at + 1] as number)) return true;
  }
  return false;
}
