import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readExchange } from "../../src/cassette/read/exchange.ts";
import { formatExchange } from "../../src/cassette/write.ts";
import { countTries } from "../playbook/seed.ts";
import { anyBuildkitExchange } from "./arbitrary-build.ts";
import { anyExchange } from "./arbitrary-exchange.ts";
import { EXCHANGES, HEADER } from "./example.ts";

const schema = JSON.parse(readFileSync(new URL("../../src/cassette/cassette.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
  allErrors: true,
}).compile(schema);

function listFaults(document: string): unknown {
  return validate(parse(document)) ? [] : validate.errors;
}

describe("the JSON Schema allows what the reader reads", () => {
  test.each([HEADER, ...EXCHANGES])("%s", (document) => {
    expect(listFaults(document.replace(/^---\n/, ""))).toEqual([]);
  });

  test("any exchange that is written", () => {
    fc.assert(
      fc.property(anyExchange, (exchange) => {
        expect(listFaults(formatExchange(exchange).slice(4))).toEqual([]);
      }),
      countTries(150),
    );
  });
});

describe("the JSON Schema allows builds", () => {
  test("any build or call that is written", () => {
    fc.assert(
      fc.property(anyBuildkitExchange, (exchange) => {
        expect(listFaults(formatExchange(exchange).slice(4))).toEqual([]);
      }),
      countTries(150),
    );
  });
});

describe("the JSON Schema refuses what the reader refuses", () => {
  const heads = "request: GET /\nresponse: 200 OK\n";
  test.each([
    "request: GET /\n",
    "request: GET\nresponse: none\n",
    "request: GET /\nresponse: OK\n",
    "request: {headers: {A: b}}\nresponse: none\n",
    "request: {line: GET /, json: 1, text: a}\nresponse: none\n",
    "request: GET /\nresponse: {status: 200 OK, wait: 0.4}\n",
    "request: GET /\nresponse: {status: 200 OK, framing: chunks}\n",
    "request: GET /\nresponse: {status: 200 OK, chunks: [5, x]}\n",
    "request: GET /\nresponse: {status: 200 OK, respnse: a}\n",
    `${heads}stream: []\nbuild: []\n`,
    "request: GRPC /a.B/C\n",
    "request: GRPC /a.B/C\nresponse: OK\nstream: []\n",
    `${heads}build: [{call: Solve}]\n`,
    `${heads}build: [{failed: Control/Solve}]\n`,
    `${heads}build: [{sync: {session: 1}}]\n`,
    `${heads}build: [{step: {name: a}}]\n`,
    `${heads}build: [{stp: {n: 1}}]\n`,
    `${heads}stream: [{stdot: a}]\n`,
    `${heads}stream: [stdout]\n`,
    `${heads}stream: [{wait: 1s, joined: true}]\n`,
    `${heads}stream: [{stdout: a, stderr: b}]\n`,
    `${heads}stream: [{ws: {from: client}}]\n`,
    `${heads}stream: [{ws: {from: me, text: a}}]\n`,
    `${heads}stream: [{eof: both}]\n`,
    ...["/a", "C:/a", "'a\\b'", "../a", "a/../b", "./a", "a//b", "a/.."].map(
      (path) => `${heads}stream: [{file: {path: ${path}, size: 1, sha256: ${"0a".repeat(32)}}}]\n`,
    ),
  ])("%j", (document) => {
    expect(listFaults(document)).not.toEqual([]);
    expect(() => readExchange({ file: "s.yaml", text: document, firstLine: 1 })).toThrow("s.yaml:");
  });
});
