/** Random builds, and single calls of BuildKit's API. */
import fc from "fast-check";
import type { BuildEvent, BuildkitCall, ProgressMessage, RecordedMessage } from "../../src/cassette/build-model.ts";
import type { Exchange } from "../../src/cassette/model.ts";
import { anyBytes, anyText } from "./arbitrary-bytes.ts";
import { anySidecar, fieldText } from "./arbitrary-exchange.ts";

const anyWord = anyText.filter((text) => text !== "");
const hexDigest = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
/** Few, so that they come again. */
const stepDigest = fc.constantFrom("sha256:aa", "sha256:bb", "sha256:cc", "sha256:dd");
const offset = fc.integer({ min: -1_000_000, max: 5_000_000_000 });
const build = fc.constantFrom(1, 1, 2);
const method = fc.constantFrom("LLBBridge/Solve", "Control/Solve", "LLBBridge/ReadFile");

function anyOptional<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

function withoutGaps<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

/** What `toJsonMessage` makes: no null, no empty key. */
const anyMessageJson = fc.dictionary(
  fc.stringMatching(/^[A-Za-z]\w{0,8}$/).filter((key) => key !== "base64" && key !== "file" && key !== "__proto__"),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      anyText,
      fc.integer(),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(
        anyText.filter((key) => key !== "__proto__"),
        tie("value"),
        { maxKeys: 3, noNullPrototype: true },
      ),
    ),
  })).value as fc.Arbitrary<string>,
  { maxKeys: 5, noNullPrototype: true },
);

const anyMessage: fc.Arbitrary<RecordedMessage> = fc.oneof(
  anyMessageJson.map((json) => ({ json })),
  anyBytes.map((bytes) => ({ bytes })),
  anySidecar.map((file) => ({ file })),
);

const anyStep = fc
  .record(
    {
      digest: stepDigest,
      inputs: fc.array(stepDigest, { maxLength: 2 }),
      name: anyOptional(anyWord),
      isCached: fc.boolean(),
      started: anyOptional(offset),
      completed: anyOptional(offset),
      error: anyOptional(anyWord),
      group: anyOptional(anyMessageJson),
    },
    { noNullPrototype: true },
  )
  .map(withoutGaps);

const anyStatus = fc
  .record(
    {
      id: fc.constantFrom("transferring context:", "a\nb", "x"),
      digest: stepDigest,
      name: anyOptional(anyWord),
      current: anyOptional(fc.nat()),
      total: anyOptional(fc.nat()),
      timestamp: anyOptional(offset),
      started: anyOptional(offset),
      completed: anyOptional(offset),
    },
    { noNullPrototype: true },
  )
  .map(withoutGaps);

const anyLog = fc
  .record(
    { digest: stepDigest, timestamp: anyOptional(offset), stream: fc.constantFrom(1, 2, undefined), bytes: anyBytes },
    { noNullPrototype: true },
  )
  .map(withoutGaps);

const anyProgress = fc.record(
  {
    steps: fc.array(anyStep, { maxLength: 3 }),
    statuses: fc.array(anyStatus, { maxLength: 2 }),
    logs: fc.array(anyLog, { maxLength: 2 }),
    warnings: fc.array(fc.record({ digest: stepDigest, message: anyMessageJson }, { noNullPrototype: true }), {
      maxLength: 1,
    }),
  },
  { noNullPrototype: true },
) as unknown as fc.Arbitrary<ProgressMessage>;

const anyStatusEnd = fc.record(
  {
    code: fc.integer({ min: 0, max: 20 }),
    message: anyText,
    details: fc.array(fc.record({ typeUrl: anyWord, value: anyBytes }, { noNullPrototype: true }), { maxLength: 2 }),
  },
  { noNullPrototype: true },
);

const transfer = fc.constantFrom("sync", "upload", "export");
const anyEntry = fc
  .record(
    {
      path: anyWord,
      type: fc.constantFrom("file", "directory", "symlink"),
      mode: fc.nat(0o7777),
      size: fc.nat(),
      link: anyOptional(anyText),
      sha256: anyOptional(hexDigest),
    },
    { noNullPrototype: true },
  )
  .map(withoutGaps);

const anyTransferEnd = fc
  .record(
    {
      kind: fc.constant("transferred"),
      transfer,
      as: anyWord,
      content: fc.oneof(
        fc.record({ kind: fc.constant("bytes"), file: anySidecar }, { noNullPrototype: true }),
        fc
          .record(
            { kind: fc.constant("tree"), tar: anyOptional(anySidecar), entries: fc.array(anyEntry, { maxLength: 3 }) },
            { noNullPrototype: true },
          )
          .map(withoutGaps),
      ),
      problem: anyOptional(anyText),
    },
    { noNullPrototype: true },
  )
  .map(withoutGaps);

const metadata = fc
  .dictionary(
    fc.stringMatching(/^[a-z][a-z-]{0,8}$/).filter((name) => name !== "__proto__"),
    fc.array(fieldText, { minLength: 1, maxLength: 3 }),
    { maxKeys: 3 },
  )
  .map((names) => Object.entries(names).flatMap(([name, values]) => values.map((value) => [name, value] as const)));

export const anyBuildEvent = fc.oneof(
  fc
    .record({ kind: fc.constant("call"), method, build, message: anyOptional(anyMessage) }, { noNullPrototype: true })
    .map(withoutGaps),
  fc.record(
    { kind: fc.constant("answer"), method, build, message: anyMessage, isLast: fc.constant(true) },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant("answer"),
      method: fc.constant("Control/Status"),
      build,
      message: anyMessage,
      isLast: fc.constant(false),
    },
    { noNullPrototype: true },
  ),
  fc.record({ kind: fc.constant("end"), method, build, status: anyStatusEnd }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant("cancel"), method, build }, { noNullPrototype: true }),
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("progress"), build, progress: anyProgress }, { noNullPrototype: true }),
  },
  fc
    .constantFrom('{"stream":"Successfully tagged demo:1\\n"}', "[1.0]", "{}")
    .map((json) => ({ kind: "line", json: Buffer.from(json) })),
  fc.constantFrom({ kind: "response-end" }, { kind: "cut" }),
  fc.record(
    { kind: fc.constant("transfer"), transfer, as: anyWord, session: build, metadata },
    { noNullPrototype: true },
  ),
  anyTransferEnd,
  fc.record(
    { kind: fc.constant("secret"), of: fc.constantFrom("secret", "ssh", "login"), id: anyText },
    { noNullPrototype: true },
  ),
  fc.nat(100_000).map((ms) => ({ kind: "wait", ms })),
) as fc.Arbitrary<BuildEvent>;

const anyCall = fc.record(
  { request: anyMessage, answers: fc.array(anyMessage, { maxLength: 3 }), status: anyStatusEnd },
  { noNullPrototype: true },
) as fc.Arbitrary<BuildkitCall>;

/** A build, or a single call. */
export const anyBuildkitExchange: fc.Arbitrary<Exchange> = fc.oneof(
  fc.array(anyBuildEvent, { maxLength: 8 }).map((events) => ({
    request: { method: "GRPC", target: "/moby.buildkit.v1.Control/Solve", headers: [] },
    response: undefined,
    build: events,
  })),
  fc.array(anyBuildEvent, { maxLength: 4 }).map((events) => ({
    name: "build",
    request: { method: "POST", target: "/v1.41/build?version=2", headers: [] },
    response: { status: 200, reason: "OK", headers: [] },
    build: events,
  })),
  anyCall.map((call) => ({
    request: { method: "GRPC", target: "/moby.buildkit.v1.Control/ListWorkers", headers: [] },
    response: undefined,
    call,
  })),
);
