/**
 * Reads name and request line of a document without parsing it: enough to find an exchange among 100,000. It knows
 * only the canonical order and unquoted words; undefined means "parse it". Whatever it accepts must have exactly the
 * same meaning in YAML.
 */
import { detachText } from "../../base/detach-text.ts";
import { createInterner } from "../../base/intern.ts";
import type { ByteRanges } from "./byte-ranges.ts";
import type { DocumentSpan } from "./cut.ts";
import type { ExchangeHead } from "./exchange.ts";
import { scanStatusAt } from "./scan-status.ts";

/** Room for a comment, a name and the usual target. */
const FIRST_LOOK = 512;
const SECOND_LOOK = 16_384;

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

/** The head of the document at `span`; undefined if it has to be parsed. */
export function scanHead(bytes: ByteRanges, span: DocumentSpan): ExchangeHead | undefined {
  return (
    matchHead(bytes, span, FIRST_LOOK) ??
    (span.end - span.start > FIRST_LOOK ? matchHead(bytes, span, SECOND_LOOK) : undefined)
  );
}

function matchHead(bytes: ByteRanges, { start, end }: DocumentSpan, length: number): ExchangeHead | undefined {
  const isWhole = end - start <= length;
  // The end of the document stands for a line of its own.
  const text = bytes.subarray(start, Math.min(end, start + length)).toString("latin1") + (isWhole ? "." : "");
  const match = HEAD.exec(text);
  if (match === null || hasFurtherKeys(bytes.subarray(start + match[0].length - 1, end))) return undefined;
  const [, name, one, several, shortMethod, shortTarget, method = shortMethod, target = shortTarget] = match;
  const during = one === undefined ? (several?.split(", ") ?? NONE) : [one];
  const isBare = shortMethod !== undefined;
  return {
    name: name && detachText(name),
    during,
    method: internMethod(method as string),
    target: detachText(target as string),
    isBare,
    status: isBare ? scanStatusAt(text, match[0].length) : undefined,
  };
}

/** First letters of the lines that may follow a request: blanks, line ends, `#`, items, `response`, `repeat`, `stream`, `build`. */
const HARMLESS = new Set(Buffer.from(" \r\n#-rsb"));
const NEWLINE = 10;

/** Whether a name may follow the request; then the document has to be parsed. */
function hasFurtherKeys(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(NEWLINE); at !== -1 && at < bytes.length - 1; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (!HARMLESS.has(bytes[at + 1] as number)) return true;
  }
  return false;
}
