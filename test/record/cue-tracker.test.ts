import { describe, expect, test } from "vitest";
import { CueTracker } from "../../src/record/cue-tracker.ts";
import type { ExchangeHappening, RecordEvent } from "../../src/record/decode/record-event.ts";
import { messageUnit, rawUnit } from "../../src/record/decode/wire-unit.ts";
import type { DocumentEvent } from "../../src/record/write/document-event.ts";
import { parseOperation } from "../../src/wire/operations/operation.ts";
import { describeDocumentEvents } from "./describe-events.ts";

/** `connection` stands for an exchange: each has one of its own. */
type Happening = readonly [connection: number, happening: ExchangeHappening];

const ID = "a".repeat(64);

function asks(connection: number, line: string): Happening {
  const [method = "", target = ""] = line.split(" ");
  const head = { method, target, version: "HTTP/1.1", fields: [] } as const;
  return [connection, { kind: "request-head", head, operation: parseOperation(method, target) }];
}

function responds(connection: number, content: "body" | "stream" | "hijack", status = 200): Happening {
  const head = { version: "HTTP/1.1", status, reason: "", fields: [] } as const;
  return [connection, { kind: "response-head", head, framing: "chunked", content }];
}

function sends(connection: number, text: string): Happening {
  return [connection, { kind: "unit", unit: rawUnit(Buffer.from(text), "bytes") }];
}

function results(connection: number): Happening {
  const json = Buffer.from('{"StatusCode":0}');
  return [connection, { kind: "unit", unit: messageUnit({ dialect: "jsonl", json }) }];
}

function body(connection: number, text: string): Happening {
  return [connection, { kind: "response-bytes", bytes: Buffer.from(text) }];
}

function ends(connection: number): Happening {
  return [connection, { kind: "response-end" }];
}

function toEvent([connection, happening]: Happening, at: number): RecordEvent {
  return { connection, exchange: 0, at, ...happening };
}

function track(happenings: readonly Happening[], tracker: CueTracker = new CueTracker()): DocumentEvent[] {
  return happenings.flatMap((happening, at) => tracker.apply(toEvent(happening, at)));
}

interface Row {
  readonly what: string;
  readonly happenings: readonly Happening[];
  /** The events from the first that matters on. */
  readonly events: readonly string[];
}

const ATTACH = [asks(0, "POST /containers/web/attach"), responds(0, "hijack")];
const EVENTS = [asks(4, "GET /events"), responds(4, "stream")];
const WAIT = [asks(1, "POST /containers/web/wait"), responds(1, "stream")];
const START = [asks(2, "POST /containers/web/start"), responds(2, "body", 204), ends(2)];

const ROWS: readonly Row[] = [
  {
    what: "documents are numbered in the order of their requests",
    happenings: [asks(5, "GET /info"), asks(3, "GET /version"), responds(3, "body"), ends(3), responds(5, "body")],
    events: [
      "0 request-head GET /info",
      "1 request-head GET /version",
      "1 response-head 200 chunked body",
      "1 response-end",
      "0 response-head 200 chunked body",
    ],
  },
  {
    what: "a change is a cue for a stream about the same thing, before what comes next in it",
    happenings: [...ATTACH, ...START, sends(0, "$ "), sends(0, "more")],
    events: ["0 cue start", '0 unit bytes "$ "', '0 unit bytes "more"'],
  },
  ...["services", "tasks"].map((things) => ({
    what: `a change of the swarm is one for the logs of its ${things}`,
    happenings: [
      asks(0, `GET /${things}/web/logs?follow=1`),
      responds(0, "stream"),
      asks(2, "DELETE /services/web"),
      ends(0),
    ],
    events: ["0 cue service-delete", "0 response-end"],
  })),
  {
    what: "a change that is not answered yet is one for a stream that is requested now, behind its head",
    happenings: [asks(2, "POST /containers/web/start"), asks(4, "GET /events"), responds(4, "stream"), results(4)],
    events: ["1 response-head 200 chunked stream", "1 cue start", '1 unit jsonl {"StatusCode":0}'],
  },
  {
    what: "one that is answered, and not over, is none",
    happenings: [
      asks(2, "POST /exec/1/start"),
      responds(2, "hijack"),
      asks(4, "GET /events"),
      responds(4, "stream"),
      results(4),
    ],
    events: ["1 response-head 200 chunked stream", '1 unit jsonl {"StatusCode":0}'],
  },
  {
    what: "a change of something else is none",
    happenings: [...ATTACH, asks(2, "POST /containers/db/start"), sends(0, "$ ")],
    events: ["1 request-head POST /containers/db/start", '0 unit bytes "$ "'],
  },
  {
    what: "a read is none",
    happenings: [...ATTACH, asks(2, "GET /containers/web/json"), sends(0, "$ ")],
    events: ["1 request-head GET /containers/web/json", '0 unit bytes "$ "'],
  },
  {
    what: "one and the same request is one cue",
    happenings: [
      ...ATTACH,
      asks(2, "POST /containers/web/kill?signal=HUP"),
      asks(3, "POST /containers/web/kill?signal=HUP"),
      [0, { kind: "client-eof" }],
    ],
    events: ["2 request-head POST /containers/web/kill?signal=HUP", "0 cue kill", "0 client-eof"],
  },
  {
    what: "what nothing follows is written at the stream's end",
    happenings: [...ATTACH, asks(2, "POST /containers/web/stop"), [0, { kind: "daemon-eof" }]],
    events: ["0 cue stop", "0 daemon-eof"],
  },
  {
    what: "a head that was waited for has the cues itself",
    happenings: [asks(1, "POST /v1.29/containers/web/wait"), ...START, responds(1, "body")],
    events: ["0 response-head 200 chunked body cues=start"],
  },
  {
    what: "a result waits for the output that came before it",
    happenings: [...ATTACH, ...WAIT, sends(0, "bye\n"), results(1)],
    events: ["0 mark said", "1 until said", '1 unit jsonl {"StatusCode":0}'],
  },
  {
    what: "an output that ends has its mark before the result is there",
    happenings: [...ATTACH, ...WAIT, sends(0, "bye\n"), [0, { kind: "daemon-eof" }], results(1)],
    events: ["0 mark said", "0 daemon-eof", "1 until said", '1 unit jsonl {"StatusCode":0}'],
  },
  {
    what: "a change is answered after what events have told of it",
    happenings: [...EVENTS, asks(2, "POST /containers/web/start"), results(4), responds(2, "body")],
    events: ["0 mark said", "1 response-head 200 chunked body untils=said"],
  },
  {
    what: "what events told before it was requested is none of its business",
    happenings: [...EVENTS, results(4), asks(2, "POST /containers/web/start"), responds(2, "body")],
    events: ["1 request-head POST /containers/web/start", "1 response-head 200 chunked body"],
  },
  {
    what: "two changes that were told of together wait for one mark",
    happenings: [
      ...EVENTS,
      asks(2, "POST /containers/web/start"),
      asks(3, "POST /containers/db/start"),
      results(4),
      responds(3, "body"),
      responds(2, "body"),
    ],
    events: [
      "0 mark said",
      "2 response-head 200 chunked body untils=said",
      "1 response-head 200 chunked body untils=said",
    ],
  },
  {
    what: "a change whose answer is a stream ends after what events have told of it meanwhile",
    happenings: [
      ...EVENTS,
      asks(2, "POST /images/create?fromImage=x"),
      responds(2, "stream"),
      sends(2, "Pulling"),
      results(4),
      ends(2),
    ],
    events: ["0 mark said", "1 until said", "1 response-end"],
  },
  {
    what: "a result comes after what events have told of the end",
    happenings: [...EVENTS, ...WAIT, results(4), results(1)],
    events: ["0 mark said", "1 until said", '1 unit jsonl {"StatusCode":0}'],
  },
  {
    what: "a read waits for no events",
    happenings: [...EVENTS, asks(2, "GET /containers/json"), results(4), responds(2, "body")],
    events: ['0 unit jsonl {"StatusCode":0}', "1 response-head 200 chunked body"],
  },
  ...["stop", "restart"].map((verb) => ({
    what: `a ${verb} is answered after what was requested of its container meanwhile`,
    happenings: [
      asks(0, `POST /containers/web/${verb}?t=200`),
      asks(2, "POST /containers/web/kill"),
      responds(0, "body", 204),
    ],
    events: ["0 response-head 204 chunked body cues=kill"],
  })),
  ...["create?name=web", "web/start", "web/exec", "web/pause", "web/rename?name=db"].map((change) => ({
    what: `a ${change} that overlaps with a kill does not wait for it`,
    happenings: [asks(0, `POST /containers/${change}`), asks(2, "POST /containers/web/kill"), responds(0, "body", 204)],
    events: ["0 response-head 204 chunked body"],
  })),
  {
    what: "no output, no mark",
    happenings: [...ATTACH, ...WAIT, results(1)],
    events: ["1 response-head 200 chunked stream", '1 unit jsonl {"StatusCode":0}'],
  },
  {
    what: "cues stand before what a mark is waited for",
    happenings: [...ATTACH, ...WAIT, sends(0, "bye\n"), asks(2, "POST /containers/web/stop"), results(1)],
    events: ["0 mark said", "1 cue stop", "1 until said", '1 unit jsonl {"StatusCode":0}'],
  },
  {
    what: "a container is known by its name and its id, once a response says so",
    happenings: [
      asks(9, "POST /containers/create?name=web"),
      responds(9, "body", 201),
      body(9, `{"Id":"${ID}"`),
      body(9, "}\n"),
      ends(9),
      ...ATTACH,
      asks(2, `POST /containers/${ID.slice(0, 12)}/start`),
      sends(0, "$ "),
    ],
    events: ["1 cue start", '1 unit bytes "$ "'],
  },
  {
    what: "events of no open exchange give nothing",
    happenings: [asks(2, "GET /info"), ends(2), body(2, "late"), ends(4)],
    events: ["0 request-head GET /info", "0 response-end"],
  },
];

test.each(ROWS)("$what", ({ happenings, events }) => {
  expect(describeDocumentEvents(track(happenings)).slice(-events.length)).toEqual(events);
});

describe("a request's head", () => {
  function opened(happenings: readonly Happening[]): unknown {
    const head = track(happenings).findLast(({ kind }) => kind === "request-head");
    return head?.kind === "request-head" ? { name: head.name, during: head.during, role: head.role } : undefined;
  }

  test.each([
    { what: "a change has a name", line: asks(3, "POST /containers/db/start"), name: "start-2", role: "change" },
    { what: "a read has none", line: asks(3, "GET /version"), name: undefined, role: "free" },
    { what: "nor has a stream", line: asks(3, "GET /containers/db/logs"), name: undefined, role: "long" },
  ])("$what", ({ line, name, role }) => {
    expect(opened([asks(2, "POST /containers/web/start"), line])).toEqual({ name, role, during: [] });
  });

  test.each([
    { what: "of the same thing", line: "GET /containers/web/json", during: ["stop"] },
    { what: "that it may tell about", line: "GET /events", during: ["stop"] },
    { what: "of another", line: "GET /containers/db/json", during: [] },
  ])("a read is during a change $what", ({ line, during }) => {
    expect(opened([asks(2, "POST /containers/web/stop"), asks(3, line)])).toMatchObject({ during });
  });
});

test("a name counts as referred to only when something waits for it, or is during it", () => {
  const tracker = new CueTracker(["start"]);
  track([...ATTACH, asks(2, "POST /containers/web/start"), asks(3, "POST /containers/db/start")], tracker);
  track([asks(4, "GET /containers/db/json")], tracker);
  const names = ["start", "start-2", "start-3"];
  expect(names.filter((name) => tracker.isReferenced(name))).toEqual(["start-2", "start-3"]);
});

test("cues and `until`s have the time at which they came", () => {
  const events = track([...ATTACH, ...START, sends(0, "$ ")]);
  expect(events.slice(-2).map(({ at }) => at)).toEqual([2, 5]);
});

test("of many cues the latest 16 are kept", () => {
  const starts = Array.from({ length: 20 }, (_, at) => asks(10 + at, `POST /containers/web/kill?signal=${at + 1}`));
  const cues = track([...ATTACH, ...starts, sends(0, "$ ")]).filter(({ kind }) => kind === "cue");
  expect(describeDocumentEvents(cues)).toEqual(Array.from({ length: 16 }, (_, at) => `0 cue kill-${at + 5}`));
});

describe("what cannot be recorded", () => {
  test("is dropped with its connection, other connections are not", () => {
    const tracker = new CueTracker();
    track([...ATTACH, ...WAIT], tracker);
    const dropped = tracker.apply({ kind: "unreadable", connection: 0, at: 9, problem: "no HTTP" });
    expect(describeDocumentEvents(dropped)).toEqual(["0 dropped"]);
    expect(describeDocumentEvents(track([sends(0, "x"), results(1)], tracker))).toEqual([
      '1 unit jsonl {"StatusCode":0}',
    ]);
  });

  test("gives nothing more, once its document is dropped", () => {
    const tracker = new CueTracker();
    track(ATTACH, tracker);
    tracker.dropDocument(0);
    expect(track([sends(0, "x")], tracker)).toEqual([]);
  });
});
