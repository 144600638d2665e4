/** Numbers as printf(3) writes them, for `printf` and `awk`. */

export interface FormatSpec {
  /** Some of `-+ #0`. */
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly kind: string;
}

const BITS = 64;
/** The largest number that `toFixed` writes in digits. */
const LARGEST_FIXED = 1e21;
/** How many digits JavaScript writes at most. */
const MOST_DIGITS = 100;

/** An integer: kinds `d`, `i`, `o`, `u`, `x` and `X`. */
export function formatInteger(value: bigint, spec: FormatSpec): string {
  const { flags, kind, precision } = spec;
  const isSigned = kind === "d" || kind === "i";
  const number = isSigned ? value : BigInt.asUintN(BITS, value);
  const size = number < 0n ? -number : number;
  const plain = precision === 0 && size === 0n ? "" : size.toString({ o: 8, x: 16, X: 16 }[kind] ?? 10);
  const digits = plain.padStart(precision ?? 0, "0");
  const text = kind === "X" ? digits.toUpperCase() : digits;
  const sign = isSigned ? findSign(number < 0n, flags) : findPrefix(size, text, spec);
  return padNumber(sign, text, spec, precision === undefined);
}

function findPrefix(size: bigint, text: string, { flags, kind }: FormatSpec): string {
  if (!flags.includes("#") || size === 0n) return "";
  if (kind === "o") return text.startsWith("0") ? "" : "0";
  return { x: "0x", X: "0X" }[kind] ?? "";
}

/** A number with a fraction: kinds `e`, `f`, `g` and their capitals. */
export function formatFloat(value: number, spec: FormatSpec): string {
  const size = Math.abs(value);
  const isNegative = value < 0 || Object.is(value, -0);
  const text = Number.isFinite(value) ? formatSize(size, spec) : Number.isNaN(value) ? "nan" : "inf";
  const cased = /[A-Z]/.test(spec.kind) ? text.toUpperCase() : text;
  return padNumber(findSign(isNegative, spec.flags), cased, spec, Number.isFinite(value));
}

function formatSize(size: number, { flags, kind, precision = 6 }: FormatSpec): string {
  const letter = kind.toLowerCase();
  if (letter === "f") return formatFixed(size, precision);
  if (letter === "e") return withExponent(size.toExponential(Math.min(precision, MOST_DIGITS)));
  const digits = Math.min(precision || 1, MOST_DIGITS);
  const exponent = size === 0 ? 0 : Number(size.toExponential(digits - 1).split("e")[1]);
  const isShort = exponent < -4 || exponent >= digits;
  const text = isShort ? size.toExponential(digits - 1) : formatFixed(size, digits - 1 - exponent);
  const [mantissa = "", power] = text.split("e");
  const kept = flags.includes("#") || !mantissa.includes(".") ? mantissa : mantissa.replace(/\.?0+$/, "");
  return power === undefined ? kept : withExponent(`${kept}e${power}`);
}

function formatFixed(size: number, precision: number): string {
  if (size < LARGEST_FIXED) return roundHalfToEven(size, Math.min(precision, MOST_DIGITS));
  return `${BigInt(size)}${precision === 0 ? "" : `.${"0".repeat(precision)}`}`;
}

/** `toFixed` rounds a half up, C rounds it to an even digit: `0.5` is `0`. */
function roundHalfToEven(size: number, precision: number): string {
  const exact = size.toFixed(MOST_DIGITS);
  const point = exact.indexOf(".") + 1;
  const kept = precision === 0 ? exact.slice(0, point - 1) : exact.slice(0, point + precision);
  const isHalf = /^50*$/.test(exact.slice(point + precision));
  return isHalf && /[02468]$/.test(kept) ? kept : size.toFixed(precision);
}

/** C writes two digits at least: `1e-05`. */
function withExponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, "e$10$2");
}

function findSign(isNegative: boolean, flags: string): string {
  if (isNegative) return "-";
  return flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

function padNumber(sign: string, digits: string, { flags, width }: FormatSpec, mayHaveZeros: boolean): string {
  if (flags.includes("-")) return `${sign}${digits}`.padEnd(width);
  if (flags.includes("0") && mayHaveZeros) return sign + digits.padStart(width - sign.length, "0");
  return `${sign}${digits}`.padStart(width);
}

/** A text: kinds `s`, `b` and `c`. */
export function padText(text: string, { flags, width }: FormatSpec): string {
  return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}
