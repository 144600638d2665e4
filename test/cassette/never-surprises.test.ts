import fc from "fast-check";
import { expect, test } from "vitest";
import { CassetteError } from "../../src/base/errors.ts";
import type { Exchange } from "../../src/cassette/model.ts";
import { type CassetteEntry, openCassette } from "../../src/cassette/read.ts";
import { formatExchange } from "../../src/cassette/write.ts";
import { countTries } from "../playbook/seed.ts";
import { anyCharacter } from "./arbitrary-bytes.ts";
import { encodeResponse } from "./encode-exchange.ts";
import { CASSETTE } from "./example.ts";

const RUNS = countTries(200);

const scrap = fc.oneof(
  fc.constantFrom(
    "\n",
    "  ",
    " ",
    "\t",
    "#",
    " #",
    ":",
    ": ",
    "- ",
    '"',
    "'",
    "---\n",
    "...\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "|",
    ">",
    "&a ",
    "*a",
  ),
  fc.constantFrom(
    "!!str ",
    "\r",
    "\r\n",
    "\\",
    "%",
    "<<: ",
    "name: a\n",
    "wait",
    "0",
    "-1",
    "null",
    "request: GET /\n",
    "\u0085",
    "\ufeff",
    "\0",
  ),
  fc.string({ unit: anyCharacter, maxLength: 3 }),
);
const edit = fc.record({ at: fc.nat(CASSETTE.length), length: fc.nat(6), scrap });

/** A cassette after a few slips of the keyboard. */
const mangled = fc
  .array(edit, { minLength: 1, maxLength: 4 })
  .map((edits) =>
    edits.reduce((text, { at, length, scrap }) => text.slice(0, at) + scrap + text.slice(at + length), CASSETTE),
  );

function readUnlessBroken<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(CassetteError);
    expect((error as Error).message).toMatch(/^m\.yaml:\d+:\d+ {2}[^\n]+/);
    return undefined;
  }
}

test("a mangled cassette is read, or its error has a place; never anything else", () => {
  fc.assert(
    fc.property(mangled, (text) => {
      const cassette = readUnlessBroken(() => openCassette(Buffer.from(text), "m.yaml"));
      for (const entry of cassette?.entries ?? []) {
        const exchange = readUnlessBroken(() => entry.readExchange());
        if (exchange !== undefined) expectAgreement(entry, exchange);
      }
    }),
    RUNS,
  );
});

/** What the scan found is what the parser found, and writing it loses nothing. */
function expectAgreement({ name, during, method, target }: CassetteEntry, exchange: Exchange): void {
  const { request } = exchange;
  expect([name, during, method, target]).toEqual([
    exchange.name,
    exchange.during ?? [],
    request.method,
    request.target,
  ]);
  const again = openCassette(Buffer.from(`whalesong: 1\nunfinished: true\n${formatExchange(exchange)}`), "m.yaml");
  expect(encodeResponse(again.entries[0]?.readExchange() as Exchange)).toEqual(encodeResponse(exchange));
}
