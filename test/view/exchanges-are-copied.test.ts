/** What the page of `view` copies of an exchange: a command, a rule, a test. */
import { execFile, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { exportCurl } from "../../src/integrations/export/export-curl.ts";
import { openSidecar, readCassette } from "../../src/io/disk/read-cassette.ts";
import { toCurlRequest } from "../../src/view/copy/copied-request.ts";
import { CURL_COMMAND, formatCurl, formatCurlAlone } from "../../src/view/copy/format-curl.ts";
import { formatTest } from "../../src/view/copy/format-test.ts";
import { canBind, formatChosenRule, listDifferingFields, listRuleFields } from "../../src/view/copy/rule-fields.ts";
import { TarLister } from "../../src/view/digest/tar-lister.ts";
import type { PageDetail, PageRow } from "../../src/view/page/page-record.ts";
import { writePage } from "../../src/view/page/write-page.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const ROOT = join(import.meta.dirname, "../..");
const GOLDEN = join(ROOT, "cassettes");
const ALL = readdirSync(GOLDEN).filter((name) => name.endsWith(".yaml"));

interface Page {
  readonly rows: readonly PageRow[];
  readonly details: readonly PageDetail[];
}

async function readPage(path: string): Promise<Page> {
  const tars = new TarLister((ref) => openSidecar(path, ref).pieces());
  const pieces: string[] = [];
  for await (const piece of writePage(readCassette(path), { viewer: "", tars })) pieces.push(piece);
  const base64 = /<script id="data"[^>]*>([^<]*)<\/script>/.exec(pieces.join(""))?.[1] ?? "";
  const lines = gunzipSync(Buffer.from(base64, "base64")).toString("utf8").split("\n").slice(1);
  const parts = lines.map((line) => line.split("\t"));
  return {
    rows: parts.map(([row = ""]) => JSON.parse(row)),
    details: parts.map(([, detail = ""]) => JSON.parse(detail)),
  };
}

function createDetail(target: string, body?: PageDetail["request"]["body"]): PageDetail {
  return { target, request: body === undefined ? {} : { body }, lines: [] };
}

describe("as curl", () => {
  test.each(ALL)("%s: the commands are those of `export curl`", async (name) => {
    const { rows, details } = await readPage(join(GOLDEN, name));
    const exported = [...exportCurl({ file: name }, readCassette(join(GOLDEN, name)).entries)].join("");
    const requests = rows.flatMap(({ method }, at) => toCurlRequest(method, details[at] as PageDetail) ?? []);
    const commands = exported.split(/\n\n/).filter((part) => /(?:^|\| )ask /.test(part));
    expect(commands.map(normalizeJson)).toEqual(requests.map((each) => normalizeJson(formatCurl(each, "ask"))));
  });

  /** The same JSON, without what Go's encoder escapes, and without the line feed at its end. */
  function normalizeJson(command: string): string {
    const plain = command.trimEnd().replace(/\n(?=' \\\n)/g, "");
    return plain.replace(/\\u00(?:3c|3e|26)/g, (escaped) => JSON.parse(`"${escaped}"`));
  }

  test("alone it is a whole script", () => {
    const script = formatCurlAlone({ method: "GET", target: "/info", headers: [] });
    expect(script).toContain(`\n${CURL_COMMAND} --request 'GET' \\\n  'http://localhost/info'\n`);
    expect(spawnSync("sh", ["-n"], { input: script })).toMatchObject({ status: 0 });
  });

  test.each(["it's", "a\u001b[201~b", "\u009b31m", "\u202e evil", "$(touch x) `y`", "line\nline"])(
    "what a terminal acts on does not stand in %j, and the shell has it all the same",
    (text) => {
      const script = formatCurl({ method: "GET", target: "/", headers: [["X", text]], body: { text } }, "printf '%s|'");
      expect(script).not.toMatch(/[^\P{Cc}\n\t]|\p{Cf}/u);
      const { stdout } = spawnSync("sh", { input: script, encoding: "utf8" });
      expect(stdout).toContain(`|X: ${text}|`);
    },
  );
});

describe("as a rule", () => {
  const detail = createDetail("/containers/create?name=web&t=a&t=b", {
    json: {
      Image: "busybox",
      Cmd: ["a"],
      Tty: false,
      HostConfig: { Memory: 4, Deep: { A: 1 }, Binds: [] },
      Labels: {},
    },
  });

  test("its fields are the query, and what is set of the body", () => {
    expect(listRuleFields(detail)).toEqual([
      { field: "query.name", value: "web" },
      { field: "query.t", value: "a, b" },
      { field: "json.Image", value: "busybox" },
      { field: "json.Cmd", value: '["a"]' },
      { field: "json.HostConfig.Memory", value: "4" },
      { field: "json.HostConfig.Deep", value: '{"A":1}' },
    ]);
    expect(listRuleFields(createDetail("/_ping"))).toEqual([]);
  });

  test.each([
    [["json.Cmd"], "ignore", "ignore: [json.Cmd]\n"],
    [["json.Cmd", "query.t"], "ignore", "ignore: [query.t, json.Cmd]\n"],
    [["query.name"], "bind", "bind: {name: query.name}\n"],
    [["query.name", "json.Cmd"], "bind", "ignore: [query.name, json.Cmd]\n"],
    [[], "ignore", undefined],
  ] as const)("%j %s", (chosen, kind, rule) => {
    const fields = listRuleFields(detail).filter(({ field }) => (chosen as readonly string[]).includes(field));
    expect(formatChosenRule(fields, kind)).toBe(rule);
  });

  test("a field whose value is true binds nothing, nor does a file", () => {
    expect([
      canBind([{ field: "query.force", value: "true" }]),
      canBind([{ field: "tar.a.txt", value: "" }]),
      canBind([{ field: "json.Image", value: "busybox" }]),
    ]).toEqual([false, false, true]);
  });

  test("of what differs it has what a rule can name", () => {
    const differ = (...fields: string[]) => fields.map((field) => ({ field }));
    expect(listDifferingFields(differ("path", "json.Cmd", "json.Cmd", "tar.a.txt"))).toEqual(["json.Cmd", "tar.a.txt"]);
    expect(listDifferingFields(differ("answer json.Id", "request query.t"), "request ")).toEqual(["query.t"]);
  });
});

describe("as a test", () => {
  /** A folder with the cassette and its sidecars, in which the package is installed. */
  function prepareFolder(name: string): string {
    const folder = createTemporaryFolder();
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(ROOT, join(folder, "node_modules/whalesong"));
    cpSync(join(GOLDEN, name), join(folder, name));
    const sidecars = name.replace(/\.yaml$/, "");
    if (existsSync(join(GOLDEN, sidecars))) cpSync(join(GOLDEN, sidecars), join(folder, sidecars), { recursive: true });
    return folder;
  }

  test.each(ALL)("%s: the test of each exchange passes without a daemon", { timeout: 120_000 }, async (name) => {
    const { rows, details } = await readPage(join(GOLDEN, name));
    const source = { file: name, rows, readDetail: (index: number) => details[index] as PageDetail };
    const texts = rows.flatMap((_, at) => formatTest(source, at) ?? []);
    const file = join(prepareFolder(name), `${name}.test.mjs`);
    writeFileSync(file, joinTests(texts));
    const run = promisify(execFile);
    const { stdout } = await run("node", ["--test", "--test-reporter=tap", "--test-timeout=10000", file], {
      timeout: 60_000,
      env: { ...process.env, DOCKER_HOST: "unix:///nowhere", NODE_OPTIONS: "", CI: "true" },
    }).catch((error: { stdout: string }) => error);
    expect(stdout.match(/^\s*not ok .*/gm) ?? [], stdout.slice(0, 3000)).toEqual([]);
    expect(stdout).toContain(`# pass ${texts.length}\n`);
  });
});

/** Imports and the helper stand in each text, and once in the file. */
function joinTests(texts: readonly string[]): string {
  const bodies = texts.map((text) => /^test\([\s\S]*?^ {2}\)\);\n/m.exec(text)?.[0] ?? "");
  const imports = new Set(texts.flatMap((text) => text.match(/^import .*;$/gm) ?? []));
  const helper = /^\/\*\* Your own client[\s\S]*$/m.exec(texts[0] ?? "")?.[0] ?? "";
  return [...imports, ...bodies, helper].join("\n");
}
