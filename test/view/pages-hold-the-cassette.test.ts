/** The page of `view` without a browser: what it holds, and what its policy allows. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";
import { openSidecar, readCassette } from "../../src/io/disk/read-cassette.ts";
import { TarLister } from "../../src/view/digest/tar-lister.ts";
import type { PageDetail, PageFacts, PageReport, PageRow } from "../../src/view/page/page-record.ts";
import { readReport } from "../../src/view/page/read-report.ts";
import { writePage } from "../../src/view/page/write-page.ts";

const VIEWER = "const closing = '</script>';";

async function write(name: string, report?: PageReport): Promise<string> {
  const path = join(import.meta.dirname, "../../cassettes", name);
  const tars = new TarLister((ref) => openSidecar(path, ref).pieces());
  const options = { viewer: VIEWER, tars, ...(report === undefined ? {} : { report }) };
  return joinPieces(writePage(readCassette(path), options));
}

async function joinPieces(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

function readData(html: string): string {
  const base64 = /<script id="data"[^>]*>([^<]*)<\/script>/.exec(html)?.[1] ?? "";
  return gunzipSync(Buffer.from(base64, "base64")).toString("utf8");
}

function readLines(html: string): { facts: PageFacts; rows: PageRow[]; details: PageDetail[] } {
  const [facts = "", ...lines] = readData(html).split("\n");
  const parts = lines.map((line) => line.split("\t"));
  return {
    facts: JSON.parse(facts),
    rows: parts.map(([row = ""]) => JSON.parse(row)),
    details: parts.map(([, detail = ""]) => JSON.parse(detail)),
  };
}

describe("writePage", () => {
  test("every exchange, with its row and its detail", async () => {
    const { facts, rows, details } = readLines(await write("run-hello.yaml"));
    expect(facts.file).toBe("run-hello.yaml");
    expect(facts.comments[0]).toMatch(/^docker run --rm/);
    expect(rows.map(({ verb }) => verb)).toEqual(["ping", "create", "attach", "wait", "start"]);
    expect(rows[2]).toMatchObject({ number: 3, container: "web", track: [0, "start", 100, 100], marks: ["said"] });
    expect(rows[3]?.track).toEqual([0, "start", "@said", 100]);
    expect(details[2]?.stream).toContainEqual({ kind: "frames", at: 100, stream: "stdout", text: "hello\n" });
    expect(details[1]?.request.body).toMatchObject({ json: { Image: "busybox" } });
  });

  test("a build has its steps, with what they need and printed", async () => {
    const { details } = readLines(await write("build-failing.yaml"));
    const steps = details[7]?.steps ?? [];
    expect(steps.at(-1)).toMatchObject({
      number: 5,
      name: "[2/2] RUN echo hello; exit 7",
      inputs: [4],
      log: "hello\n",
    });
    expect(steps.at(-1)?.error).toContain("exit code: 7");
  });

  test.each([
    ['{"message":"No such image: \\u003cnone\\u003e"}', '{"message":"No such image: <none>"}'],
    ['{"a": [1, 2],"b" :{ "c":null } }', '{"a":[1,2],"b":{"c":null}}'],
    ['{"path":"a\\/b"}', '{"path":"a/b"}'],
    ['{"text":"a, b: [c]\\ta\\\\u0041"}', '{"text":"a, b: [c]\\ta\\\\u0041"}'],
    ['{"a":{"b":[1,"é",true]}}', '{"a":{"b":[1,"é",true]}}'],
  ])("JSON is spelled as it is searched for: %s", async (json, spelled) => {
    const text = `whalesong: 1\n---\nrequest:\n  line: POST /a\n  json: ${json}\nresponse:\n  status: 200 OK\n  headers: {X-A: b}\n  json: ${json}\n`;
    const cassette = openCassette(Buffer.from(text), "a.yaml");
    const html = await joinPieces(writePage(cassette, { viewer: VIEWER, tars: new TarLister(() => undefined) }));
    expect(readData(html).split(`"body":{"json":${spelled}}`)).toHaveLength(3);
    const value = JSON.parse(json);
    expect(readLines(html).details[0]).toMatchObject({
      target: "/a",
      request: { body: { json: value } },
      response: { headers: [["X-A", "b"]], body: { json: value } },
      ...(json === spelled ? {} : { sent: json }),
    });
  });

  test("the policy allows the viewer alone, which cannot end its element", async () => {
    const html = await write("ping.yaml");
    const script = /<script>(.*)<\/script>\n<\/body>/s.exec(html)?.[1] ?? "";
    expect(script).toBe("const closing = '<\\/script>';");
    const digest = createHash("sha256").update(script).digest("base64");
    expect(html).toContain(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'`);
  });
});

describe("readReport", () => {
  const report = {
    played: 2,
    missed: [
      {
        method: "GET",
        target: "/x",
        nearest: { place: "a/web.yaml:14", differences: [{ field: "version", recorded: "1.41" }] },
      },
    ],
    unplayed: ["a/web.yaml:20  POST /y"],
    stalled: ["`attach` waits"],
  };

  test("reads the last line that is a report", () => {
    expect(readReport(`what the command printed\n{"a":1}\n${JSON.stringify(report)}\n`, "r.json")).toEqual({
      played: 2,
      missed: [{ method: "GET", target: "/x", line: 14, differences: [{ field: "version", recorded: "1.41" }] }],
      unplayed: [20],
      remarks: ["`attach` waits"],
    });
  });

  test.each(["", "{}", "[1]", '{"missed":[]}', "null"])("refuses %j", (text) => {
    expect(() => readReport(text, "r.json")).toThrow("has no report of a replay");
  });
});
