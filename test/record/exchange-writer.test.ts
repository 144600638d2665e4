import { describe, expect, test } from "vitest";
import { RepeatedBodies } from "../../src/record/bodies/repeated-bodies.ts";
import { frameUnit, joinedUnit, messageUnit, rawUnit } from "../../src/record/decode/wire-unit.ts";
import { noStore } from "../../src/record/no-store.ts";
import type { DocumentEvent } from "../../src/record/write/document-event.ts";
import type { WrittenEvent } from "../../src/record/write/document-writer.ts";
import { ExchangeWriter, type ExchangeWriterOptions } from "../../src/record/write/exchange-writer.ts";
import { RepeatedHeads } from "../../src/record/write/repeated-heads.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import type { HeaderField } from "../../src/wire/http/head.ts";
import { parseOperation } from "../../src/wire/operations/operation.ts";
import { measureHeldMemory } from "../playbook/held-memory.ts";
import { DATE } from "../playbook/http.ts";
import { MemoryStore } from "../playbook/memory-store.ts";

type Opened = Extract<DocumentEvent, { kind: "request-head" }>;
/** Without the document's number, and at 0 ms where no time stands. */
type Written = WrittenEvent extends infer E
  ? E extends unknown
    ? Omit<E, "document" | "at"> & { at?: number }
    : never
  : never;

const EVERY: readonly HeaderField[] = [["Api-Version", "1.41"]];
const END: Written = { kind: "request-end" };
const OVER: Written = { kind: "response-end" };

function open(line: string, more: Partial<Opened> = {}): Opened {
  const [method = "", target = ""] = line.split(" ");
  const head = { method, target, version: "HTTP/1.1", fields: [] } as const;
  const role = /attach|events|logs|wait/.test(target) ? "long" : "read";
  const operation = parseOperation(method, target);
  return { document: 0, at: 0, kind: "request-head", head, operation, role, name: undefined, during: [], ...more };
}

function head(content: "body" | "stream" | "hijack", more: { at?: number; cues?: readonly string[] } = {}): Written {
  const status = content === "hijack" ? 101 : 200;
  const fields: HeaderField[] =
    content === "hijack"
      ? []
      : [
          ["Api-Version", "1.41"],
          ["Date", DATE],
          ["Transfer-Encoding", "chunked"],
        ];
  const framing = content === "hijack" ? "none" : "chunked";
  const reason = content === "hijack" ? "UPGRADED" : "OK";
  return {
    kind: "response-head",
    head: { version: "HTTP/1.1", status, reason, fields },
    framing,
    content,
    cues: [],
    untils: [],
    ...more,
  };
}

function bytes(text: string): Written {
  return { kind: "response-bytes", bytes: Buffer.from(text) };
}

function stdout(text: string, at = 0): Written {
  return { kind: "unit", unit: frameUnit({ stream: "stdout", payload: Buffer.from(text) }), at };
}

function stdin(text: string, at = 0): Written {
  return { kind: "client-bytes", bytes: Buffer.from(text), at };
}

function createWriter(opened: Opened, options: Partial<ExchangeWriterOptions> = {}): ExchangeWriter {
  const redactor = options.redactor ?? new Redactor();
  const bodies = new RepeatedBodies(redactor);
  return new ExchangeWriter(opened, {
    store: noStore,
    exactTiming: false,
    matchedHeaders: [],
    redactor,
    bodies,
    heads: new RepeatedHeads(redactor),
    ...options,
  });
}

function apply(writer: ExchangeWriter, events: readonly Written[]): void {
  for (const event of events) writer.apply({ document: 0, at: 0, ...event } as WrittenEvent);
}

/** The document, from the line behind the request's on. */
function write(opened: Opened, events: readonly Written[], options: Partial<ExchangeWriterOptions> = {}): string {
  const writer = createWriter(opened, { store: new MemoryStore(), ...options });
  apply(writer, events);
  return [...writer.finish(EVERY).pieces].join("");
}

function linesOf(document: string): readonly string[] {
  return document.trimEnd().split("\n").slice(1);
}

function streamOf(document: string): readonly string[] {
  const lines = linesOf(document);
  return lines.slice(lines.indexOf("stream:") + 1).map((line) => line.replace(/^ {2}(?:- )?/, ""));
}

describe("a document", () => {
  test.each([
    {
      what: "with a body",
      opened: open("GET /version"),
      events: [END, head("body"), bytes("v1"), { kind: "chunk-end" }, OVER],
      lines: ["request: GET /version", "response:", "  status: 200 OK", "  framing: chunked", '  text: "v1"'],
    },
    {
      what: "of a change that was slow, during another",
      opened: open("POST /containers/web/stop", { role: "change", name: "stop-2", during: ["stop"] }),
      events: [END, head("body", { at: 2500 }), OVER],
      lines: [
        "name: stop-2",
        "during: stop",
        "request: POST /containers/web/stop",
        "response:",
        "  status: 200 OK",
        "  framing: chunked",
        "  wait: 2s",
      ],
    },
    {
      what: "whose head was waited for",
      opened: open("POST /containers/web/wait"),
      events: [END, head("body", { at: 2500, cues: ["stop"] }), bytes("0"), { kind: "chunk-end" }, OVER],
      lines: [
        "request: POST /containers/web/wait",
        "response:",
        "  status: 200 OK",
        "  framing: chunked",
        "  cue: [stop]",
        "  json-bare: 0",
      ],
    },
    {
      what: "without a response",
      opened: open("GET /version"),
      events: [END, { kind: "client-gone" }],
      lines: ["request: GET /version", "response: none"],
    },
    {
      what: "of a stream without events",
      opened: open("GET /events"),
      events: [END, head("stream"), OVER],
      lines: ["request: GET /events", "response: 200 OK", "stream: []"],
    },
    {
      what: "of a request that did not come to its end",
      opened: open("POST /auth"),
      events: [{ kind: "request-bytes", bytes: Buffer.from("{") }, head("body"), OVER],
      lines: [
        "request:",
        "  line: POST /auth",
        "  partial: true",
        "response:",
        "  status: 200 OK",
        "  framing: chunked",
      ],
    },
  ] satisfies readonly { what: string; opened: Opened; events: readonly Written[]; lines: readonly string[] }[])(
    "$what",
    ({ opened, events, lines }) => {
      expect(linesOf(write(opened, events))).toEqual(lines);
    },
  );
});

describe("a stream", () => {
  const ATTACH = open("POST /containers/web/attach");
  const HIJACK = [END, head("hijack")];

  test.each([
    {
      what: "gathers frames of one read",
      events: [stdout("a\n"), stdout("b\n"), stdout("c\n", 50)],
      lines: ["stdout: |", "    a", "    b", "  frames: lines", "wait: 50ms", 'stdout: "c\\n"'],
    },
    {
      what: "keeps units of one chunk together",
      events: [
        { kind: "unit", unit: joinedUnit(frameUnit({ stream: "stdout", payload: Buffer.from("a") })) },
        stdout("b"),
        stdout("c"),
      ],
      lines: ['stdout: "a"', "  joined: true", 'stdout: "b"', 'stdout: "c"'],
    },
    {
      what: "gathers what the client sends until the daemon speaks",
      events: [stdin("a"), stdin("b", 900), stdout("c", 950)],
      lines: ['stdin: "ab"', "wait: 50ms", 'stdout: "c"'],
    },
    {
      what: "has cues and `until`s before the pause that follows them",
      events: [
        stdout("a"),
        { kind: "cue", name: "start", at: 1000 },
        { kind: "until", name: "said", at: 1500 },
        stdout("b", 1600),
      ],
      lines: ['stdout: "a"', "cue: start", "until: said", "wait: 100ms", 'stdout: "b"'],
    },
    {
      what: "has a mark behind what was sent",
      events: [stdout("a"), { kind: "mark", name: "said" }, stdout("b")],
      lines: ['stdout: "a"', "mark: said", 'stdout: "b"'],
    },
    {
      what: "ends with each side's end",
      events: [{ kind: "client-eof" }, stdout("a", 200), { kind: "daemon-eof", at: 400 }],
      lines: ["eof: client", "wait: 200ms", 'stdout: "a"', "wait: 200ms", "eof: daemon"],
    },
    { what: "breaks off", events: [stdout("a"), { kind: "daemon-reset" }], lines: ['stdout: "a"', "reset"] },
    { what: "is cut", events: [stdout("a"), { kind: "cut", at: 9000 }], lines: ['stdout: "a"', "cut"] },
    {
      what: "has websocket frames of both sides",
      events: [
        { kind: "websocket-frame", frame: { from: "client", opcode: "text", payload: Buffer.from("hi") } },
        { kind: "websocket-frame", frame: { from: "daemon", opcode: "text", payload: Buffer.from("ho") }, at: 100 },
      ],
      lines: ['ws: {from: client, text: "hi"}', "wait: 100ms", 'ws: {from: daemon, text: "ho"}'],
    },
  ] satisfies readonly { what: string; events: readonly Written[]; lines: readonly string[] }[])(
    "$what",
    ({ events, lines }) => {
      expect(streamOf(write(ATTACH, [...HIJACK, ...events]))).toEqual(lines);
    },
  );

  test("keeps every millisecond where timing is exact", () => {
    const events = [...HIJACK, stdout("a", 123), stdout("b", 246.5)];
    const document = write(ATTACH, events, { exactTiming: true });
    expect(streamOf(document)).toEqual(["wait: 123ms", 'stdout: "a"', "wait: 123ms", 'stdout: "b"']);
  });
});

describe("a body that breaks off is a stream", () => {
  const rest = [END, head("body"), bytes("ha")];

  test.each([
    {
      what: "with the daemon",
      events: [{ kind: "daemon-reset", at: 500 }],
      lines: ['text: "ha"', "wait: 500ms", "reset"],
    },
    {
      what: "with the client",
      events: [{ kind: "client-eof" }, { kind: "client-gone" }],
      lines: ['text: "ha"', "eof: client"],
    },
    { what: "with the recording", events: [{ kind: "cut", at: 500 }], lines: ['text: "ha"', "cut"] },
  ] satisfies readonly { what: string; events: readonly Written[]; lines: readonly string[] }[])(
    "$what",
    ({ events, lines }) => {
      expect(streamOf(write(open("GET /version"), [...rest, ...events]))).toEqual(lines);
    },
  );

  test("whose client's end is written once, where it came", () => {
    const events: readonly Written[] = [
      END,
      { kind: "client-eof" },
      head("body"),
      bytes("ha"),
      { kind: "daemon-reset" },
    ];
    expect(streamOf(write(open("GET /version"), events))).toEqual(["eof: client", 'text: "ha"', "reset"]);
  });
});

describe("half an exchange", () => {
  test.each([
    { what: "a read without its head", opened: open("GET /version"), events: [], isWorth: false },
    { what: "a read with its head", opened: open("GET /version"), events: [head("body")], isWorth: true },
    { what: "a stream without its head", opened: open("GET /events"), events: [], isWorth: true },
  ])("$what is worth keeping: $isWorth", ({ opened, events, isWorth }) => {
    const writer = createWriter(opened);
    apply(writer, [END, ...events, { kind: "cut" }]);
    expect(writer.isWorthKeeping).toBe(isWorth);
    expect(writer.isOver).toBe(true);
  });

  test("leaves no draft behind when it is discarded", () => {
    const store = new MemoryStore();
    const writer = createWriter(open("POST /containers/web/attach"), { store });
    const large = "x".repeat(40_000);
    apply(writer, [{ kind: "request-bytes", bytes: Buffer.from(large) }, head("hijack"), stdin(large), stdout(large)]);
    expect(store.openDrafts).toBe(2);
    writer.discard();
    expect(store.openDrafts).toBe(0);
  });
});

describe("memory does not grow with what passes", () => {
  const PIECE = Buffer.alloc(64 * 1024, "x");
  const line = messageUnit({ dialect: "jsonl", json: Buffer.from(`"${"m".repeat(1000)}"`) });

  test.each([
    {
      what: "a response's body",
      opened: open("GET /version"),
      first: head("body"),
      event: () => ({ kind: "response-bytes", bytes: Buffer.from(PIECE) }),
    },
    {
      what: "a request's body",
      opened: open("POST /build"),
      first: { kind: "client-eof" },
      event: () => ({ kind: "request-bytes", bytes: Buffer.from(PIECE) }),
    },
    {
      what: "a stretch of a stream",
      opened: open("POST /containers/web/attach"),
      first: head("hijack"),
      event: () => ({ kind: "unit", unit: rawUnit(Buffer.from(PIECE), "tty") }),
    },
    {
      what: "the text of many messages",
      opened: open("GET /events"),
      first: head("stream"),
      event: (at: number) => ({ kind: "unit", unit: line, at: at * 200 }),
    },
  ] satisfies readonly { what: string; opened: Opened; first: Written; event: (at: number) => Written }[])(
    "of $what",
    async ({ opened, first, event }) => {
      const writer = createWriter(opened);
      apply(writer, [first]);
      const before = await measureHeldMemory();
      for (let at = 0; at < 800; at += 1) apply(writer, [event(at)]);
      const limit = before + 2 * 1024 * 1024;
      expect(await measureHeldMemory(limit)).toBeLessThan(limit);
      writer.discard();
    },
  );
});
