/** What a value of `awk` is: a number, a text, or what was read and looks like a number. */
export interface InputText {
  readonly text: string;
  readonly number: number;
}
export type AwkValue = number | string | InputText;

const NUMBER = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;

/** Of a line, or of a command line. */
export function read(text: string): AwkValue {
  return NUMBER.exec(text)?.[0].length === text.trimEnd().length && text.trim() !== ""
    ? { text, number: Number(text) }
    : text;
}

export function numberOf(value: AwkValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "object") return value.number;
  return Number(NUMBER.exec(value)?.[0] ?? 0);
}

export function toText(value: AwkValue): string {
  if (typeof value === "object") return value.text;
  return typeof value === "string" ? value : formatNumber(value);
}

/** `%.6g`, but for whole numbers. */
function formatNumber(number: number): string {
  if (Number.isInteger(number)) return String(number);
  const text = number.toPrecision(6);
  return text.includes("e") ? text.replace(/\.?0+e/, "e") : text.replace(/\.?0+$/, "");
}

export function isTrue(value: AwkValue): boolean {
  return typeof value === "string" ? value !== "" : numberOf(value) !== 0;
}

/** As numbers where both are, else as texts. */
export function compareValues(left: AwkValue, right: AwkValue): number {
  if (typeof left !== "string" && typeof right !== "string") return numberOf(left) - numberOf(right);
  const [one, other] = [toText(left), toText(right)];
  return one < other ? -1 : Number(one > other);
}

/** `printf`: `%-5s`, `%05.2f`, `%*d`. */
export function formatText(format: string, values: readonly AwkValue[]): string {
  const left = [...values];
  const takeValue = (): AwkValue => left.shift() ?? "";
  return format.replace(/%([-+ 0#]*)(\*|\d*)(?:\.(\*|\d+))?([%diouxXeEfgGsc])/g, (_, flags, width, precision, kind) => {
    if (kind === "%") return "%";
    const size = width === "*" ? numberOf(takeValue()) : Number(width);
    const digits = precision === undefined ? undefined : precision === "*" ? numberOf(takeValue()) : Number(precision);
    const text = convertValue(kind, takeValue(), digits, flags.includes("+"));
    if (flags.includes("-")) return text.padEnd(size);
    return flags.includes("0") && kind !== "s" ? padNumber(text, size) : text.padStart(size);
  });
}

function padNumber(text: string, size: number): string {
  const sign = /^[-+]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(size - sign.length, "0");
}

function convertValue(kind: string, value: AwkValue, digits: number | undefined, hasSign: boolean): string {
  if (kind === "s") return toText(value).slice(0, digits);
  if (kind === "c") return typeof value === "number" ? String.fromCharCode(value) : toText(value).slice(0, 1);
  const number = numberOf(value);
  const sign = hasSign && number >= 0 ? "+" : "";
  if ("di".includes(kind)) return sign + String(Math.trunc(number)).padStart(digits ?? 0, "0");
  if ("oxX".includes(kind)) {
    const text = Math.trunc(number).toString(kind === "o" ? 8 : 16);
    return kind === "X" ? text.toUpperCase() : text;
  }
  if (kind === "u") return String(Math.trunc(number));
  if (kind === "f") return sign + number.toFixed(digits ?? 6);
  if ("eE".includes(kind)) return sign + number.toExponential(digits ?? 6).replace(/e([-+])(\d)$/, "e$10$2");
  return sign + formatNumber(number);
}
