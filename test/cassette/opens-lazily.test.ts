import { describe, expect, test } from "vitest";
import type { CassetteError } from "../../src/base/errors.ts";
import { checkCassette } from "../../src/cassette/check.ts";
import { type Cassette, openCassette } from "../../src/cassette/read.ts";
import { BUILD, CASSETTE, EXCHANGES, HEADER, START } from "./example.ts";

const PING = "---\nrequest: GET /_ping\nresponse: 200 OK\n";

function open(text: string): Cassette {
  return openCassette(Buffer.from(text), "t.yaml");
}

function catchMessage(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return `${(error as CassetteError).code} ${(error as Error).message.split("\n")[0]}`;
  }
  return "nothing to complain about";
}

describe("a cassette is cut, not parsed", () => {
  test("what finds an exchange is known at once", () => {
    const { entries } = open(CASSETTE);
    expect(entries.map(({ index, line, name, method, target }) => [index, line, name, `${method} ${target}`])).toEqual([
      [0, 5, undefined, "POST /v1.41/containers/create?name=web"],
      [1, 12, undefined, "POST /v1.41/images/create?fromImage=alpine&tag=3.20"],
      [2, 23, undefined, "POST /v1.41/containers/3f1c0a9be2d4/attach?stream=1&stdin=1&stdout=1&stderr=1"],
      [3, 42, "start", "POST /v1.41/containers/3f1c0a9be2d4/start"],
      [4, 46, undefined, "POST /v1.41/exec/77ab10/start"],
      [5, 61, undefined, "POST /v1.41/build?t=web%3Adev"],
    ]);
  });

  test("a document's text is what stands in the file", () => {
    expect(open(CASSETTE).entries.map((entry) => `---\n${entry.readText()}`)).toEqual(EXCHANGES);
  });

  test("a broken body is found when it is needed", () => {
    const cassette = open(`${HEADER}${PING}---\nrequest: GET /\nresponse:\n  status: 200 OK\n  json: {"a"\n`);
    expect(cassette.entries[1]?.target).toBe("/");
    expect(() => cassette.entries[1]?.readExchange()).toThrow("t.yaml:11:13");
    expect(checkCassette(cassette).map(({ code }) => code)).toEqual(["WHALESONG_CASSETTE_SYNTAX"]);
  });

  test("an exchange is parsed once", () => {
    const [entry] = open(CASSETTE).entries;
    expect(entry?.readExchange()).toBe(entry?.readExchange());
  });

  test.each([
    ["another order", "response: 200 OK\nrequest: GET /x\nname: a\n"],
    ["its name below", "request: GET /x\nname: a\nresponse: 200 OK\n"],
    ["its name below, in quotes", "request: GET /x\nresponse: 200 OK\n'name': a\n"],
    ["quotes", '"name": \'a\'\nrequest: "GET /x"\nresponse: 200 OK\n'],
    ["flow", "{name: a, request: {line: GET /x}, response: 200 OK}\n"],
    ["a folded line", "name: a\nrequest: GET\n  /x\nresponse: 200 OK\n"],
    ["comments", "\n# one\n\n  # two\nname: a # three\nrequest: GET /x   # four\nresponse: 200 OK\n"],
    ["a body first", "name: a\nrequest:\n  text: hello\n  line: GET /x\nresponse: 200 OK\n"],
    ["Windows", "name: a\r\nrequest: GET /x\r\nresponse: 200 OK\r\n"],
    ["a long comment", `# ${"x".repeat(40_000)}\nname: a\nrequest: GET /x\nresponse: 200 OK\n`],
    ["a line of the request below", "name: a\nrequest: # here\n  line: GET /x # there\nresponse: 200 OK\n"],
  ])("a document with %s is found as well", (_what, text) => {
    const [entry] = open(`${HEADER}---\n${text}`).entries;
    expect([entry?.name, entry?.method, entry?.target]).toEqual(["a", "GET", "/x"]);
    expect(entry?.readExchange()).toMatchObject({ name: "a", request: { method: "GET", target: "/x" } });
  });

  test.each([
    ["a hash that is no comment", "request: GET /x#y\nresponse: 200 OK\n", "/x#y"],
    ["letters beyond ASCII", "request: GET /\u00fc\nresponse: 200 OK\n", "/\u00fc"],
  ])("the scan and the parser agree about %s", (_what, text, target) => {
    const [entry] = open(`${HEADER}---\n${text}`).entries;
    expect(entry?.target).toBe(target);
    expect(entry?.readExchange().request.target).toBe(target);
  });

  test.each([
    ["a continued target", "request: GET /x\n  y\nresponse: 200 OK\n"],
    ["a target after an empty line", "request: GET /x\n\n  y\nresponse: 200 OK\n"],
    ["a continued line", "request:\n  line: GET /x\n    y\nresponse: 200 OK\n"],
  ])("%s is no target that a client can send", (_what, text) => {
    expect(catchMessage(() => open(`${HEADER}---\n${text}`))).toMatch(/must be a method and a target/);
  });

  // A document's beginning is looked at in 256, 1024 and 16,384 bytes.
  test.each(
    [1, 150, 180, 210, 900, 980, 1010, 16_200, 16_350, 20_000].flatMap((length) =>
      ["", `# ${"c".repeat(length)}\n`].map((comment) => [length, comment.length, comment] as const),
    ),
  )("a target of %d characters behind a comment of %d is known", (length, _, comment) => {
    const target = `/${"a".repeat(length)}`;
    const body = "a: ünicode, which has more bytes than characters, and is longer than the first look".repeat(4);
    const text = `${comment}name: first-of-all\nduring: [beginning-of-all, first-of-it]\nrequest: GET ${target} # ${target}\nresponse: 404 Not Found\n`;
    const cassette = `whalesong: 1\nunfinished: true\n---\n${text}---\n${comment}request:\n  line: PUT ${target}\n  text: "${body}"\nresponse: none\n`;
    const [first, second] = open(cassette).entries;
    const during = ["beginning-of-all", "first-of-it"];
    expect(first).toMatchObject({ name: "first-of-all", during, method: "GET", target });
    expect(second).toMatchObject({ name: undefined, method: "PUT", target, isBare: false });
  });

  test("only a marker at the start of a line cuts", () => {
    const literal = "---\nrequest: GET /\nresponse:\n  status: 200 OK\n  text: |\n    ---\n    --- a\n";
    const cassette = open(`${HEADER}--- \n${literal.slice(4)}---\t# next\n${PING.slice(4)}`);
    expect(cassette.entries).toHaveLength(2);
    expect(cassette.entries[0]?.readExchange().response?.body).toEqual(Buffer.from("---\n--- a\n"));
  });

  test("comments, a byte order mark and a marker may stand above the header", () => {
    for (const above of ["", "# hello\n\n", "\ufeff", "---\n", "# hello\n---\n", "\ufeff# hello\n"]) {
      expect(open(above + HEADER + PING).entries).toHaveLength(1);
    }
    expect(open(`# hello\n${HEADER}`).preamble).toBe("# hello\n");
  });

  test("a hundred thousand exchanges open without being parsed", () => {
    const count = 100_000;
    const body = `response:\n  status: 200 OK\n  text: "${"x".repeat(200)}"\n`;
    const text = Array.from({ length: count }, (_, index) => `---\nrequest: GET /c/${index}\n${body}`).join("");
    const cassette = open(HEADER + text);
    expect(cassette.entries).toHaveLength(count);
    expect(cassette.entries[count - 1]?.readExchange().request.target).toBe(`/c/${count - 1}`);
  });
});

describe("a file that is no whole cassette", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    [
      "is empty",
      "",
      "WHALESONG_NOT_A_CASSETTE t.yaml:1:1  not a cassette: it is empty (a cassette begins with `whalesong: 1`)",
    ],
    [
      "has only comments",
      "# hello\n",
      "WHALESONG_NOT_A_CASSETTE t.yaml:1:1  not a cassette: it is empty (a cassette begins with `whalesong: 1`)",
    ],
    [
      "is something else",
      "version: 1\n",
      "WHALESONG_NOT_A_CASSETTE t.yaml:1:1  not a cassette: its first key is not `whalesong` (a cassette begins with `whalesong: 1`)",
    ],
    [
      "is of a later version",
      "# x\nwhalesong: 2\nnew: *thing\n",
      "WHALESONG_CASSETTE_VERSION t.yaml:2:1  written by a newer whalesong (format 2, this one reads up to 1); update this one: `npm install -D whalesong@latest`",
    ],
    [
      "is of no version",
      "whalesong: one\n",
      "WHALESONG_CASSETTE_VERSION t.yaml:1:1  `whalesong` must be the version of the format, `1`, got `one`",
    ],
    [
      "ends within a line",
      HEADER + PING.slice(0, -3),
      "WHALESONG_CASSETTE_SYNTAX t.yaml:6:15  the file ends within a line: it was cut off, or its last line end is missing",
    ],
    [
      "has an empty document",
      `${HEADER}---\n# nothing\n${PING}`,
      "WHALESONG_CASSETTE_SHAPE t.yaml:5:1  the document is empty; an exchange has a `request` and a `response`",
    ],
    [
      "has text behind a marker",
      `${HEADER}--- request: GET /\nresponse: 200 OK\n`,
      "WHALESONG_CASSETTE_SYNTAX t.yaml:4:5  a document begins on the line after its `---`",
    ],
    [
      "names twice",
      HEADER + START + START,
      "WHALESONG_CASSETTE_NAME t.yaml:9:7  `name` must be unique, but `start` is the exchange at line 5 as well",
    ],
    [
      "refers to nobody",
      `${HEADER}${START}---\nduring: [start, stop]\nrequest: GET /\nresponse: none\n`,
      "WHALESONG_CASSETTE_NAME t.yaml:9:9  `during` names `stop`, but no exchange has that `name`",
    ],
  ];

  test.each(rows)("%s", (_what, text, expected) => expect(catchMessage(() => open(text))).toBe(expected));

  test("is not UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from(`${HEADER}---\nrequest: GET /\nresponse: 200 `), Buffer.from([0xff, 10])]);
    expect(catchMessage(() => openCassette(bytes, "t.yaml").entries[0]?.readExchange())).toBe(
      "WHALESONG_CASSETTE_SYNTAX t.yaml:6:15  a cassette is UTF-8, but these bytes are not",
    );
  });

  test("a cue without its exchange is found when its document is parsed", () => {
    const cassette = open(`${HEADER}${START}---\nrequest: GET /\nresponse: 200 OK\nstream:\n  - cue: strat\n`);
    expect(checkCassette(cassette).map(({ message }) => message)).toEqual([
      "t.yaml:12:10  `cue` names `strat`, but no exchange has that `name` (did you mean `start`?)\n      - cue: strat\n             ^",
    ]);
  });

  test("an until without its mark is found when all is checked", () => {
    const waiting = (name: string) => `---\nrequest: GET /\nresponse: 200 OK\nstream:\n  - until: ${name}\n`;
    const marked = "---\nrequest: GET /\nresponse: 200 OK\nstream:\n  - mark: said\n";
    expect(checkCassette(open(HEADER + waiting("said") + marked))).toEqual([]);
    expect(
      checkCassette(open(HEADER + marked + waiting("said") + waiting("sung"))).map(({ message }) => message),
    ).toEqual([
      "t.yaml:18:12  `until` names `sung`, but no stream has that `mark`\n      - until: sung\n               ^",
    ]);
  });
});

describe("an unfinished cassette", () => {
  const unfinished = HEADER.replace("\n", "\nunfinished: true\n");

  test("keeps all that had ended", () => {
    const cassette = open(unfinished + PING + BUILD);
    expect(cassette.header.isUnfinished).toBe(true);
    expect(cassette.entries).toHaveLength(2);
    expect(cassette.torn).toBeUndefined();
  });

  test("may be torn anywhere in its last document", () => {
    const torn: number[] = [];
    for (let length = "---\n".length; length < BUILD.length; length++) {
      const cassette = open(unfinished + PING + BUILD.slice(0, length));
      if (cassette.torn === undefined) torn.push(length);
      expect(cassette.entries[0]?.target).toBe("/_ping");
      if (cassette.torn !== undefined) expect([cassette.entries.length, cassette.torn.line]).toEqual([1, 9]);
    }
    // Torn after a whole line that ends an exchange as well: what is left is an exchange, if not the whole one.
    expect(torn.every((length) => BUILD[length - 1] === "\n" && BUILD.slice(0, length).includes("\nresponse: "))).toBe(
      true,
    );
  });

  test("may wait for an exchange that never ended", () => {
    const cassette = open(
      `${unfinished}---\nduring: start\nrequest: GET /\nresponse: 200 OK\nstream:\n  - cue: start\n`,
    );
    expect(checkCassette(cassette)).toEqual([]);
  });
});
