import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSession } from "../compare/rerecord-texts.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess, type VerbRun } from "./run-in-process.ts";

const first = createSession("first");
const extra = "---\nrequest: GET /v1.51/volumes\nresponse: 200 OK\n";

function runDiff(old: string, fresh: string, ...flags: string[]): Promise<VerbRun> {
  const folder = createTemporaryFolder();
  const paths = ["old.yaml", "new.yaml"].map((name) => join(folder, name)) as [string, string];
  writeFileSync(paths[0], old);
  writeFileSync(paths[1], fresh);
  return runInProcess("diff", ...paths, ...flags);
}

describe("diff", () => {
  test.each([
    ["the same session again", createSession("second"), 0, ["5 exchanges the same"]],
    [
      "another word",
      createSession("second", { word: "HELLO" }),
      1,
      [
        "changed  POST create web busybox: echo HELLO",
        'request  json.Cmd  ["echo","hello"] -> ["echo","HELLO"]\n',
        /answer +stdout +"hello from .*" -> "HELLO from .*"/,
        "3 changed, 0 came, 0 went, 2 exchanges the same",
      ],
    ],
    ["one that came", createSession("second", { extra }), 1, ["came     GET", "0 changed, 1 came, 0 went"]],
    ["another status", createSession("second").replace("204 No", "304 No"), 1, ["answer   status  204 -> 304"]],
    [
      "a field that is gone",
      createSession("second").replace("      Status: exited\n", ""),
      1,
      [/body\.State\.Status +"exited" -> nothing/],
    ],
  ] as const)("says of %s what it is", async (_what, fresh, status, parts) => {
    const run = await runDiff(first, fresh);
    expect(run).toMatchObject({ status, stderr: "" });
    for (const part of parts) expect(run.stdout).toMatch(part);
  });

  test.each([
    ["null", '"Cmd":null', "json.Cmd", '["echo","hello"] -> null', { first: ["echo", "hello"], second: null }],
    ["a text", '"Cmd":["echo","hello"],"User":"me"', "json.User", 'nothing -> "me"', { second: "me" }],
    [
      "a text that looks like null",
      '"Cmd":["echo","hello"],"Labels":{"a":"null"}',
      "json.Labels",
      'nothing -> {"a":"null"}',
      { second: { a: "null" } },
    ],
  ] as const)("spells %s of a request as it is", async (_what, members, field, text, record) => {
    const fresh = createSession("second").replace('"Cmd":["echo","hello"]', members);
    const { stdout } = await runDiff(first, fresh);
    expect(stdout.split("\n").find((line) => line.includes(field))).toMatch(text);
    const { changed } = JSON.parse((await runDiff(first, fresh, "--json")).stdout);
    expect(changed[0].request).toMatchObject([{ field, ...record }]);
  });

  test.each([
    ["changed", "[[Server, Docker/20]]", "[[Server, Docker/28]]", '"Docker/20" -> "Docker/28"'],
    ["gone", "{Server: Docker/20}", "{Ostype: linux}", '"Docker/20" -> nothing'],
    ["the same in other words", "{server: Docker/20}", "[[Server, Docker/20]]", undefined],
  ])("tells of a header of every response that is %s", async (_what, old, fresh, told) => {
    const withEvery = (text: string, fields: string): string =>
      text.replace(/^every-response: .*\n|(?=^---$)/m, `every-response: ${fields}\n`);
    const texts = [withEvery(first, old), withEvery(createSession("second"), fresh)] as const;
    const { status, stdout } = await runDiff(...texts);
    const { header } = JSON.parse((await runDiff(...texts, "--json")).stdout);
    if (told === undefined) return expect([status, stdout, header]).toEqual([0, "5 exchanges the same\n", []]);
    expect(stdout).toMatch(/^changed {2}the header {2}\S*new\.yaml:1\n/);
    expect(stdout).toContain(`every-response.server  ${told}`);
    expect(stdout).toContain("\nthe header changed, 5 exchanges the same\n");
    expect(status).toBe(1);
    expect(header[0]).toMatchObject({ field: "every-response.server", first: "Docker/20" });
  });

  test("tells of what a port sends otherwise, and not of rules", async () => {
    const fresh = createSession("second").replace(/(?=^---$)/m, 'ignore: query.t\nports: {80/tcp: {greets: "hi"}}\n');
    const { stdout } = await runDiff(first, fresh);
    expect(stdout).toContain('header   ports.80/tcp  nothing -> "greets \\"hi\\""');
    expect(stdout).not.toContain("ignore");
  });

  test("says what went, with its place in the first cassette", async () => {
    const { stdout } = await runDiff(createSession("first", { extra }), createSession("second"));
    expect(stdout).toMatch(/^went .*old\.yaml:\d+$/m);
  });

  test("prints one JSON document", async () => {
    const { status, stdout } = await runDiff(
      first,
      createSession("second", { extra }).replace("204 No", "304 No"),
      "--json",
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      same: 4,
      changed: [{ second: { method: "POST" }, request: [], answer: [{ field: "status", first: 204, second: 304 }] }],
      came: [{ method: "GET", target: "/v1.51/volumes" }],
      went: [],
    });
  });

  test("ends with 2 where it cannot compare", async () => {
    const run = await runDiff(first, "whalesong: 99\n");
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toContain("WHALESONG_");
    expect(await runInProcess("diff", "/none.yaml", "/none.yaml")).toMatchObject({ status: 2 });
  });

  test("prints what is no ASCII as it was printed, and marks what is no text", async () => {
    const accents = await runDiff(first, createSession("second").replace("hello from", "h\u00e9llo \u2192 from"));
    expect(accents.stdout).toMatch(/answer +stdout +"hello from .*" -> "h\u00e9llo \u2192 from .*"/);
    const noText = "- stdout: {base64: 6Q==}\n";
    const bytes = await runDiff(first, createSession("second").replace(/- stdout: .*\n/, noText));
    expect(bytes.stdout).toMatch(/answer +stdout +"hello from .*" -> "\(not UTF-8\) \u00e9"/);
  });

  test("takes a header of an exchange for the same among those of all responses", async () => {
    const server = "Server: Docker/28.5.2 (linux)";
    const bare = createSession("second").replace(`, ${server}}`, "}");
    const own = bare.replaceAll(/^response: (200 OK)$/gm, `response:\n  status: $1\n  headers: {${server}}`);
    expect(own).toContain(server);
    expect(await runDiff(first, own)).toMatchObject({ status: 0, stdout: "5 exchanges the same\n" });
    const other = await runDiff(first, own.replaceAll("Docker/28.5.2", "Docker/20.10"));
    expect(other.stdout).toMatch(/answer +headers.server +nothing -> "Docker\/20.10 \(linux\)"/);
  });

  test("escapes what a cassette has", async () => {
    const { stdout } = await runDiff(first, createSession("second").replace("hello from", "\\e[31m from"));
    expect(stdout).not.toContain("\u001b");
  });
});
