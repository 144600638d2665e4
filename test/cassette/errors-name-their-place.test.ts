import { describe, expect, test } from "vitest";
import { CassetteError } from "../../src/base/errors.ts";
import { openCassette } from "../../src/cassette/read.ts";
import { DIGEST } from "./example.ts";

/** The first line of the complaint about a document that begins on line 3. */
function catchMessage(document: string): string {
  return catchFullMessage(document).split("\n")[0] as string;
}

function catchFullMessage(document: string): string {
  try {
    openCassette(Buffer.from(`whalesong: 1\n---\n${document}`), "c.yaml").entries[0]?.readExchange();
  } catch (error) {
    if (error instanceof CassetteError) return error.message;
    throw error;
  }
  return "nothing to complain about";
}

const stream = (item: string) => `request: GET /\nresponse: 200 OK\nstream:\n  - ${item}\n`;
const withResponse = (line: string) => `request: GET /\nresponse:\n  status: 200 OK\n  ${line}\n`;
const withFile = (path: string) => stream(`file: {path: ${path}, size: 1, sha256: ${DIGEST}}`);
const FIELDS = "a map of header names and values, a list of [Name, value] or a list of `Name: value`";

const SENDABLE = "latin1 text on one line, as all that is sent in headers";
const SPLIT_STATUS = "c.yaml:4:11  `response` must be a code and a reason on one line, in latin1, got `200 O\\r\\nK`";

const SHAPES: readonly (readonly [document: string, complaint: string])[] = [
  ["request: GET /\n", "c.yaml:3:1  an exchange must have a `response` (`none` if the client left before it came)"],
  ["response: none\n", "c.yaml:3:1  an exchange must have a `request`"],
  [
    "request: GET /\nrespnse: 200 OK\n",
    "c.yaml:4:1  unknown key `respnse` in an exchange (did you mean `response`?); expected one of `name`, `during`, `repeat`, `request`, `response`, `stream`, `build`",
  ],
  ["- a\n", "c.yaml:3:1  `document` must be an exchange (a map), got a list"],
  [
    "request: GET\nresponse: none\n",
    "c.yaml:3:10  `request` must be a method and a target like `GET /_ping`, got `GET`",
  ],
  [
    "request: GET / HTTP/1.1\nresponse: none\n",
    "c.yaml:3:10  `request` must be a method and a target without the HTTP version, got `GET / HTTP/1.1`",
  ],
  ["request: {headers: {A: b}}\nresponse: none\n", "c.yaml:3:10  a request must have a `line` like `GET /_ping`"],
  ["request: GET /\nresponse: OK\n", "c.yaml:4:11  `response` must be a code and a reason like `200 OK`, got `OK`"],
  ["request: GET /\nresponse: {hijack: true}\n", "c.yaml:4:11  a response must have a `status` like `200 OK`"],
  ["request: GET /\nresponse: [200]\n", "c.yaml:4:11  `response` must be a response (a map), got a list"],
  ["request: GET /\nresponse: none\nrepeat: yes\n", "c.yaml:5:9  `repeat` must be `true`, got `yes`"],
  ["name:\nrequest: GET /\nresponse: none\n", "c.yaml:3:6  `name` must be a name, got nothing"],
  ["request: GET /\nresponse: none\nstream: stdout\n", "c.yaml:5:9  `stream` must be a list, got `stdout`"],
  // What replay could not serve.
  [withResponse("wait: 596h"), "nothing to complain about"],
  [withResponse("wait: 1e26h"), "c.yaml:6:9  `wait` must be a duration like `412ms`, got `1e26h`"],
  [
    withResponse(`wait: 1${"0".repeat(20)}h`),
    `c.yaml:6:9  \`wait\` must be a duration of at most \`596h\`, got \`1${"0".repeat(20)}h\``,
  ],
  [
    'request: "GET /a\\0b"\nresponse: none\n',
    "c.yaml:3:10  `request` must be a method and a target as a client can send them, without blanks and line ends, got `GET /a\\x00b`",
  ],
  ['request: GET /\nresponse: "200 O\\r\\nK"\n', SPLIT_STATUS],
  ['request: GET /\nresponse: "200 O\\0K"\n', SPLIT_STATUS.replace("\\r\\n", "\\x00")],
  [withResponse('headers: {A: "b\\r\\nC: d"}'), `c.yaml:6:16  \`A\` must be ${SENDABLE}, got \`b\\r\\nC: d\``],
  [withResponse('headers: [[A, "b\\rc"]]'), `c.yaml:6:13  \`headers\` must be ${SENDABLE}, got a list`],
  [withResponse('headers: ["A: b\\0c"]'), `c.yaml:6:13  \`headers\` must be ${SENDABLE}, got \`A: b\\x00c\``],
  [withResponse('headers: {A: "\u20ac"}'), `c.yaml:6:16  \`A\` must be ${SENDABLE}, got \`\u20ac\``],
  [withResponse('trailers: {A: "b\\nc"}'), `c.yaml:6:17  \`A\` must be ${SENDABLE}, got \`b\\nc\``],
  [withResponse('head: {A: "b\\nc"}'), `c.yaml:6:13  \`A\` must be ${SENDABLE}, got \`b\\nc\``],
  [
    withResponse('headers: {"A B": b}'),
    'c.yaml:6:20  `A B` must be a header\'s name without blanks, not "A B", got `b`',
  ],
  [
    stream(`wait: 1${"0".repeat(20)}s`),
    `c.yaml:6:11  \`wait\` must be a duration of at most \`596h\`, got \`1${"0".repeat(20)}s\``,
  ],
  [withResponse("wait: 0.4"), "c.yaml:6:9  `wait` must be a duration like `412ms`, got `0.4`"],
  [
    withResponse("framing: chunks"),
    "c.yaml:6:12  unknown `framing`: `chunks` (did you mean `chunked`?); expected one of `none`, `length`, `chunked`, `close`",
  ],
  [withResponse("chunks: [5, x]"), "c.yaml:6:15  `chunks` must be a list of sizes like `[512, 32768x31]`, got `x`"],
  [withResponse("chunks: [1x10000000000]"), "c.yaml:6:11  `chunks` lists 10000000000 pieces, the most is 10000000"],
  [withResponse("headers: Content-Type"), `c.yaml:6:12  \`headers\` must be ${FIELDS}, got \`Content-Type\``],
  [withResponse("headers: [[A, b, c]]"), `c.yaml:6:13  \`headers\` must be ${FIELDS}, got a list`],
  [withResponse("headers: {A: [b]}"), "c.yaml:6:16  `A` must be text, got a list"],
  [withResponse("base64: abc"), "c.yaml:6:11  `base64` must be base64 (whole groups of four characters), got `abc`"],
  [
    withResponse("json: |\n    {}"),
    "c.yaml:6:9  `json` must be JSON or YAML, got a block of text; use `text` for that",
  ],
  [withResponse("json: [.inf]"), "c.yaml:6:10  `json` must be a number that JSON knows, got `.inf`"],
  [withResponse("json: {}\n  text: a"), "c.yaml:7:9  a body is spelled one way, got `json` and `text`"],
  [
    `${withResponse("json: {}")}stream: []\n`,
    "c.yaml:7:9  an exchange has a body in its `response` or a `stream`, not both",
  ],
  [
    withResponse("jsn: {}"),
    "c.yaml:6:3  unknown key `jsn` in a response (did you mean `json`?); expected one of `status`, `headers`, `head`, `framing`, `chunks`, `hijack`, `wait`, `cue`, `until`, `left`, `trailers`, `json`, `json-bare`, `text`, `base64`, `file`",
  ],
  [stream("wait: 0.4"), "c.yaml:6:11  `wait` must be a duration like `412ms`, got `0.4`"],
  [
    stream('stdot: "a"'),
    "c.yaml:6:5  unknown event `stdot` (did you mean `stdout`?); expected one of `stdin`, `stdout`, `stderr`, `systemerr`, `echo`, `tty`, `progress`, `jsonl`, `json-seq`, `text`, `base64`, `file`, `ws`, `wait`, `cue`, `mark`, `until`, `eof`, `reset`, `cut`, `hold`, `repeat`",
  ],
  [stream("stdout"), "c.yaml:6:5  `stdout` must be followed by `:` and a value"],
  [stream("[a]"), "c.yaml:6:5  `stream` must be events like `stdout: ...`, got a list"],
  [stream("reset: false"), "c.yaml:6:12  `reset` must be `true`; leave the line out where it is not"],
  [stream("eof: both"), "c.yaml:6:10  unknown `eof`: `both`; expected one of `client`, `daemon`"],
  [stream("stdout: a\n    stderr: b"), "c.yaml:7:5  one item is one event, got `stdout` and `stderr`"],
  [
    stream("stdout: a\n    jined: true"),
    "c.yaml:7:5  unknown key `jined` beside `stdout` (did you mean `joined`?); expected one of `stdout`, `frames`, `joined`",
  ],
  [stream("wait: 1s\n    joined: true"), "c.yaml:7:5  unknown key `joined` beside `wait`; expected one of `wait`"],
  [stream("stdout: abc\n    frames: [1, 1]"), "c.yaml:7:13  `frames` add up to 2 bytes, but there are 3"],
  [
    stream("stdout: abc\n    frames: line"),
    "c.yaml:7:13  unknown `frames`: `line` (did you mean `lines`?); expected one of `lines`",
  ],
  [stream("stdout: {text: a}"), "c.yaml:6:14  unknown key `text` in `stdout`; expected one of `base64`"],
  [stream("stdin: {redacted: many}"), "c.yaml:6:23  `redacted` must be a number of bytes, got `many`"],
  [
    stream("ws: {from: client}"),
    "c.yaml:6:9  `ws` must have a `from` and one of `text`, `base64`, `close`, `ping`, `pong`",
  ],
  [stream("ws: {from: me, text: a}"), "c.yaml:6:16  unknown `from`: `me`; expected one of `client`, `daemon`"],
  [
    stream("ws: {from: client, close: bye}"),
    "c.yaml:6:31  `close` must be a code and a reason like `1000 bye`, got `bye`",
  ],
  [stream(`file: {path: a, sha256: "${DIGEST}"}`), "c.yaml:6:11  `file` must have a `path`, a `size` and a `sha256`"],
  [stream("file: {path: a, size: 1, sha256: abc}"), "c.yaml:6:38  `sha256` must be 64 hexadecimal digits, got `abc`"],
];

const UNMERGED =
  "this line is of a merge conflict that is not resolved; keep one side (`git checkout --ours` or `--theirs`), or record it again";

const SYNTAX: readonly (readonly [document: string, complaint: string])[] = [
  ["request: GET /\nrequest: GET /\nresponse: none\n", "c.yaml:4:1  map keys must be unique"],
  [stream('stdout: "a'), "c.yaml:6:13  the quote that opens here is never closed"],
  [withResponse("json: {a: 1, a: 2}"), "c.yaml:6:16  map keys must be unique"],
  // As git writes it within an exchange and around whole ones, with a text that looks like it.
  [
    "request: GET /\n<<<<<<< HEAD\nresponse: 200 OK\n=======\nresponse: none\n>>>>>>> other\n",
    `c.yaml:4:1  ${UNMERGED}`,
  ],
  [`<<<<<<< HEAD\n${stream("stdout: a")}`, `c.yaml:3:1  ${UNMERGED}`],
  [`${stream("stdout: a")}\n=======\n`, `c.yaml:8:1  ${UNMERGED}`],
  [`${stream("stdout: |\n      =======")}\n>>>>>>> other\n`, `c.yaml:9:1  ${UNMERGED}`],
];

const FANCY: readonly (readonly [document: string, place: string])[] = [
  [stream("stdout: !!str 5"), "c.yaml:6:19"],
  [stream("stdout: &a b"), "c.yaml:6:16"],
  [stream("stdout: *a"), "c.yaml:6:13"],
  [withResponse("json: {a: &x 1, b: 2}"), "c.yaml:6:16"],
  [withResponse("json: {&x a: 1}"), "c.yaml:6:13"],
  ["&all\nrequest: GET /\nresponse: none\n", "c.yaml:4:1"],
];

describe("a complaint names the place, what was found and what was expected", () => {
  test.each(SHAPES)("%j", (document, expected) => expect(catchMessage(document)).toBe(expected));
  test.each(SYNTAX)("%j", (document, expected) => expect(catchMessage(document)).toBe(expected));

  test.each(FANCY)("%j is too fancy", (document, place) => {
    expect(catchMessage(document)).toBe(`${place}  tags, anchors and aliases are not read; write the value itself`);
  });

  test("merge keys are refused", () => {
    expect(catchMessage(withResponse("json: {<<: {a: 1}}"))).toBe("c.yaml:6:10  a cassette has no merge keys (`<<`)");
  });
});

describe("a sidecar lies beside its cassette", () => {
  test.each([
    ["/etc/passwd", "is absolute"],
    ["C:/x", "names a drive"],
    ["'a\\b'", "has a backslash; use `/`"],
    ["../x", "leaves it"],
    ["a/../../x", "leaves it"],
    ["./x", "has an empty step (`.` or `//`)"],
    ["a//b", "has an empty step (`.` or `//`)"],
    ['"a\\0b"', "has a control character"],
  ])("%s", (path, fault) => {
    expect(catchMessage(withFile(path))).toContain("c.yaml:6:18  a sidecar lies in the cassette's folder, ");
    expect(catchMessage(withFile(path))).toContain(fault);
  });
});

describe("a caret stands under the fault", () => {
  test("of a short line", () => {
    expect(catchFullMessage(stream("wait:\t0.4  # ms?"))).toBe(
      [
        "c.yaml:6:11  `wait` must be a duration like `412ms`, got `0.4`",
        "      - wait: 0.4  # ms?",
        "              ^",
      ].join("\n"),
    );
  });

  test("of a long line, which is shown in part", () => {
    const lines = catchFullMessage(withResponse(`json: [${'"x", '.repeat(100)}.nan]`)).split("\n");
    expect(lines).toHaveLength(3);
    expect((lines[1] as string).length).toBeLessThanOrEqual(104);
    expect((lines[1] as string).slice((lines[2] as string).indexOf("^"))).toMatch(/^\.nan/);
  });

  test("and programs read the numbers", () => {
    const [entry] = openCassette(Buffer.from(`whalesong: 1\n---\n${stream("wait: 1")}`), "c.yaml").entries;
    expect(() => entry?.readExchange()).toThrow(
      expect.objectContaining({ code: "WHALESONG_CASSETTE_SHAPE", fields: { file: "c.yaml", line: 6, column: 11 } }),
    );
  });
});
