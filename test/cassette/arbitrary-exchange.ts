/** Random exchanges, as a recorder or a person may write them. */
import fc from "fast-check";
import type {
  Exchange,
  RecordedBody,
  RecordedRequest,
  RecordedResponse,
  StreamEvent,
} from "../../src/cassette/model.ts";
import type { HeaderField } from "../../src/wire/http/head.ts";
import { anyBytes, anyJson, anyText } from "./arbitrary-bytes.ts";

const anyWord = anyText.filter((text) => text !== "");

const digest = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const path = fc
  .array(fc.stringMatching(/^[\w @#'=~-]{1,8}[a-z]$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"));
export const anySidecar = fc.record({ path, size: fc.nat(), sha256: digest }, { noNullPrototype: true });

const anyBody: fc.Arbitrary<RecordedBody> = fc.oneof(
  { weight: 5, arbitrary: anyBytes },
  { weight: 1, arbitrary: anySidecar },
);

const headerName = fc.oneof(
  fc.stringMatching(/^[A-Za-z][\w-]{0,10}$/),
  fc.constantFrom("on", "Yes", "null", "1.0", "#x"),
);
/** What a peer can send in a field: latin1, and no control character but the tab. */
export const fieldText: fc.Arbitrary<string> = anyText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/gu, ""));
export const anyFields: fc.Arbitrary<readonly HeaderField[]> = fc.array(fc.tuple(headerName, fieldText), {
  maxLength: 5,
});

const method = fc.constantFrom("GET", "POST", "HEAD", "M-SEARCH");
const target = fc.oneof(
  fc.webPath().map((path) => `/${path}`),
  fc.stringMatching(/^\/[!-~]{0,20}$/),
  fc.string({ unit: "grapheme" }).map((text) => `/${text.replace(/[^!-~\x80-\xff]/gu, "")}`),
);

const sizes = fc.array(fc.oneof(fc.nat(3), fc.nat()), { maxLength: 12 });
const joined = fc.constantFrom({}, { joined: true as const });
const ms = fc.oneof(fc.nat(100_000), fc.constantFrom(1000, 60_000, 0.5));

const bytesAndCut = fc.oneof(
  anyBytes.map((payload) => ({ payload })),
  anyBytes.map((payload) => ({ payload, cut: "lines" as const })),
  fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 4 })), { maxLength: 6 }).map((runs) => {
    const cut = runs.flatMap(([size, count]) => new Array<number>(count).fill(size));
    return {
      payload: Buffer.alloc(
        cut.reduce((sum, size) => sum + size, 0),
        "x",
      ),
      cut,
    };
  }),
);

export const anyEvent: fc.Arbitrary<StreamEvent> = fc.oneof(
  fc
    .tuple(fc.constantFrom("stdin", "stdout", "stderr", "systemerr"), bytesAndCut, joined)
    .map(([stream, frames, rest]) => ({ kind: "frames", stream, ...frames, ...rest }) as StreamEvent),
  fc
    .tuple(
      fc.constantFrom("progress", "jsonl", "json-seq"),
      fc.oneof(
        anyJson.map((json) => Buffer.from(json)),
        anyBytes,
      ),
      joined,
    )
    .map(([dialect, json, rest]) => ({ kind: "message", dialect, json, ...rest }) as StreamEvent),
  fc
    .tuple(fc.boolean(), anyBytes, joined)
    .map(([isTty, bytes, rest]) => ({ kind: "bytes", isTty, bytes, ...rest }) as const),
  anySidecar.map((file) => ({ kind: "file", file }) as const),
  fc
    .oneof(
      anyBytes,
      anySidecar,
      fc.nat().map((redactedSize) => ({ redactedSize })),
      fc.nat().map((redactedSize) => ({ redactedSize, isLine: true })),
    )
    .map((content) => ({ kind: "stdin", content }) as const),
  fc.record(
    {
      kind: fc.constant("ws" as const),
      from: fc.constantFrom("client", "daemon"),
      opcode: fc.constantFrom("text", "binary", "close", "ping", "pong"),
      payload: fc.oneof(
        anyBytes,
        anyText.map((reason) => Buffer.from(`\x03\x68${reason}`)),
      ),
    },
    { noNullPrototype: true },
  ),
  ms.map((ms) => ({ kind: "wait", ms }) as const),
  ms.filter((ms) => ms >= 1).map((ms) => ({ kind: "repeat", ms }) as const),
  fc.tuple(fc.constantFrom("cue", "mark", "until"), anyWord).map(([kind, name]) => ({ kind, name }) as const),
  fc.constantFrom("client", "daemon").map((side) => ({ kind: "eof", side }) as const),
  fc.constantFrom("reset", "cut", "hold").map((kind) => ({ kind }) as const),
);

const anyRequest = fc.record(
  { method, target, headers: anyFields, body: anyBody },
  { requiredKeys: ["method", "target", "headers"], noNullPrototype: true },
) as fc.Arbitrary<RecordedRequest>;

const anyHead = fc.record(
  {
    status: fc.integer({ min: 100, max: 999 }),
    reason: fc.oneof(fc.constantFrom("OK", "UPGRADED", "", "No Content"), fieldText),
    headers: anyFields,
    exactHead: anyFields,
    framing: fc.constantFrom("none", "length", "chunked", "close"),
    chunks: sizes,
    isHijack: fc.constant(true),
    waitMs: ms.filter((value) => value > 0),
    cues: fc.array(anyWord, { minLength: 1, maxLength: 3 }),
    untils: fc.array(anyWord, { minLength: 1, maxLength: 3 }),
    trailers: anyFields.filter((fields) => fields.length > 0),
  },
  { requiredKeys: ["status", "reason", "headers"], noNullPrototype: true },
) as fc.Arbitrary<RecordedResponse>;

const anyAnswer: fc.Arbitrary<Pick<Exchange, "response" | "stream">> = fc.oneof(
  anyHead.map((response) => ({ response })),
  fc.tuple(anyHead, anyBody).map(([head, body]) => ({ response: { ...head, body } })),
  fc
    .tuple(fc.option(anyHead, { nil: undefined }), fc.array(anyEvent, { maxLength: 8 }))
    .map(([response, stream]) => ({ response, stream })),
  fc.constant({ response: undefined }),
);

const anyLabels = fc.record(
  { name: anyWord, during: fc.array(anyWord, { minLength: 1, maxLength: 3 }), repeat: fc.constant(true) },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<Pick<Exchange, "name" | "during" | "repeat">>;

export const anyExchange: fc.Arbitrary<Exchange> = fc
  .tuple(anyLabels, anyRequest, anyAnswer)
  .map(([labels, request, answer]) => ({ ...labels, request, ...answer }));
