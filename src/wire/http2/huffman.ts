/**
 * The Huffman code of HPACK (RFC 7541, 5.2 and Appendix B). The code is canonical: codes of one length are consecutive,
 * in the order of their symbols, so the lengths alone define it.
 */
import { createHpackError } from "./http2-error.ts";

/** The length in bits of each octet's code. The end of string, symbol 256, has 30 bits. */
// biome-ignore format: rows of 16 compare with the RFC
const CODE_LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const END_OF_STRING = 256;
const LONGEST_CODE = 30;

interface CodeRange {
  /** The first code of this length. */
  readonly first: number;
  /** The symbols of the codes from `first` on. */
  readonly symbols: readonly number[];
}

/** By length of code, from 0 bits on. */
const RANGES: readonly CodeRange[] = buildRanges();

function buildRanges(): CodeRange[] {
  const ranges: CodeRange[] = [];
  let first = 0;
  for (let length = 0; length <= LONGEST_CODE; length += 1) {
    const symbols = [...CODE_LENGTHS.keys()].filter((symbol) => CODE_LENGTHS[symbol] === length);
    ranges.push({ first, symbols });
    first = (first + symbols.length) * 2;
  }
  return ranges;
}

/** @throws WireError `WHALESONG_BAD_HPACK` for the end-of-string symbol and for padding that is not of ones */
export function decodeHuffman(bytes: Buffer): Buffer {
  const decoded: number[] = [];
  let code = 0;
  let length = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      code = code * 2 + ((byte >> bit) & 1);
      length += 1;
      const symbol = findSymbol(code, length);
      if (symbol === undefined) continue;
      if (symbol === END_OF_STRING) throw createHpackError("the end-of-string symbol in a string", "octets only");
      decoded.push(symbol);
      code = 0;
      length = 0;
    }
  }
  checkPadding(code, length);
  return Buffer.from(decoded);
}

function findSymbol(code: number, length: number): number | undefined {
  const range = RANGES[length];
  return range?.symbols[code - range.first];
}

/** What is left over is the beginning of the end-of-string code, which is all ones, and less than an octet. */
function checkPadding(code: number, length: number): void {
  if (length < 8 && code === 2 ** length - 1) return;
  throw createHpackError(`${length} bits of padding with the value ${code}`, "at most 7 bits, all of them ones");
}
