import { describe, expect, test } from "vitest";
import { type CassetteEntry, openCassette } from "../../src/cassette/read.ts";
import { compareCassettes } from "../../src/compare/compare-cassettes.ts";
import type { ComparedRecording } from "../../src/match/suggest/compared-request.ts";

const [OLD, NEW, OTHER] = ["a", "b", "c"].map((letter) => `${letter}1`.repeat(32)) as [string, string, string];

function createSession(id: string, more = "", count = 20): string {
  const reads = Array.from({ length: count }, (_, at) => read(`/v1.51/volumes/v${at}`, `{"Name":"v${at}"}`)).join("");
  const create = `---
request: POST /v1.51/containers/create?name=web
response:
  status: 201 Created
  json: {"Id":"${id}"}
`;
  return `whalesong: 1\n${create}${reads}${more}`;
}

function read(target: string, json: string, key = "json"): string {
  return `---\nrequest: GET ${target}\nresponse:\n  status: 200 OK\n  ${key}: ${json}\n`;
}

/** The same by hand: other layouts of a document than the writer's, with the events that `stream` has. */
function layOut(layout: "indented" | "in braces" | "with a question mark", ...payloads: readonly string[]): string {
  const head = ["request: GET /v1.51/containers/web/logs?stdout=1", "response: 200 OK"];
  const events = payloads.map((payload) => `{stdout: "${payload}"}`).join(", ");
  if (layout === "in braces") return `---\n{${[...head, `stream: [${events}]`].join(", ")}}\n`;
  if (layout === "indented") return `---\n${[...head, `stream: [${events}]`].map((line) => `  ${line}\n`).join("")}`;
  return `---\n${[...head, "? stream", `: [${events}]`].join("\n")}\n`;
}

function stream(...payloads: readonly string[]): string {
  const events = payloads.map((payload) => `  - stdout: "${payload}"\n`).join("");
  return `---\nrequest: GET /v1.51/containers/web/logs?stdout=1\nresponse: 200 OK\nstream:\n${events}`;
}

function header(json: string): string {
  const value = Buffer.from(json).toString("base64");
  return `---\nrequest: GET /v1.51/x\nresponse:\n  status: 200 OK\n  headers: {X-Docker-Container-Path-Stat: ${value}}\n`;
}

/** Counts the exchanges that are parsed. */
function openCounted(text: string): { recording: ComparedRecording; parsed: number[] } {
  const cassette = openCassette(Buffer.from(text), "web.yaml");
  const parsed: number[] = [];
  const count = (entry: CassetteEntry): CassetteEntry =>
    new Proxy(entry, {
      get: (target, key) => {
        if (key === "skimExchange" || key === "readExchange") parsed.push(target.index);
        const value = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const entries = cassette.entries.map(count);
  return { recording: { cassette: { ...cassette, entries }, pieces: () => expect.unreachable() }, parsed };
}

async function compare(first: string, second: string): Promise<{ changed: readonly string[]; parsed: number }> {
  const [one, other] = [openCounted(first), openCounted(second)];
  const { changed, came, gone } = await compareCassettes(one.recording, other.recording);
  expect([came, gone]).toEqual([[], []]);
  return { changed: changed.map(({ got }) => got.target), parsed: other.parsed.length };
}

describe("of two recordings with equal texts", () => {
  test("the second one is not parsed", async () => {
    expect(await compare(createSession(OLD), createSession(OLD))).toEqual({ changed: [], parsed: 0 });
  });

  test("only the exchange that differs is parsed, and those that may have its values", async () => {
    const { changed, parsed } = await compare(createSession(OLD), createSession(NEW));
    expect(changed).toEqual([]);
    expect(parsed).toBeLessThan(10);
  });
});

/** `NEW` stands for `OLD` in the second recording: what names `NEW` in both of them is another thing. */
describe("an exchange whose text is equal, but names another thing, differs", () => {
  test.each([
    ["in JSON", read("/v1.51/info", `{"Other":"${NEW}"}`)],
    ["by the beginning of an id", read("/v1.51/info", `{"Other":"${NEW.slice(0, 12)}"}`)],
    ["within a word that an escape ends", read("/v1.51/info", `{"Other":"x\\u0020${NEW}"}`)],
    ["in base64", read("/v1.51/info", `"${Buffer.from(`is ${NEW}`).toString("base64")}"`, "base64")],
    ["split over two events", stream(NEW.slice(0, 20), `${NEW.slice(20)}\\n`)],
    ...(["indented", "in braces", "with a question mark"] as const).map((layout): [string, string] => [
      `split over two events, ${layout}`,
      layOut(layout, NEW.slice(0, 20), NEW.slice(20)),
    ]),
    ["in base64 of a header", header(`{"name":"${NEW}"}`)],
    ["in base64 of a header with line ends", header(`{\n  "name": "${NEW}"\n}`)],
    ["encoded in a query", read(`/v1.51/volumes?filters=%7B%22id%22%3A%22${NEW}%22%7D`, "[]")],
  ])("%s", async (_, more) => {
    const { changed } = await compare(createSession(OLD, more), createSession(NEW, more));
    expect(changed).toHaveLength(1);
  });

  test("and does not where it names a third one", async () => {
    const more = read("/v1.51/info", `{"Other":"${OTHER}"}`) + stream(`is ${OTHER}\\n`);
    expect((await compare(createSession(OLD, more), createSession(NEW, more))).changed).toEqual([]);
  });
});

describe("an exchange whose text is equal, but names another file, differs", () => {
  const size = `size: 3, sha256: "${"0".repeat(64)}"`;
  test.each([
    ["as the writer names it", `{path: web/a.txt, ${size}}`],
    ["with an escape", `{"pa\\x74h": web/a.txt, ${size}}`],
    ["behind a question mark", `{? path : web/a.txt, ${size}}`],
  ])("%s", async (_, file) => {
    const text = `whalesong: 1\n---\nrequest: GET /v1.51/x\nresponse:\n  status: 200 OK\n  file: ${file}\n`;
    const open = (content: string): ComparedRecording => ({
      cassette: openCassette(Buffer.from(text), "web.yaml"),
      pieces: async function* () {
        yield Buffer.from(content);
      },
    });
    expect((await compareCassettes(open("one"), open("two"))).changed).toHaveLength(1);
  });
});

test("a name that only the second recording lacks is an error, though the texts that refer to it are equal", async () => {
  const [one, other] = ["a", "b"].map((name) => {
    const named = `---\nname: ${name}\nrequest: GET /v1.51/x\nresponse: 200 OK\n`;
    return `whalesong: 1\n${named}---\nrequest: GET /v1.51/y\nresponse:\n  status: 200 OK\n  cue: a\n`;
  }) as [string, string];
  await expect(compare(one, other)).rejects.toThrow("`cue` names `a`");
});

describe("what a client brought along", () => {
  test("is not taken for a daemon's id, wherever the request stands", async () => {
    const [mine, yours] = [OLD, NEW].map((id) => read(`/v1.51/volumes?filters=${id}`, `{"Id":"${id}"}`));
    expect((await compare(`whalesong: 1\n${mine}`, `whalesong: 1\n${yours}`)).changed).toHaveLength(1);
  });
});
