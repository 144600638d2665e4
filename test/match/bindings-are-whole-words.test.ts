import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Bindings } from "../../src/match/bindings.ts";
import type { ValuePair } from "../../src/match/generated/value-pairs.ts";

function bound(...pairs: readonly ValuePair[]): Bindings {
  const bindings = new Bindings();
  bindings.bind(pairs);
  return bindings;
}

describe("`web` stands for `shop`", () => {
  test.each([
    ["alone", "web", "shop"],
    ["twice", "web web", "shop shop"],
    ["in a path", "/containers/web/json", "/containers/shop/json"],
    ["in JSON", '{"Name":"/web"}', '{"Name":"/shop"}'],
    ["as a part of a name", "web-data_web.1", "shop-data_shop.1"],
    ["behind a line's end in JSON", '"a\\nweb"', '"a\\nshop"'],
    ["behind a tab in JSON", '"\\tweb"', '"\\tshop"'],
    ["behind `&`, as Go escapes it", '"\\u0026web"', '"\\u0026shop"'],
    ["not within a word", "website cobweb web2 2web", "website cobweb web2 2web"],
    ["not behind a letter that no escape has", '"C:\\\\nweb"', '"C:\\\\nweb"'],
    ["not in capitals", "WEB", "WEB"],
  ])("%s", (_, recorded, today) => {
    const bindings = bound(["web", "shop"]);
    expect(bindings.toToday(recorded)).toBe(today);
    expect(bindings.toRecorded(today)).toBe(recorded);
  });
});

/** Many are found in another way than few. */
const MANY = Array.from({ length: 100 }, (_, at): ValuePair => [`old-${at}`, `new-${at}`]);

describe("of many values", () => {
  test.each([
    ["a word", "/containers/web/json", "/containers/shop/json"],
    ["behind a tab in JSON", '"\\tweb"', '"\\tshop"'],
    ["behind `&`, as Go escapes it", '"\\u0026web"', '"\\u0026shop"'],
    ["not behind a letter that no escape has", '"C:\\\\nweb"', '"C:\\\\nweb"'],
    ["the longest one", "old-1 old-17 old-17-web old-170", "new-1 new-17 new-17-shop old-170"],
    ["beside parts of words", "x3f1c0a9btty old-1x3f1c0a9b old-1", "x90e2b7a6tty old-1x90e2b7a6 new-1"],
    ["one that begins with neither letter nor digit", "~x", "~y"],
    ["one that changed places with another one", "old-2 old-3", "new-3 new-2"],
  ])("%s", (_, recorded, today) => {
    const bindings = bound(...MANY, ["web", "shop"], ["3f1c0a9b", "90e2b7a6", "part"], ["~x", "~y"]);
    bindings.swap(["old-2", "old-3"], false);
    expect(bindings.toToday(recorded)).toBe(today);
    expect(bindings.toRecorded(today)).toBe(recorded);
  });

  test("each stands for one value", () => {
    const bindings = bound(...MANY);
    expect(bindings.canBind([["old-7", "new-7"]])).toBe(true);
    expect(bindings.canBind([["old-7", "else"]])).toBe(false);
    expect(bindings.canBind([["else", "new-7"]])).toBe(false);
    expect(bindings.canBind([["new-7", "else"]])).toBe(false);
    expect(
      bindings.canBind([
        ["a", "b"],
        ["a", "c"],
      ]),
    ).toBe(false);
  });
});

describe("a part of words, `3f1c0a9b` for `90e2b7a6`", () => {
  test.each([
    ["within a name", "x3f1c0a9btty x3f1c0a9bvol", "x90e2b7a6tty x90e2b7a6vol"],
    ["behind a digit of a counter", "t13f1c0a9b", "t190e2b7a6"],
    ["before letters that can be digits", "x3f1c0a9bab", "x90e2b7a6ab"],
    ["alone", "3f1c0a9b-web", "90e2b7a6-web"],
    ["not in the middle of an id", "aa3f1c0a9bcc", "aa3f1c0a9bcc"],
    ["not in capitals", "x3F1C0A9Btty", "x3F1C0A9Btty"],
  ])("%s", (_, recorded, today) => {
    const bindings = bound(["3f1c0a9b", "90e2b7a6", "part"]);
    expect(bindings.toToday(recorded)).toBe(today);
    expect(bindings.toTodayLatin1(recorded)).toBe(today);
    expect(bindings.toRecorded(today)).toBe(recorded);
  });

  test.each([
    ["within a name", "run1732060801a", "run1764412345a"],
    ["not alone, where it is a time of the daemon's", '{"Created":1732060801}', '{"Created":1732060801}'],
    ["not in a longer number", '"timeNano":1732060801000000000', '"timeNano":1732060801000000000'],
  ])("a decimal one: %s", (_, recorded, today) => {
    expect(bound(["1732060801", "1764412345", "part"]).toToday(recorded)).toBe(today);
  });

  test("beside words, which come first", () => {
    const bindings = bound(["3f1c0a9b", "90e2b7a6", "part"], ["x3f1c0a9b", "web"]);
    expect(bindings.toToday("x3f1c0a9b x3f1c0a9btty")).toBe("web x90e2b7a6tty");
    expect(bindings.pairs).toEqual([
      ["x3f1c0a9b", "web"],
      ["3f1c0a9b", "90e2b7a6", "part"],
    ]);
  });

  test("stands for one value, also as a word", () => {
    const bindings = bound(["3f1c0a9b", "90e2b7a6", "part"]);
    expect(bindings.canBind([["3f1c0a9b", "90e2b7a6"]])).toBe(true);
    expect(bindings.canBind([["3f1c0a9b", "00112233"]])).toBe(false);
    expect(bindings.canBind([["7c55e201", "90e2b7a6", "part"]])).toBe(false);
  });
});

test("nothing is bound at first", () => {
  expect(new Bindings().isEmpty).toBe(true);
  expect(new Bindings().toToday("web")).toBe("web");
  expect(bound(["web", "shop"])).toMatchObject({ isEmpty: false, pairs: [["web", "shop"]] });
});

test("longer words come first", () => {
  expect(bound(["web", "a"], ["web-data", "b"]).toToday("web-data web")).toBe("b a");
});

test("a word is replaced once: what it becomes is not read again", () => {
  expect(bound(["a", "b"], ["b", "a"]).toToday("a b")).toBe("b a");
});

test("characters that have a meaning in expressions stand for themselves", () => {
  expect(bound(["a.b", "x|y"], ["(c)", "$&"]).toToday("a.b axb (c)")).toBe("x|y axb $&");
});

test("text outside ASCII is bound in bytes, too", () => {
  const latin1 = (text: string): string => Buffer.from(text).toString("latin1");
  const bindings = bound(["größe", "naïve ☃"]);
  expect(bindings.toTodayLatin1(latin1('{"a":"größe"}'))).toBe(latin1('{"a":"naïve ☃"}'));
  expect(bindings.toTodayLatin1("\xff\x00")).toBe("\xff\x00");
});

describe("one value stands for one value", () => {
  test.each<[string, readonly ValuePair[], boolean]>([
    ["another one", [["c", "d"]], true],
    ["the same again", [["a", "b"]], true],
    [
      "the same twice",
      [
        ["c", "d"],
        ["c", "d"],
      ],
      true,
    ],
    ["another value for the recorded one", [["a", "c"]], false],
    ["another recorded one for the value", [["c", "b"]], false],
    [
      "two values for one",
      [
        ["c", "d"],
        ["c", "e"],
      ],
      false,
    ],
    [
      "two recorded ones for one value",
      [
        ["c", "e"],
        ["d", "e"],
      ],
      false,
    ],
    ["what stands for another itself", [["c", "a"]], false],
    ["what another stands for", [["b", "c"]], false],
    [
      "two that change places at once",
      [
        ["x", "y"],
        ["y", "x"],
      ],
      true,
    ],
    ["nothing", [["", "x"]], false],
    ["for nothing", [["x", ""]], false],
  ])("%s: %j", (_, pairs, expected) => {
    expect(bound(["a", "b"]).canBind(pairs)).toBe(expected);
  });
});

test("text translated to today and back is the recorded text, whatever stands around it", () => {
  const word = fc.stringMatching(/^[a-z]{3,8}$/);
  const pairs = fc.uniqueArray(word, { minLength: 4, maxLength: 8 });
  fc.assert(
    fc.property(pairs, fc.array(fc.nat(7)), fc.stringMatching(/^[-/_.:" ]{1,2}$/), (words, order, between) => {
      const half = words.length >> 1;
      const [recorded, today] = [words.slice(0, half), words.slice(half, half * 2)];
      const bindings = bound(...recorded.map((was, at): ValuePair => [was, today[at] as string]));
      const text = order.map((at) => recorded[at % half]).join(between);
      const expected = order.map((at) => today[at % half]).join(between);
      expect(bindings.toToday(text)).toBe(expected);
      expect(bindings.toRecorded(expected)).toBe(text);
    }),
  );
});
