import { describe, expect, test } from "vitest";
import { scanStatus } from "../../src/cassette/read/scan-status.ts";
import { openCassette, readStatus } from "../../src/cassette/read.ts";

const DOCUMENTS = [
  "request: GET /x\nresponse: 200 OK\n",
  "request: GET /x\nresponse: 404\n",
  "request: GET /x\nresponse: none\n",
  "request: GET /x\nresponse:\n  status: 304 Not Modified\n",
  "request: GET /x\nresponse:\n  status: 500 Internal Server Error\n  text: |\n    response: 200 OK\n",
  "request:\n  line: GET /x\n  text: |\n    response: 200 OK\nresponse: 201 Created\n",
  "response: 200 OK\nrequest: GET /x\n",
  "request: GET /x\nresponse: 200 OK # fine\n",
  "request: GET /x\r\nresponse: 200 OK\r\n",
];

const OTHERS = [
  'request: GET /x\nresponse: "200 OK"\n',
  "request: GET /x\nresponse:\n  headers: {A: b}\n  status: 200 OK\n",
  "request: GET /x\nresponse: {status: 404 Not Found}\n",
  "request: GET /x\nresponse:\n    status: 404 Not Found\n",
  "request: GET /x\n'response': 204 No Content\n",
  "request: GET /x\nresponse:\n  # lost\n  status: 404 Not Found\n",
];

/** What stands right behind a request line, and whether it is known as soon as the cassette is open. */
const BEHIND_REQUESTS: readonly (readonly [string, number | undefined])[] = [
  ["response: 200 OK\n", 200],
  ["response:\n  status: 404 Not Found\n", 404],
  ["response: 404\n", 404],
  ["response: none\n", undefined],
  ["response: 2000\n", undefined],
  ["response: 2e2 OK\n", undefined],
  ["response: 099 OK\n", undefined],
  ["# lost\nresponse: 404 Not Found\n", undefined],
  ['response: "404 Not Found"\n', undefined],
  ["repeat: true\nresponse: 404 Not Found\n", undefined],
];

describe("the status of a document", () => {
  test.each(BEHIND_REQUESTS)("behind a request: %j", (text, status) => {
    const [entry] = openCassette(Buffer.from(`whalesong: 1\n---\nrequest: GET /x\n${text}`), "t.yaml").entries;
    expect(entry?.status).toBe(status);
  });

  test("a document that was cut within the room of its head does not tell a part of it", () => {
    const target = `/${"x".repeat(512 - "request: GET /\nresponse: 404".length)}`;
    const [entry] = openCassette(
      Buffer.from(`whalesong: 1\n---\nrequest: GET ${target}\nresponse: 4040\n`),
      "t.yaml",
    ).entries;
    expect(entry?.status).toBeUndefined();
  });

  test.each(DOCUMENTS)("%j is scanned, and is what the parser reads", (text) => {
    const [entry] = openCassette(Buffer.from(`whalesong: 1\n---\n${text}`), "t.yaml").entries;
    expect(scanStatus(text)).toBe(entry?.readExchange().response?.status ?? "none");
  });

  test.each(OTHERS)("%j is parsed", (text) => {
    const [entry] = openCassette(Buffer.from(`whalesong: 1\n---\n${text}`), "t.yaml").entries;
    expect(scanStatus(text)).toBeUndefined();
    expect(entry && readStatus(entry)).toBe(entry?.readExchange().response?.status);
  });
});
