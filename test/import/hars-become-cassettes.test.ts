import { describe, expect, test } from "vitest";
import { importFixture } from "./import-fixture.ts";

interface EntryOptions {
  readonly method?: string;
  readonly path?: string;
  readonly url?: string;
  readonly postData?: unknown;
  readonly sent?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: unknown;
  readonly at?: string;
  readonly time?: number;
  readonly receive?: number;
}

/** An entry as browsers and proxies write it. */
function entry(options: EntryOptions): unknown {
  const { method = "GET", path = "/v1.41/containers/json", url = `http://localhost${path}`, at, time = 5 } = options;
  const { status = 200, headers = {}, sent = {}, content = { size: 3, text: "[]\n" }, receive = 1 } = options;
  return {
    startedDateTime: at ?? "2026-11-20T10:00:00.000Z",
    time,
    request: {
      method,
      url,
      httpVersion: "HTTP/1.1",
      headers: fields(sent),
      queryString: [],
      bodySize: 0,
      ...(options.postData === undefined ? {} : { postData: options.postData }),
    },
    response: {
      status,
      statusText: status === 200 ? "OK" : "",
      httpVersion: "HTTP/1.1",
      headers: fields(headers),
      content,
    },
    timings: { send: 0, wait: time - receive, receive },
  };
}

function fields(all: Readonly<Record<string, string>>): unknown {
  return Object.entries(all).map(([name, value]) => ({ name, value }));
}

function har(...entries: readonly unknown[]): unknown {
  return { log: { version: "1.2", creator: { name: "a proxy", version: "1" }, entries } };
}

test("a conversation becomes exchanges", async () => {
  const server = { Server: "Docker/20.10.24 (linux)", Date: "Fri, 20 Nov 2026 10:00:00 GMT" };
  const dockers = { "Api-Version": "1.41", ...server };
  const { text, report } = await importFixture(
    har(
      entry({
        headers: { "Api-Version": "1.41", "Content-Type": "application/json", ...server, "Content-Length": "3" },
      }),
      entry({
        method: "POST",
        path: "/v1.41/containers/web/start",
        status: 204,
        headers: dockers,
        content: { size: 0 },
      }),
    ),
  );
  expect(text).toBe(`whalesong: 1
recorded: {at: "2026-11-20", by: "whalesong 0.1.0, from fixture.json", from: "Docker Engine 20.10.24, API 1.41"}
every-response: {Api-Version: "1.41", Server: Docker/20.10.24 (linux)}
---
request: GET /v1.41/containers/json
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: []
---
request: POST /v1.41/containers/web/start
response: 204 No Content
`);
  expect(report).toMatchObject({ exchanges: 2, skipped: [], problem: undefined });
});

describe("bodies", () => {
  test("in base64, and those that were decompressed before they were saved", async () => {
    const tar = { path: "/v1.41/containers/web/archive?path=/a", headers: { "Content-Type": "application/x-tar" } };
    const { exchanges, text } = await importFixture(
      har(
        entry({ ...tar, content: { size: 4, text: "/wD+AA==", encoding: "base64" } }),
        entry({ headers: { "Content-Encoding": "gzip", "Content-Length": "999" } }),
      ),
    );
    expect(exchanges[0]?.response?.body).toMatchObject({ size: 4 });
    expect(exchanges[1]?.response?.body?.toString()).toBe("[]\n");
    expect(text).not.toMatch(/gzip|999/);
  });

  test("of requests: text is kept, what text cannot hold is not compared", async () => {
    const post = { method: "POST", path: "/v1.41/containers/create", status: 201 };
    const { exchanges } = await importFixture(
      har(
        entry({ ...post, postData: { mimeType: "application/json", text: '{"Image":"a"}' } }),
        entry({ ...post, path: "/v1.41/build", postData: { mimeType: "application/x-tar", text: "a\ufffdb" } }),
        entry({ ...post, path: "/v1.41/images/load", sent: { "Content-Length": "2048" } }),
      ),
    );
    expect(exchanges[0]?.request.body?.toString()).toBe('{"Image":"a"}');
    expect(exchanges[0]?.request).not.toHaveProperty("isPartial");
    expect(exchanges.slice(1).map(({ request }) => request.isPartial)).toEqual([true, true]);
  });
});

test("what is not whole is skipped, with the reason", async () => {
  const { exchanges, report } = await importFixture(
    har(
      entry({ status: 0 }),
      entry({ content: { size: 70_000 } }),
      entry({ content: { size: 4, text: "a\ufffd" } }),
      entry({ headers: { "Content-Length": "70000" } }),
      entry({ url: "https://registry.example/v2/" }),
      entry({ method: "POST", path: "/v1.41/exec/1/start", status: 101 }),
      entry({ path: "/v1.41/containers/a b/json" }),
      entry({ headers: { "X-Odd": "a\nb" } }),
      entry({ method: "HEAD", path: "/_ping", headers: { "Content-Length": "2" }, content: { size: 0 } }),
    ),
  );
  expect(exchanges.map(({ request }) => request.method)).toEqual(["HEAD"]);
  expect(report.skipped.map(({ reason }) => reason)).toEqual([
    "it was not answered",
    "its body was not saved",
    "its body is no text, but was saved as text",
    "3 bytes of its body were saved, of 70000",
    "it is not of the Docker Engine API",
    "it leaves HTTP, and what was said then was not saved",
    expect.stringContaining("cannot write the request line"),
    expect.stringContaining("X-Odd"),
  ]);
});

test("times become waits and cues", async () => {
  const wait = {
    method: "POST",
    path: "/v1.41/containers/web/wait",
    content: { size: 17, text: '{"StatusCode":0}\n' },
  };
  const { text } = await importFixture(
    har(
      entry({ ...wait, at: "2026-11-20T10:00:00.000Z", time: 3000, receive: 2990 }),
      entry({
        method: "POST",
        path: "/v1.41/containers/web/stop",
        status: 204,
        at: "2026-11-20T10:00:01.000Z",
        time: 1500,
      }),
    ),
  );
  expect(text).toMatch(/ {2}- cue: stop\n {2}- wait: 2s\n {2}- jsonl: \{"StatusCode":0\}\n/);
  expect(text).toMatch(/web\/stop\nresponse:\n {2}status: 204 No Content\n(?:.*\n)* {2}wait: 1s\n/);
});

test("secrets are blanked, as in any recording", async () => {
  const postData = { mimeType: "application/json", text: '{"username":"ann","password":"hunter2"}' };
  const { text } = await importFixture(
    har(
      entry({ method: "POST", path: "/v1.41/auth", postData }),
      entry({
        method: "POST",
        path: "/v1.41/images/a/push",
        sent: { "X-Registry-Auth": "aHVudGVyMg", Authorization: "Basic aHVudGVyMg" },
      }),
    ),
  );
  expect(text).not.toMatch(/hunter2|aHVudGVyMg/);
  expect(text.match(/<redacted(?::\d)?>|PHJlZGFjdGVkOj/g)).toHaveLength(2);
});
