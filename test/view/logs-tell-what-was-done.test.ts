/** Each row is what a cassette says, and the line that `show` makes of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSidecar } from "../../src/io/disk/read-cassette.ts";
import { showText } from "./show-text.ts";

const CASSETTES = join(import.meta.dirname, "../../cassettes");
const ID = "4a2931774b328d49f5dae6ca15fc3f1e491328db304969597b1149e5f0225171";
const LOAD = `{"Type":"container","Action":"die","Actor":{"ID":"${ID}","Attributes":{"name":"web","image":"busybox","exitCode":"3"}}}`;

interface Row {
  readonly says: string;
  readonly request: string;
  readonly body?: string;
  readonly response?: string;
  readonly stream?: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    says: "POST   create web  busybox: echo hello  -it --rm -p 8080:80 -v /a:/b --network x -> 201 4a2931774b32",
    request: "POST /v1.41/containers/create?name=web",
    body: '{"Image":"busybox","Cmd":["echo","hello"],"Tty":true,"OpenStdin":true,"HostConfig":{"AutoRemove":true,"PortBindings":{"80/tcp":[{"HostPort":"8080"}]},"Binds":["/a:/b"],"NetworkMode":"x"}}',
    response: `201 Created, json: {"Id":"${ID}","Warnings":[]}`,
  },
  {
    says: "GET    inspect web -> 200 exited (137)",
    request: "GET /v1.41/containers/web/json",
    response: '200 OK, json: {"State":{"Status":"exited","ExitCode":137}}',
  },
  {
    says: "GET    list containers  --all label=a=b -> 200 2: web (running), db (exited)",
    request: "GET /containers/json?all=1&filters=%7B%22label%22%3A%7B%22a%3Db%22%3Atrue%7D%7D",
    response: '200 OK, json: [{"Names":["/web"],"State":"running"},{"Names":["/db"],"State":"exited"}]',
  },
  {
    says: "DELETE delete web  --force -> 409 it runs",
    request: "DELETE /v1.41/containers/web?force=1",
    response: '409 Conflict, json: {"message":"it runs"}',
  },
  {
    says: "POST   stop web  timeout 3s -> 304 nothing to do",
    request: "POST /containers/web/stop?t=3",
    response: "304",
  },
  { says: "POST   tag busybox  as a:b -> 201", request: "POST /images/busybox/tag?repo=a&tag=b", response: "201" },
  { says: "POST   pull  a@sha256:b -> 200", request: "POST /images/create?fromImage=a&tag=sha256:b" },
  { says: "GET    logs web  --follow --tail 5 -> 200", request: "GET /containers/web/logs?follow=1&tail=5" },
  {
    says: "POST   create network  n --driver bridge -> 200",
    request: "POST /networks/create",
    body: '{"Name":"n","Driver":"bridge"}',
  },
  {
    says: 'POST   update web  {"Memory":5} -> 200',
    request: "POST /containers/web/update",
    body: '{"Memory":5,"CpuShares":0,"CpusetCpus":"","Devices":[]}',
  },
  {
    says: "GET    /no/such/page -> 404 page not found",
    request: "GET /no/such/page",
    response: '404 Not Found, text: "page not found\\n"',
  },
  { says: "stdout   a", request: "GET /containers/web/logs", stream: ['- stdout: "a\\n"'] },
  {
    says: "stdout   done",
    request: "GET /containers/web/logs",
    stream: ['- stdout: "10 %\\r50 %"', '- stdout: "\\rdone\\n"'],
  },
  { says: "exit     3", request: "POST /containers/web/wait", stream: ['- jsonl: {"StatusCode":3}'] },
  { says: "event    container die web (busybox, exit 3)", request: "GET /events", stream: [`- jsonl: ${LOAD}`] },
  {
    says: "progress a: Pull complete",
    request: "POST /images/create?fromImage=a",
    stream: ['- progress: {"id":"a","status":"Downloading"}', '- progress: {"id":"a","status":"Pull complete"}'],
  },
  {
    says: "stderr   error: no such tag",
    request: "POST /images/create?fromImage=a",
    stream: ['- progress: {"errorDetail":{"message":"no such tag"},"error":"no such tag"}'],
  },
  {
    says: "tty      / # ls",
    request: "POST /containers/web/attach",
    stream: ['- tty: "xxxx\\e[2K\\r/ # "', '- tty: "ls\\e[6n\\r\\n"'],
  },
  {
    says: "stdin    (redacted, 5 B)",
    request: "POST /containers/web/attach?stdin=1",
    stream: ["- stdin: {redacted: 5}"],
  },
];

function writeRow({ request, body, response = "200 OK", stream }: Row): string {
  const [status, ...parts] = response.split(", ");
  const answer = parts.length === 0 ? `response: ${status}` : `response:\n  status: ${status}\n  ${parts.join(", ")}`;
  const line = body === undefined ? `request: ${request}` : `request:\n  line: ${request}\n  json: ${body}`;
  const events = stream === undefined ? "" : `stream:\n${stream.map((event) => `  ${event}\n`).join("")}`;
  return `whalesong: 1\n---\n${line}\n${answer}\n${events}`;
}

test.each(ROWS)("$says", async (row) => {
  const lines = await showText(writeRow(row));
  expect(lines.map((line) => line.replace(/^ +\d+ /, ""))).toContain(row.says);
});

test("ids become the names that the cassette shows for them", async () => {
  const [, start, exec] = await showText(`whalesong: 1
---
request: POST /containers/create?name=web
response:
  status: 201 Created
  json: {"Id":"${ID}"}
---
request: POST /containers/${ID}/start
response: 204 No Content
---
request:
  line: POST /containers/${ID.slice(0, 12)}/exec
  json: {"Cmd":["sh","-c","a b"]}
response:
  status: 201 Created
  json: {"Id":"e1"}
`);
  expect(start).toBe("   2 POST   start web -> 204");
  expect(exec).toBe("   3 POST   exec in web  sh -c 'a b' -> 201 e1");
});

test("repeated polls are folded while their outcome is the same", async () => {
  const inspect = (status: string): string =>
    `---\nrequest: GET /containers/web/json\nresponse:\n  status: 200 OK\n  json: {"State":{"Status":"${status}"}}\n`;
  const text = `whalesong: 1\n${inspect("created")}${inspect("created")}${inspect("running")}${inspect("created")}`;
  expect(await showText(text)).toEqual([
    "   1 GET    inspect web -> 200 created  (2 times, 1-2)",
    "   3 GET    inspect web -> 200 running",
    "   4 GET    inspect web -> 200 created",
  ]);
});

test("what a stream prints stands behind the request that it waited for, and behind its mark", async () => {
  const text = `whalesong: 1
---
request: POST /containers/web/attach
response: 200 OK
stream:
  - cue: start
  - stdout: "hello\\n"
  - mark: said
---
request: POST /containers/web/wait
response: 200 OK
stream:
  - cue: start
  - until: said
  - jsonl: {"StatusCode":0}
---
name: start
request: POST /containers/web/start
response: 204 No Content
`;
  expect(await showText(text)).toEqual([
    "   1 POST   attach web -> 200",
    "   2 POST   wait web -> 200",
    "   3 POST   start web -> 204",
    "         1 stdout   hello",
    "         2 exit     0",
  ]);
});

test("many lines are cut, and --exchange and --only show them all", async () => {
  const lines = Array.from({ length: 100 }, (_, at) => `line ${at}\\n`).join("");
  const text = `whalesong: 1\n---\nrequest: GET /containers/web/logs\nresponse: 200 OK\nstream:\n  - stdout: "${lines}"\n`;
  const shown = await showText(text);
  expect(shown).toHaveLength(42);
  expect(shown.at(-1)).toContain("... 60 more lines: --exchange 1 shows them");
  expect(await showText(text, { lanes: new Set(["stdout"]) })).toHaveLength(100);
  expect((await showText(text, { isComplete: true })).filter((line) => line.includes("stdout"))).toHaveLength(100);
});

test.each([
  ["HELLO", ["   2 POST   start web -> 204"]],
  ["no such text", []],
])("--grep %s looks into lines and texts, in any case", async (grep, expected) => {
  const text =
    'whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n---\nname: hello\nrequest: POST /containers/web/start\nresponse: "204"\n';
  expect(await showText(text, { grep })).toEqual(expected);
});

test("zero values are folded in the whole of an exchange, unless it is verbose", async () => {
  const text =
    'whalesong: 1\n---\nrequest:\n  line: POST /containers/create\n  json: {"Image":"a","Tty":false,"Cmd":null,"Env":[],"Labels":{"a":""}}\nresponse: none\n';
  const folded = (await showText(text, { isComplete: true })).map((line) => line.trim());
  expect(folded).toContain('"Image": "a"');
  expect(folded).not.toContain('"Tty": false,');
  expect((await showText(text, { isComplete: true, isVerbose: true })).map((line) => line.trim())).toContain(
    '"Tty": false,',
  );
});

/** The log of each golden cassette, as it was read and found right. `npx vitest -u` writes them. */
test.each(readdirSync(CASSETTES).filter((name) => name.endsWith(".yaml")))("%s reads as a log", async (name) => {
  const path = join(CASSETTES, name);
  const lines = await showText(readFileSync(path, "utf8"), { readSidecar: (ref) => openSidecar(path, ref).pieces() });
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "logs", name.replace("yaml", "txt")),
  );
});
