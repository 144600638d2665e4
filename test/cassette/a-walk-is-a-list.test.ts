/** A walk has what a list of the same cassette has, also by number, and keeps little. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCassette, walkDocuments } from "../../src/cassette/read.ts";

const GOLDEN = join(import.meta.dirname, "../../cassettes");
const ALL = readdirSync(GOLDEN).filter((name) => name.endsWith(".yaml"));

test.each(ALL)("%s: exchanges are the same by order and by number", (name) => {
  const bytes = readFileSync(join(GOLDEN, name));
  const [{ entries: list }, { entries: walk }] = [openCassette(bytes, name), walkDocuments(bytes, name)];
  expect(walk.length).toBe(list.length);
  expect(Array.from(walk, (entry) => entry.readExchange())).toEqual(list.map((entry) => entry.readExchange()));
  for (const index of [...list.keys()].reverse()) {
    const entry = walk.at(index);
    expect([entry?.index, entry?.line, entry?.target]).toEqual([index, list[index]?.line, list[index]?.target]);
    expect(entry?.readExchange()).toEqual(list[index]?.readExchange());
  }
  expect([walk.at(-1), walk.at(list.length)]).toEqual([undefined, undefined]);
});

test("what was parsed last is at hand, in a list all of it", () => {
  const document = `---\nrequest: GET /info\nresponse:\n  status: 200 OK\n  text: ${"x".repeat(300_000)}\n`;
  const bytes = Buffer.from(`whalesong: 1\n${document.repeat(5)}`);
  const isKept = ({ entries }: Pick<ReturnType<typeof walkDocuments>, "entries">, index: number): boolean => {
    const first = entries.at(index)?.readExchange();
    for (const entry of entries) entry.readExchange();
    return entries.at(index)?.readExchange() === first;
  };
  const [list, walk] = [openCassette(bytes, "a.yaml"), walkDocuments(bytes, "a.yaml")];
  expect([isKept(list, 0), isKept(list, 4), isKept(walk, 0), isKept(walk, 4)]).toEqual([true, true, false, false]);
  expect(walk.entries.at(2)?.readExchange()).toBe(walk.entries.at(2)?.readExchange());
});

test.each(["", "# first\n", "---\n", "# first\n--- # and\n\n# second\n"])(
  "the text above the first exchange is part of what is opened: %j",
  (above) => {
    const header = "whalesong: 1 # format\n# last\n";
    for (const documents of ["", "---\nrequest: GET /info\nresponse: none\n"]) {
      const { preamble, headerText } = openCassette(Buffer.from(above + header + documents), "a.yaml");
      expect([preamble, headerText]).toEqual([above, header]);
    }
  },
);

test.each([
  ["web", 9, 3],
  ["web", 2, 2],
  ["whalesong", 2, 0],
  ["info", 9, 1],
  ["nothing", 2, 0],
])("the exchanges have %j, counted up to %i: %i", (text, most, count) => {
  const documents = "---\nrequest: GET /web/web\nresponse: none\n---\nname: web\nrequest: GET /info\nresponse: none\n";
  expect(openCassette(Buffer.from(`whalesong: 1\n${documents}`), "a.yaml").countText(text, most)).toBe(count);
});

test("a text that lies across the pieces of a search counts once", () => {
  for (const before of [262_100, 262_130, 262_140, 262_143, 262_144, 262_150]) {
    const start = "---\nrequest: GET /info\nresponse:\n  status: 200 OK\n  text: ";
    const document = `${start}${"x".repeat(before - start.length)}web${"x".repeat(300_000)}web\n`;
    expect(openCassette(Buffer.from(`whalesong: 1\n${document}`), "a.yaml").countText("web", 9)).toBe(2);
  }
});
