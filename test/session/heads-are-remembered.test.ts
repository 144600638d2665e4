/** What is remembered of a head is what parsing it anew gives, whatever stands before and behind it, and in how many pieces. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteQueue } from "../../src/base/bytes.ts";
import { KnownRequests } from "../../src/session/known-requests.ts";
import { HTTP2_PREFACE, type ParsedRequest, parseRequest } from "../../src/session/parsed-request.ts";
import { takeHead } from "../../src/wire/http/head.ts";

const GET = "GET /v1.41/info HTTP/1.1\r\nHost: docker\r\n\r\n";
const texts = fc.array(
  fc.constantFrom(
    GET,
    "GET /v1.41/info HTTP/1.1\nHost: docker\n\n",
    "GET /v1.41/info HTTP/1.1\nHost: docker\n\r\n",
    "HEAD /_ping HTTP/1.0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
    `GET /${"x".repeat(5000)} HTTP/1.1\r\nHost: docker\r\n\r\n`,
    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    HTTP2_PREFACE.toString(),
    "\r\n",
    "\n",
    "abc",
  ),
  { maxLength: 6 },
);

type Taken = Omit<ParsedRequest, "normalizedRequests"> | undefined;

/** What `take` makes of the bytes, request by request, and what it leaves in the end. */
function takeAll(bytes: Buffer, pieceSize: number, take: (queue: ByteQueue) => ParsedRequest | undefined) {
  const queue = new ByteQueue();
  const taken: Taken[] = [];
  for (let at = 0; at < bytes.length; at += pieceSize) {
    queue.push(bytes.subarray(at, at + pieceSize));
    try {
      for (let request = take(queue); request !== undefined; request = take(queue)) {
        const { normalizedRequests: _, ...rest } = request;
        taken.push(rest);
      }
    } catch (error) {
      return { taken, error: String(error) };
    }
  }
  return { taken, left: queue.peek().toString("latin1") };
}

test("a request is what its head says, and what follows it stays", () => {
  const known = new KnownRequests();
  const parseAnew = (queue: ByteQueue): ParsedRequest | undefined => {
    const raw = takeHead(queue);
    return raw && parseRequest(raw);
  };
  fc.assert(
    fc.property(texts, fc.constantFrom(1, 7, 40, 100_000), (parts, pieceSize) => {
      const bytes = Buffer.from(parts.join(""), "latin1");
      const expected = takeAll(bytes, pieceSize, parseAnew);
      // The second time it is remembered.
      for (let time = 0; time < 2; time += 1)
        expect(takeAll(bytes, pieceSize, (queue) => known.take(queue))).toEqual(expected);
    }),
  );
});

function take(known: KnownRequests, text: string): ParsedRequest | undefined {
  const queue = new ByteQueue();
  queue.push(Buffer.from(text, "latin1"));
  return known.take(queue);
}

test("equal heads share a request, as long as they are among the latest", () => {
  const known = new KnownRequests();
  const first = take(known, GET);
  expect(take(known, `${GET}${GET}`)).toBe(first);
  for (let at = 0; at < 600; at += 1) take(known, GET.replace("info", `x/${at}`));
  expect(take(known, GET)).not.toBe(first);
});

test.each(["X-Registry-Auth", "x-registry-config", "Authorization", "Proxy-Authorization", "Cookie"])(
  "a head with %s is not remembered",
  (name) => {
    const known = new KnownRequests();
    const text = GET.replace("\r\n\r\n", `\r\n${name}: c2VjcmV0\r\n\r\n`);
    expect(take(known, text)).not.toBe(take(known, text));
  },
);
