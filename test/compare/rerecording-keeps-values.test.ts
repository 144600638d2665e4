/** A session that is recorded again differs from the old recording in what has changed, and in nothing else. */
import { describe, expect, test } from "vitest";
import { checkCassette } from "../../src/cassette/check.ts";
import { openCassette } from "../../src/cassette/read.ts";
import { createSession, HEADER, idOf, rerecordTexts } from "./rerecord-texts.ts";

const createLogs = (stream: string): string => `${HEADER}---\nrequest: GET /logs\nresponse: 200 OK\nstream:\n${stream}`;
const createStatus = (lines: string): string => `${HEADER}---\nrequest: GET /\nresponse:\n${lines}`;
const createJson = (line: string, json: string): string =>
  `---\nrequest: ${line}\nresponse:\n  status: 200 OK\n  headers: {Content-Type: application/json}\n  json: ${json}\n`;
/** The lines of `text` that `old` does not have. */
const listNew = (old: string, text: string): string[] => {
  const known = new Set(old.split("\n"));
  return text.split("\n").filter((line) => !known.has(line));
};

describe("a session that has not changed is written as it was", () => {
  const first = createSession("first");
  const createTwo = (run: string): string =>
    createSession(run, { name: "a" }) + createSession(run, { name: "b", start: "start-2" }).slice(HEADER.length);
  test.each<[string, string, string]>([
    ["ids, times, addresses, ports and numbers of processes", first, createSession("second")],
    [
      "with another day and another whalesong",
      first,
      createSession("second").replace("02-11", "02-20").replace("0.1.0", "0.2.0"),
    ],
    [
      "with comments and the layout that people gave it",
      first.replace("request: HEAD", "# anybody there?\nrequest:   HEAD"),
      createSession("second"),
    ],
    ["with comments in its header", first.replace("recorded:", "# today\nrecorded:"), createSession("second")],
    ["two things that are alike but for their names", createTwo("first"), createTwo("second")],
    ["waits", createLogs('  - wait: 500ms\n  - stdout: "a"\n'), createLogs('  - stdout: "a"\n')],
    [
      "the time that an answer took",
      createStatus("  status: 200 OK\n  wait: 2s\n"),
      createStatus("  status: 200 OK\n"),
    ],
    [
      "how output was cut",
      createLogs('  - stdout: "a\\n"\n  - wait: 10ms\n  - stdout: "b\\n"\n'),
      createLogs("  - stdout: |\n      a\n      b\n    frames: lines\n"),
    ],
    [
      "which of two outputs was faster",
      createLogs('  - stdout: "a"\n  - stderr: "b"\n'),
      createLogs('  - stderr: "b"\n  - stdout: "a"\n'),
    ],
    [
      "times of log lines",
      createLogs('  - stdout: "2026-02-11T10:00:10.1Z up\\n"\n'),
      createLogs('  - stdout: "2026-02-12T10:00:10.25Z up\\n"\n'),
    ],
    [
      "how far a download was reported",
      createLogs(
        '  - progress: {"status":"Downloading","progressDetail":{"current":1},"id":"a1"}\n  - progress: {"status":"Pull complete","id":"a1"}\n',
      ),
      createLogs('  - progress: {"status":"Pull complete","id":"a1"}\n'),
    ],
    [
      "numbers that a daemon measures of itself",
      HEADER + createJson("GET /v1.51/info", '{"NFd":38,"NGoroutines":58,"SystemTime":"2026-02-11T10:00:10.1Z"}'),
      HEADER + createJson("GET /v1.51/info", '{"NFd":31,"NGoroutines":72,"SystemTime":"2026-02-11T10:10:10.1Z"}'),
    ],
    [
      "ports that the system chose",
      HEADER + createJson("GET /v1.51/containers/web/json", '{"Ports":{"80/tcp":[{"HostIp":"","HostPort":"32768"}]}}'),
      HEADER + createJson("GET /v1.51/containers/web/json", '{"Ports":{"80/tcp":[{"HostIp":"","HostPort":"49153"}]}}'),
    ],
    [
      "the order of a list of names",
      HEADER + createJson("GET /v1.51/networks", '[{"Name":"a","Id":"1"},{"Name":"b","Id":"2"}]'),
      HEADER + createJson("GET /v1.51/networks", '[{"Name":"b","Id":"2"},{"Name":"a","Id":"1"}]'),
    ],
    [
      "how long something is up",
      HEADER + createJson("GET /v1.51/containers/json", '[{"Names":["/web"],"Status":"Up Less than a second"}]'),
      HEADER + createJson("GET /v1.51/containers/json", '[{"Names":["/web"],"Status":"Up 2 seconds"}]'),
    ],
  ])("%s", async (_what, old, fresh) => expect(await rerecordTexts(old, fresh)).toBe(old));
});

describe("what has changed is the only thing that differs", () => {
  const first = createSession("first");
  test.each<[string, string, readonly string[]]>([
    [
      "a word of a command",
      createSession("second", { word: "HELLO" }),
      [
        '  json: {"Image":"busybox","Cmd":["echo","HELLO"]}',
        `  - stdout: "HELLO from ${idOf("container web first").slice(0, 12)}\\n"`,
        "      Cmd: [echo, HELLO]",
      ],
    ],
    ["an exit", createSession("second").replace("204 No Content", "304 Not Modified"), ["response: 304 Not Modified"]],
    [
      "a command that came",
      createSession("second", { extra: createJson("GET /v1.51/volumes", '{"Volumes":[]}') }),
      ["request: GET /v1.51/volumes", '  json: {"Volumes":[]}'],
    ],
    [
      "the daemon",
      createSession("second").replaceAll("28.5.2", "28.5.3"),
      listNew(first, first.replaceAll("28.5.2", "28.5.3")),
    ],
    [
      "a time that was none",
      createSession("second").replace("0001-01-01T00:00:00Z", "2026-02-11T10:00:41Z"),
      ['      FinishedAt: "2026-02-11T10:00:41Z"'],
    ],
    [
      "an image",
      createSession("second").replace(idOf("busybox"), idOf("busybox 2")),
      [`    Image: sha256:${idOf("busybox 2")}`],
    ],
    [
      "another word of the output",
      createSession("second").replace("hello from", "hallo from"),
      [`  - stdout: "hallo from ${idOf("container web first").slice(0, 12)}\\n"`],
    ],
    [
      "another stream",
      createSession("second").replace("stdout:", "stderr:"),
      [`  - stderr: "hello from ${idOf("container web first").slice(0, 12)}\\n"`],
    ],
  ])("%s", async (_what, fresh, lines) => {
    const text = await rerecordTexts(first, fresh);
    expect(listNew(first, text).filter((line) => !line.startsWith("recorded:"))).toEqual(
      lines.filter((line) => !line.startsWith("recorded:")),
    );
    expect(checkCassette(openCassette(Buffer.from(text), "new.yaml"))).toEqual([]);
  });

  test("a command that went takes its exchanges along, and nothing else", async () => {
    const extra = createJson("GET /v1.51/volumes", '{"Volumes":[]}');
    const old = createSession("first", { extra });
    expect(await rerecordTexts(old, createSession("second"))).toBe(createSession("first"));
  });

  test("a new day is noted where anything has changed", async () => {
    const fresh = createSession("second", { word: "HELLO" }).replace("02-11", "02-20");
    expect(await rerecordTexts(first, fresh)).toContain('at: "2026-02-20"');
  });
});

describe("the cassette stays one session", () => {
  test("an old id is not put back where its new one is also in bytes that cannot be changed", async () => {
    const [old, fresh] = [idOf("old"), idOf("new")];
    const createText = (id: string, more: string): string =>
      `${HEADER}---\nrequest: POST /v1.51/containers/create?name=web\nresponse:\n  status: 201 Created\n  json: {"Id":"${id}"}\n---\nrequest: GET /v1.51/containers/web/export\nresponse:\n  status: 200 OK\n  base64: "${Buffer.concat([Buffer.from([255, 1]), Buffer.from(` ${id} ${more}`)]).toString("base64")}"\n`;
    expect(await rerecordTexts(createText(old, "a"), createText(fresh, "b"))).toBe(createText(fresh, "b"));
  });

  test("an old id that means something else today is not put back", async () => {
    const [one, two, three] = [idOf("one"), idOf("two"), idOf("three")];
    const create = (name: string, id: string): string =>
      `---\nrequest: POST /v1.51/containers/create?name=${name}\nresponse:\n  status: 201 Created\n  json: {"Id":"${id}"}\n`;
    const [old, fresh] = [HEADER + create("a", one), HEADER + create("a", two) + create("b", one)];
    expect(await rerecordTexts(old, fresh)).toBe(fresh);
    expect(await rerecordTexts(old, HEADER + create("a", two) + create("b", three))).toBe(
      HEADER + create("a", one) + create("b", three),
    );
  });

  test("a client's own hash that changed is no value of the daemon", async () => {
    const createText = (id: string, hash: string): string =>
      `${HEADER}---\nrequest:\n  line: POST /v1.51/containers/create?name=web\n  json: {"Labels":{"hash":"${hash}"}}\nresponse:\n  status: 201 Created\n  json: {"Id":"${id}"}\n${createJson("GET /v1.51/containers/web/json", `{"Labels":{"hash":"${hash}"}}`)}`;
    const old = createText(idOf("old"), idOf("blue"));
    expect(await rerecordTexts(old, createText(idOf("new"), idOf("green")))).toBe(
      createText(idOf("old"), idOf("green")),
    );
  });

  test("names of exchanges are the old ones, and what refers to them finds them", async () => {
    const [first, second] = [createSession("first"), createSession("second", { start: "start-7" })];
    expect(await rerecordTexts(first, second)).toBe(first);
    const changed = await rerecordTexts(first, second.replace("hello from", "hallo from"));
    expect(changed).toContain("  - cue: start\n");
    expect(changed).toContain("name: start\n");
  });
});

describe("the order of exchanges", () => {
  const start = (name: string): string =>
    `---\nrequest: POST /v1.51/containers/${name}/start\nresponse: 204 No Content\n`;
  const remove = (name: string): string => `---\nrequest: DELETE /v1.51/containers/${name}\nresponse: 204 No Content\n`;
  const old = HEADER + start("a") + start("b") + remove("a") + remove("b");
  const fresh = HEADER + start("b") + start("a") + remove("b") + remove("a");

  test("is the old one, where they ran side by side", async () => {
    const spans = [
      [0, 20],
      [10, 30],
      [31, 40],
      [41, 50],
    ] as const;
    expect(await rerecordTexts(old, fresh, { spans })).toBe(old);
  });

  test("is the new one, where one came after the other", async () => {
    expect(await rerecordTexts(old, fresh)).toBe(fresh);
  });

  test("of reads is the old one", async () => {
    const [a, b] = [createJson("GET /v1.51/networks", "[]"), createJson("GET /v1.51/volumes", "{}")];
    expect(await rerecordTexts(HEADER + a + b, HEADER + b + a)).toBe(HEADER + a + b);
  });
});

describe("what a stream waits for", () => {
  const wait = (cue: string, code = 0): string =>
    `---\nrequest: POST /v1.51/containers/web/wait\nresponse: 200 OK\nstream:\n${cue}  - jsonl: {"StatusCode":${code}}\n`;
  const stop = (name: string): string =>
    `---\n${name}request: POST /v1.51/containers/web/stop\nresponse: 204 No Content\n`;
  const waiting = HEADER + wait("  - cue: stop-1\n") + stop("name: stop-1\n");
  const ended = HEADER + wait("") + stop("");

  test("keeps its name and its place where it came in between again", async () => {
    expect(await rerecordTexts(waiting, waiting.replaceAll("stop-1", "stop"))).toBe(waiting);
  });

  test("may be what came while it was under way", async () => {
    const spans = [
      [0, 20],
      [10, 12],
    ] as const;
    expect(await rerecordTexts(waiting, ended, { spans })).toBe(waiting);
  });

  test("holds back nothing where only its client's end comes behind it", async () => {
    const left = (cue: string): string =>
      `---\nrequest: GET /v1.51/containers/web/logs?follow=1\nresponse: 200 OK\nstream:\n  - stdout: "up\\n"\n${cue}  - eof: client\n`;
    const old = HEADER + left("  - cue: stop-1\n") + stop("name: stop-1\n");
    expect(await rerecordTexts(old, HEADER + left("") + stop(""))).toBe(old);
  });

  test("is not what came after it this time, for its client may have waited for it", async () => {
    expect(await rerecordTexts(waiting, ended)).toBe(
      ended.replace("request: POST /v1.51/containers/web/stop", "name: stop-1\n$&"),
    );
  });
});
