/** Random texts, JSON and bytes, with a taste for what breaks YAML. */
import fc from "fast-check";

/** Words that some version of YAML takes for something else. */
const TRICKY = [
  ...[
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "~",
    "null",
    "true",
    "1:30",
    "1_000",
    "0x1F",
    "0o7",
    "017",
    "1e3",
    ".5",
    "-.inf",
    ".NaN",
  ],
  ...[
    "2026-02-11",
    "2026-02-11T10:00:00Z",
    "-",
    "--",
    "---",
    "...",
    "- a",
    "? b",
    "a: b",
    "a:",
    ": a",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
  ],
  ...[
    "<<",
    "=",
    "%a",
    "@a",
    "`a",
    "'a'",
    '"a"',
    "[a]",
    "{a}",
    "a,b",
    "a]",
    " a",
    "a ",
    "\ta",
    "a\t",
    "|",
    ">",
    "",
    " ",
    "\n",
    "a\n\n",
  ],
  ...[
    "\u0085",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\u007f",
    "\u009f",
    "\u200d",
    "\u00a0",
    "\ufffe",
    "\u{1f600}",
    "e\u0301",
    "\u0000",
    "\u001b[0m",
  ],
  ...[
    "  \n    \n",
    "  \n\n\t\n",
    "a\r\nb\r\n",
    "a\nb\n",
    " a\nb\n",
    "#a\nb\n",
    "a\n#b\n",
    "a\n  b\n",
    "a\n\nb\n",
    "a \nb\n",
    "a\n---\nb\n",
    "\na\n",
  ],
  ...[
    "0x5",
    "+1",
    "1.",
    "1e400",
    "9223372036854771712",
    "3f1c0a9be2d4",
    "123e45",
    "__proto__",
    "-c",
    "--rm",
    "-.5",
    ".git",
    "./a",
    "<none>",
  ],
];

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Any code point. `unit: "binary"` of fast-check has the same, and makes a map of all million of them, which takes a
 * second, and makes every later collection of garbage slow.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - SURROGATES.count })
  .map((index) => String.fromCodePoint(index < SURROGATES.first ? index : index + SURROGATES.count));

export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TRICKY),
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: "grapheme" }),
  fc.string(),
  fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "a", "#", "-", ":", '"', "\\", "\r", "'", "{", "]", ",") }),
  fc.array(fc.constantFrom(...TRICKY), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
);

/** Numbers and strings as other encoders than JavaScript's write them. */
const oddAtom = fc.constantFrom(
  ...[
    "1.0",
    "-0",
    "1E5",
    "9223372036854771712",
    "0.1e-7",
    '"\\u003e"',
    '"<&>"',
    '"\\/"',
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    "null",
  ],
);

const jsonSource: fc.Arbitrary<string> = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      oddAtom,
      fc.boolean().map(String),
      fc.integer().map(String),
      anyText.map(goLike),
      anyText.map((text) => JSON.stringify(text)),
    ),
    fc.array(tie("json"), { maxLength: 5 }).map((items) => `[${items.join(",")}]`),
    fc.array(fc.tuple(anyText.map(goLike), tie("json")), { maxLength: 5 }).map(mapSource),
    fc
      .array(fc.tuple(anyText.map(goLike), tie("json")), { maxLength: 3 })
      .map((entries) => mapSource(entries).replaceAll(",", " , ")),
  ),
})).json;

function mapSource(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, value]) => `${key}:${value}`).join(",")}}`;
}

/** Go's escapes, near enough for most bodies to be shown as blocks. */
function goLike(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text)
    .replace(/[<>&\u2028\u2029]/g, escaped)
    .replaceAll("\\b", "\\u0008")
    .replaceAll("\\f", "\\u000c");
}

export const anyJson: fc.Arbitrary<string> = jsonSource;

export const anyBytes: fc.Arbitrary<Buffer> = fc.oneof(
  anyText.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  jsonSource.map((json) => Buffer.from(json)),
  jsonSource.map((json) => Buffer.from(`${json}\n`)),
  jsonSource.map((json) => Buffer.from(`${json}\r\n`)),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value, undefined, 2))),
);
