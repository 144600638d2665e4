/**
 * Two things that look alike: which of today's is which recorded one stays open until a request fits only one of them. In
 * each row the clients of today come in another order than they were recorded in.
 */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

/** The ids that the daemon gave when it was recorded; one of each kind for each of the things. */
const RECORDED: Readonly<Record<string, string>> = {
  C1: "c1".repeat(32),
  C2: "c2".repeat(32),
  C3: "c3".repeat(32),
  E1: "e1".repeat(32),
  E2: "e2".repeat(32),
  N1: "a1".repeat(32),
  N2: "a2".repeat(32),
  V1: "b1".repeat(32),
  V2: "b2".repeat(32),
};
/** `<C1>` is an id, `<C1.short>` its beginning. */
const withIds = (text: string, ids: Readonly<Record<string, string>>): string =>
  text.replace(
    /<(\w+)(\.short)?>/g,
    (whole, name: string, short) => (short ? ids[name]?.slice(0, 12) : ids[name]) ?? whole,
  );

/** A recorded exchange: its request, the body of that, and the answer: a status, or JSON. */
type Recorded = readonly [line: string, body: string | undefined, answer: string, name?: string];
/** What is sent today, what it has to get, and the letter by which the id that it gets is known afterwards. */
type Today = readonly [line: string, body: string | undefined, answer: string, letter?: string];

interface Row {
  readonly recorded: readonly Recorded[];
  readonly today: readonly Today[];
}

function write([line, body, answer, name]: Recorded): string {
  const head = name === undefined ? "" : `name: ${name}\n`;
  const asked = body === undefined ? `request: ${line}\n` : `request:\n  line: ${line}\n  json-bare: ${body}\n`;
  const response =
    answer.startsWith("{") || answer.startsWith("[")
      ? `response:\n  status: ${line.startsWith("GET") ? "200 OK" : "201 Created"}\n  json: ${answer}\n`
      : `response: ${answer}\n`;
  return withIds(`---\n${head}${asked}${response}`, RECORDED);
}

const create = (id: string, body = '{"Image":"x"}'): Recorded => [
  "POST /v1.41/containers/create",
  body,
  `{"Id":"<${id}>"}`,
];
const start = (id: string): Recorded => [`POST /v1.41/containers/<${id}>/start`, undefined, "204 No Content"];
const exec = (id: string, command: string, execId: string): Recorded => [
  `POST /v1.41/containers/<${id}>/exec`,
  `{"Cmd":["${command}"]}`,
  `{"Id":"<${execId}>"}`,
];
const inspect = (id: string, answer: string): Recorded => [`GET /v1.41/containers/<${id}>/json`, undefined, answer];
const makes = (letter: string, body = '{"Image":"x"}'): Today => [
  "POST /v1.41/containers/create",
  body,
  '{"Id":"',
  letter,
];
const starts = (letter: string): Today => [`POST /v1.41/containers/<${letter}>/start`, undefined, "204 No Content"];
const execs = (letter: string, command: string, says: string, execLetter = "-"): Today => [
  `POST /v1.41/containers/<${letter}>/exec`,
  `{"Cmd":["${command}"]}`,
  says,
  execLetter,
];
const inspects = (letter: string, says: string): Today => [`GET /v1.41/containers/<${letter}>/json`, undefined, says];

const PAIR = [create("C1"), create("C2"), start("C1"), start("C2")];
const PAIR_TODAY = [makes("A"), makes("B"), starts("A"), starts("B")];
const STATE = (id: string, at: string, ip: string): string =>
  `{"Id":"<${id}>","Name":"/${id === "C1" ? "happy_curie" : "sad_bohr"}","State":{"Running":true,"Pid":${at}7,"StartedAt":"2026-11-20T00:00:0${at}.5Z"},"Config":{"Hostname":"<${id}.short>"},"IPAddress":"172.17.0.${ip}"}`;

/** A container runs for a moment, and ends by itself. */
const ENDED = (id: string, at: string, code = 0): string =>
  STATE(id, at, "").replace('"Running":true', `"Running":false,"ExitCode":${code}`);
/** The first one was seen running, the other one only when it had ended. */
const BRIEF = [
  ...PAIR,
  inspect("C1", STATE("C1", "1", "2")),
  inspect("C1", ENDED("C1", "1")),
  inspect("C2", ENDED("C2", "2")),
  exec("C1", "one", "E1"),
  exec("C2", "two", "E2"),
];

const ROWS: Readonly<Record<string, Row>> = {
  "containers that ended by themselves, of which one was seen running": {
    recorded: BRIEF,
    today: [
      ...PAIR_TODAY,
      inspects("B", '"Running":false'),
      inspects("A", '"Running":true'),
      inspects("A", '"Running":false'),
      execs("A", "two", "<E2>"),
      inspects("A", '"Name":"/happy_curie"'),
      inspects("A", '"Running":false'),
      inspects("B", '"Name":"/sad_bohr"'),
      execs("B", "one", "<E1>"),
    ],
  },
  "containers that ended by themselves, of which one was seen running, and not after that": {
    recorded: BRIEF,
    today: [
      ...PAIR_TODAY,
      inspects("A", '"Running":true'),
      execs("B", "one", "<E1>"),
      inspects("A", '"Running":false'),
      inspects("B", '"Running":false'),
      execs("A", "two", "<E2>"),
    ],
  },
  "containers, told apart by a command": {
    recorded: [...PAIR, exec("C1", "one", "E1"), exec("C2", "two", "E2")],
    today: [...PAIR_TODAY, execs("A", "two", "<E2>"), execs("B", "one", "<E1>")],
  },
  "containers, told apart before the other one is made": {
    recorded: [...PAIR, exec("C1", "one", "E1"), exec("C2", "two", "E2")],
    today: [makes("A"), starts("A"), execs("A", "two", "<E2>"), makes("B"), starts("B"), execs("B", "one", "<E1>")],
  },
  "containers, named afterwards": {
    recorded: [
      ...PAIR,
      ["POST /v1.41/containers/<C1>/rename?name=one", undefined, "204 No Content"],
      ["POST /v1.41/containers/<C2>/rename?name=two", undefined, "204 No Content"],
      ["GET /v1.41/containers/one/json", undefined, '{"Id":"<C1>","Name":"/one"}'],
    ],
    today: [
      ...PAIR_TODAY,
      ["POST /v1.41/containers/<A>/rename?name=two", undefined, "204 No Content"],
      ["POST /v1.41/containers/<B>/rename?name=one", undefined, "204 No Content"],
      ["GET /v1.41/containers/one/json", undefined, '{"Id":"<B>","Name":"/one"}'],
    ],
  },
  "containers, connected to networks": {
    recorded: [
      ...PAIR,
      ["POST /v1.41/networks/one/connect", '{"Container":"<C1>"}', "200 OK"],
      ["POST /v1.41/networks/two/connect", '{"Container":"<C2>"}', "200 OK"],
    ],
    today: [
      ...PAIR_TODAY,
      ["POST /v1.41/networks/two/connect", '{"Container":"<A>"}', "200 OK"],
      ["POST /v1.41/networks/one/connect", '{"Container":"<B>"}', "200 OK"],
    ],
  },
  "containers, of which one is stopped with a limit": {
    recorded: [
      ...PAIR,
      ["POST /v1.41/containers/<C1>/stop?t=1", undefined, "204 No Content"],
      ["POST /v1.41/containers/<C2>/stop?t=2", undefined, "204 No Content"],
      ["DELETE /v1.41/containers/<C1>", undefined, "204 No Content"],
      ["DELETE /v1.41/containers/<C2>", undefined, "204 No Content"],
    ],
    today: [
      ...PAIR_TODAY,
      ["POST /v1.41/containers/<B>/stop?t=1", undefined, "204 No Content"],
      ["DELETE /v1.41/containers/<B>", undefined, "204 No Content"],
      ["POST /v1.41/containers/<A>/stop?t=2", undefined, "204 No Content"],
      ["DELETE /v1.41/containers/<A>", undefined, "204 No Content"],
    ],
  },
  "containers, stopped and removed in another order, with nothing to tell them apart": {
    recorded: [
      ...PAIR,
      ["POST /v1.41/containers/<C1>/stop", undefined, "204 No Content"],
      ["POST /v1.41/containers/<C2>/stop", undefined, "204 No Content"],
      ["DELETE /v1.41/containers/<C1>", undefined, "204 No Content"],
      ["DELETE /v1.41/containers/<C2>", undefined, "204 No Content"],
    ],
    today: [
      ...PAIR_TODAY,
      ["POST /v1.41/containers/<B>/stop", undefined, "204 No Content"],
      ["DELETE /v1.41/containers/<B>", undefined, "204 No Content"],
      ["POST /v1.41/containers/<A>/stop", undefined, "204 No Content"],
      ["DELETE /v1.41/containers/<A>", undefined, "204 No Content"],
    ],
  },
  "containers that were looked at before: what was seen stays": {
    recorded: [
      create("C1"),
      start("C1"),
      inspect("C1", STATE("C1", "1", "2")),
      create("C2"),
      start("C2"),
      inspect("C2", STATE("C2", "2", "3")),
      exec("C1", "one", "E1"),
      exec("C2", "two", "E2"),
      ["GET /v1.41/networks/bridge", undefined, '{"Containers":{"<C1>":"172.17.0.2","<C2>":"172.17.0.3"}}'],
    ],
    today: [
      makes("A"),
      starts("A"),
      inspects("A", '"Name":"/happy_curie"'),
      inspects("A", '"IPAddress":"172.17.0.2"'),
      makes("B"),
      starts("B"),
      inspects("B", '"IPAddress":"172.17.0.3"'),
      execs("A", "two", "<E2>"),
      inspects("A", '"Name":"/happy_curie"'),
      inspects("A", '"Hostname":"<A.short>"'),
      inspects("A", '"IPAddress":"172.17.0.2"'),
      inspects("B", '"IPAddress":"172.17.0.3"'),
      execs("B", "one", "<E1>"),
      ["GET /v1.41/networks/bridge", undefined, '{"Containers":{"<B>":"172.17.0.3","<A>":"172.17.0.2"}}'],
    ],
  },
  "containers under their short ids": {
    recorded: [...PAIR, ["POST /v1.41/containers/<C2.short>/kill?signal=HUP", undefined, "204 No Content"]],
    today: [...PAIR_TODAY, ["POST /v1.41/containers/<A.short>/kill?signal=HUP", undefined, "204 No Content"]],
  },
  "containers, found in a filter": {
    recorded: [
      ...PAIR,
      ['GET /v1.41/containers/json?filters={"id":["<C2>"]}', undefined, '[{"Id":"<C2>","State":"running"}]'],
    ],
    today: [...PAIR_TODAY, ['GET /v1.41/containers/json?filters={"id":["<A>"]}', undefined, '[{"Id":"<A>"']],
  },
  "three containers": {
    recorded: [
      ...PAIR,
      create("C3"),
      exec("C1", "one", "E1"),
      exec("C2", "two", "E2"),
      ["POST /v1.41/containers/<C3>/pause", undefined, "204 No Content"],
    ],
    today: [
      makes("A"),
      makes("B"),
      makes("C"),
      ["POST /v1.41/containers/<A>/pause", undefined, "204 No Content"],
      execs("B", "one", "<E1>"),
      starts("B"),
      execs("C", "two", "<E2>"),
      starts("C"),
    ],
  },
  "execs of one container, told apart by what they are asked": {
    recorded: [
      create("C1"),
      exec("C1", "ls", "E1"),
      exec("C1", "ls", "E2"),
      ["POST /v1.41/exec/<E1>/start", '{"Detach":true}', "200 OK"],
      ["POST /v1.41/exec/<E2>/start", '{"Detach":true,"Tty":true}', "200 OK"],
    ],
    today: [
      makes("A"),
      execs("A", "ls", "", "X"),
      execs("A", "ls", "", "Y"),
      ["POST /v1.41/exec/<X>/start", '{"Detach":true,"Tty":true}', "200 OK"],
      ["POST /v1.41/exec/<Y>/start", '{"Detach":true}', "200 OK"],
    ],
  },
  "containers, told apart by an exec of theirs": {
    recorded: [
      ...PAIR,
      exec("C1", "ls", "E1"),
      exec("C2", "ls", "E2"),
      ["POST /v1.41/exec/<E1>/start", '{"Detach":true}', "200 OK"],
      ["POST /v1.41/exec/<E2>/start", '{"Detach":true}', "200 OK"],
      ["GET /v1.41/exec/<E2>/json", undefined, '{"ID":"<E2>","ContainerID":"<C2>"}'],
    ],
    today: [
      ...PAIR_TODAY,
      execs("A", "ls", "", "X"),
      execs("B", "ls", "", "Y"),
      ["POST /v1.41/exec/<X>/start", '{"Detach":true}', "200 OK"],
      ["GET /v1.41/exec/<X>/json", undefined, '{"ID":"<X>","ContainerID":"<A>"}'],
      ["POST /v1.41/exec/<Y>/start", '{"Detach":true}', "200 OK"],
    ],
  },
  "volumes without a name": {
    recorded: [
      ["POST /v1.41/volumes/create", "{}", '{"Name":"<V1>"}'],
      ["POST /v1.41/volumes/create", "{}", '{"Name":"<V2>"}'],
      create("C1", '{"Image":"x","Cmd":["one"],"HostConfig":{"Binds":["<V1>:/data"]}}'),
      create("C2", '{"Image":"x","Cmd":["two"],"HostConfig":{"Binds":["<V2>:/data"]}}'),
    ],
    today: [
      ["POST /v1.41/volumes/create", "{}", '{"Name":"', "V"],
      ["POST /v1.41/volumes/create", "{}", '{"Name":"', "W"],
      makes("A", '{"Image":"x","Cmd":["two"],"HostConfig":{"Binds":["<V>:/data"]}}'),
      makes("B", '{"Image":"x","Cmd":["one"],"HostConfig":{"Binds":["<W>:/data"]}}'),
    ],
  },
  "networks under names that a client generates": {
    recorded: [
      ["POST /v1.41/networks/create", '{"Name":"5f3c9e1a-7b2d-4c8e-9a6f-0d1e2f3a4b5c"}', '{"Id":"<N1>"}'],
      ["POST /v1.41/networks/create", '{"Name":"0a9b8c7d-1e2f-4a3b-8c5d-6e7f8a9b0c1d"}', '{"Id":"<N2>"}'],
      create("C1", '{"Image":"x","Cmd":["one"],"HostConfig":{"NetworkMode":"5f3c9e1a-7b2d-4c8e-9a6f-0d1e2f3a4b5c"}}'),
      create("C2", '{"Image":"x","Cmd":["two"],"HostConfig":{"NetworkMode":"0a9b8c7d-1e2f-4a3b-8c5d-6e7f8a9b0c1d"}}'),
      ["GET /v1.41/networks/<N2>", undefined, '{"Id":"<N2>","Name":"0a9b8c7d-1e2f-4a3b-8c5d-6e7f8a9b0c1d"}'],
    ],
    today: [
      ["POST /v1.41/networks/create", '{"Name":"e4d3c2b1-a09f-4e8d-b7c6-a5b4c3d2e1f0"}', '{"Id":"', "M"],
      makes("A", '{"Image":"x","Cmd":["two"],"HostConfig":{"NetworkMode":"e4d3c2b1-a09f-4e8d-b7c6-a5b4c3d2e1f0"}}'),
      ["POST /v1.41/networks/create", '{"Name":"1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f1"}', '{"Id":"', "L"],
      makes("B", '{"Image":"x","Cmd":["one"],"HostConfig":{"NetworkMode":"1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f1"}}'),
      ["GET /v1.41/networks/<M>", undefined, '{"Id":"<M>","Name":"e4d3c2b1-a09f-4e8d-b7c6-a5b4c3d2e1f0"}'],
    ],
  },
  "containers under names that a client generates": {
    recorded: [
      ["POST /v1.41/containers/create?name=tide_3f1c0a9be2d4", '{"Image":"x"}', '{"Id":"<C1>"}'],
      ["POST /v1.41/containers/create?name=tide_9b27d4e1f05c", '{"Image":"x"}', '{"Id":"<C2>"}'],
      ["POST /v1.41/containers/tide_3f1c0a9be2d4/exec", '{"Cmd":["one"]}', '{"Id":"<E1>"}'],
      ["POST /v1.41/containers/tide_9b27d4e1f05c/exec", '{"Cmd":["two"]}', '{"Id":"<E2>"}'],
      ["GET /v1.41/containers/tide_9b27d4e1f05c/json", undefined, '{"Id":"<C2>","Name":"/tide_9b27d4e1f05c"}'],
    ],
    today: [
      ["POST /v1.41/containers/create?name=tide_77aa01bc3d2f", '{"Image":"x"}', '{"Id":"', "A"],
      ["POST /v1.41/containers/create?name=tide_e0d1c2b3a495", '{"Image":"x"}', '{"Id":"', "B"],
      ["POST /v1.41/containers/tide_77aa01bc3d2f/exec", '{"Cmd":["two"]}', "<E2>"],
      ["POST /v1.41/containers/<B>/exec", '{"Cmd":["one"]}', "<E1>"],
      ["GET /v1.41/containers/<A>/json", undefined, '{"Id":"<A>","Name":"/tide_77aa01bc3d2f"}'],
    ],
  },
};

const statusAndBody = (answer: string): string =>
  answer.slice("HTTP/1.1 ".length).replace(/\r\n[\s\S]*?\r\n\r\n/, "\n");

async function play(theatre: Theatre, today: readonly Today[]): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = { ...RECORDED };
  for (const [line, body, says, letter] of today) {
    const bytes =
      body === undefined
        ? request(withIds(line, ids))
        : encodeJsonRequest(withIds(line, ids), JSON.parse(withIds(body, ids)));
    const answer = statusAndBody(await theatre.asks(bytes));
    const id = /"(?:Id|Name)":"([0-9a-f]{64})"/.exec(answer)?.[1];
    if (letter !== undefined && id !== undefined) ids[letter] = id;
    expect(answer, line).toContain(withIds(says, ids));
  }
  return ids;
}

describe.each(Object.entries(ROWS))("%s", (_, { recorded, today }) => {
  const cassette = recorded.map(write).join("");

  test("are what they turn out to be", async () => {
    const theatre = new Theatre(cassette);
    await play(theatre, today);
    expect(theatre.report).toMatchObject({ missed: [], problems: [] });
    expect(theatre.report.unplayed.filter((line) => !line.includes("  GET "))).toEqual([]);
  });

  test("are what they turn out to be in a strict replay, too", async () => {
    const theatre = new Theatre(cassette, { isStrict: true });
    // A read that was not recorded in this era is a miss there, whatever it reads.
    await play(
      theatre,
      today.filter(([line]) => !line.startsWith("GET")),
    );
    expect(theatre.report).toMatchObject({ missed: [], problems: [] });
  });

  test("are what they were when nothing is asked in another order", async () => {
    const theatre = new Theatre(cassette);
    const letters = recorded.map(
      ([line, body, answer]): Today => [line, body, answer.startsWith("{") ? answer : answer.slice(0, 3)],
    );
    await play(theatre, letters);
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [], problems: [] });
  });
});

test("what was asked of one thing and not of the other is no second time of the one", async () => {
  const theatre = new Theatre(PAIR.map(write).join(""));
  const ids = await play(theatre, [makes("A"), makes("B"), starts("A")]);
  const again = await theatre.asks(request(withIds("POST /v1.41/containers/<A>/start", ids)));
  expect(again).toContain("WHALESONG_PLAYED_ALREADY");
  expect(theatre.decks[0]?.run.bindings.isEmpty).toBe(true);
});

test("two that were seen to end in other ways are settled, and so is one that was seen running on its way there", async () => {
  const recorded = BRIEF.map((each) => (each === BRIEF[6] ? inspect("C2", ENDED("C2", "2", 1)) : each));
  const theatre = new Theatre(recorded.map(write).join(""));
  const ids = await play(theatre, [...PAIR_TODAY, inspects("A", '"Running":true'), inspects("B", '"ExitCode":1')]);
  const answer = await theatre.asks(
    encodeJsonRequest(withIds("POST /v1.41/containers/<A>/exec", ids), { Cmd: ["two"] }),
  );
  expect(answer).toContain("WHALESONG_NO_MATCH");
});
