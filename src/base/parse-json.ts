/** Deeper JSON is no JSON to us: code that walks through it, and the libraries that do, would run out of stack. */
const JSON_DEPTH_LIMIT = 500;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/**
 * `JSON.parse` for texts of strangers: bodies, parameters, what a cassette holds.
 * @throws SyntaxError if the text is not JSON, or is nested more than 500 levels deep
 */
export function parseBoundedJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeeperThan(JSON_DEPTH_LIMIT, text)) throw new SyntaxError(`nested more than ${JSON_DEPTH_LIMIT} levels deep`);
  return value;
}

/** Whether a JSON text is nested more than so many levels deep. */
export function isDeeperThan(limit: number, text: string): boolean {
  if (text.length < 2 * limit) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = findStringEnd(text, at + 1);
    else if (isOpening(character)) depth += 1;
    else if (isClosing(character)) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

function findStringEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** `[` or `{` */
function isOpening(character: number): boolean {
  return character === 0x5b || character === 0x7b;
}

/** `]` or `}` */
function isClosing(character: number): boolean {
  return character === 0x5d || character === 0x7d;
}
