/** Inputs that are nearly right: a seed of the corpus after a few changes. The same numbers give the same inputs. */

/** What parsers decide by. @type {readonly string[]} */
const TOKENS = [
  ..."\r\n|\n|\r|\0| |\t|:|: |,|;|;x=y|-|--|+1|0|-1|1|ffffffff|0x2|99999999999999999999|1e400|2147483648".split("|"),
  ...'\x01\0\0\0|\x02\0\0\0\xff\xff\xff\xff|\x81\x05|\x88\x7e|\xff|\x80|\x7f|\x1e|{}|[]|{"a":|null|true|"|\\|\\u0000|\\ud800'.split(
    "|",
  ),
  ..."[[[[[[[[|]]]]]]]]|{{{{|}}}}|- - - - - |? |&a |*a|!!binary |<<: |---\n|...\n|>-\n  |#".split("|"),
  ..."HTTP/1.1|HTTP/1.0|HTTP/2.0|GET |POST |Transfer-Encoding: chunked\r\n|Content-Length: 5\r\n|Host: \r\n".split("|"),
  ..."Expect: 100-continue\r\n|Connection: close\r\n|Connection: Upgrade\r\nUpgrade: tcp\r\n|0\r\n\r\n|%00|%zz|../|//|?|&".split(
    "|",
  ),
  ..."__proto__|constructor|\u0085|\u2028|\xc3\x28|\xef\xbb\xbf|$(x)|`x`|$((1|)|'".split("|"),
];
const MOST_CHANGES = 6;

/**
 * Numbers from 0 to 1, the same for the same seed (mulberry32).
 * @param {number} seed
 * @returns {() => number}
 */
export function seedRandom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A seed after one to six changes; sometimes only bytes by chance.
 * @param {readonly Buffer[]} corpus
 * @param {() => number} random
 * @returns {Buffer}
 */
export function mutate(corpus, random) {
  if (random() < 0.02) return takeBytes(random, 64);
  let bytes = pick(corpus, random);
  const changes = 1 + Math.floor(random() * MOST_CHANGES);
  for (let at = 0; at < changes; at += 1) bytes = pick(CHANGES, random)(bytes, random, corpus);
  return bytes;
}

/**
 * The bytes in pieces, as a network may cut them.
 * @param {Buffer} bytes
 * @param {() => number} random
 * @returns {Buffer[]}
 */
export function cutByChance(bytes, random) {
  const size = 1 + Math.floor(random() * Math.max(1, bytes.length / 2));
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** @typedef {(bytes: Buffer, random: () => number, corpus: readonly Buffer[]) => Buffer} Change */

/** @type {readonly Change[]} */
const CHANGES = [
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[below(copy.length, random)] = Math.floor(random() * 256);
    return copy;
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = below(copy.length, random);
    if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << below(8, random));
    return copy;
  },
  (bytes, random) => insert(bytes, below(bytes.length + 1, random), Buffer.from(pick(TOKENS, random), "latin1")),
  (bytes, random) => {
    const at = below(bytes.length + 1, random);
    const token = Buffer.from(pick(TOKENS, random), "latin1");
    return Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(at + token.length)]);
  },
  (bytes, random) => {
    const [from, to] = takeRange(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const [from, to] = takeRange(bytes, random);
    return insert(bytes, to, bytes.subarray(from, to));
  },
  (bytes, random) => bytes.subarray(0, below(bytes.length + 1, random)),
  (bytes, random, corpus) => {
    const other = pick(corpus, random);
    const [from, to] = takeRange(other, random);
    return insert(bytes, below(bytes.length + 1, random), other.subarray(from, to));
  },
  (bytes, random, corpus) => {
    const other = pick(corpus, random);
    return Buffer.concat([bytes.subarray(0, below(bytes.length, random)), other.subarray(below(other.length, random))]);
  },
  (bytes, random) => insert(bytes, below(bytes.length + 1, random), takeBytes(random, 8)),
  replaceWord,
];

/** Another number or JSON value where one is. @type {Change} */
function replaceWord(bytes, random) {
  const text = bytes.toString("latin1");
  const words = [...text.matchAll(/\d+|"[^"\r\n]{0,40}"|true|false|null/g)];
  if (words.length === 0) return bytes;
  const word = pick(words, random);
  const other = pick(
    ["0", "-1", "1e99", "null", "[]", "{}", '""', "true", '"a"', "4294967296", "[null]", '{"":{}}'],
    random,
  );
  return Buffer.from(text.slice(0, word.index) + other + text.slice(word.index + word[0].length), "latin1");
}

/** @param {Buffer} bytes @param {number} at @param {Buffer} more */
function insert(bytes, at, more) {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

/** @param {Buffer} bytes @param {() => number} random @returns {[from: number, to: number]} */
function takeRange(bytes, random) {
  const from = below(bytes.length, random);
  return [from, Math.min(bytes.length, from + 1 + below(32, random))];
}

/** @param {() => number} random @param {number} most */
function takeBytes(random, most) {
  return Buffer.from(Array.from({ length: below(most, random) }, () => Math.floor(random() * 256)));
}

/** @param {number} limit @param {() => number} random */
function below(limit, random) {
  return Math.floor(random() * limit);
}

/** @template T @param {readonly T[]} list @param {() => number} random @returns {T} */
function pick(list, random) {
  return /** @type {T} */ (list[Math.floor(random() * list.length)]);
}
