/** What the page of `view` copies of an exchange: a command, a rule, a test. */
import { execFile, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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
import { share } from "../playbook/share.ts";

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
    // Of a script alone: why a request goes on in the background, or ends after a while.
    const ofScript = /^# (?:The client left|Its answer waits).*\n| --max-time \d+| \|\| true(?= &|$)| &\nsleep 1$/gm;
    const parts = exported.split(/\n\n/).map((part) => withoutCapture(part.trimEnd().replace(ofScript, "")));
    const commands = parts.filter((part) => /(?:^|\| )ask /.test(part));
    expect(commands.map(normalizeJson)).toEqual(requests.map((each) => normalizeJson(formatCurl(each, "ask"))));
  });

  /** A script alone keeps the ids in answers. */
  function withoutCapture(step: string): string {
    return step.replace(/^answer=\$\(([\s\S]*)\)\nprintf .*\n\w+=\$\(id_of "\$answer"\)$/, "$1");
  }

  /** A script asks with variables in their places. */
  function withoutIds(command: string): string {
    return command.replace(/'"\$\w+_\d+"'|\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b/g, "ID");
  }

  /** The same JSON, without what Go's encoder escapes, and without the line feed at its end. */
  function normalizeJson(command: string): string {
    const plain = withoutIds(command.trimEnd().replace(/\n(?=' \\\n)/g, ""));
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
  test.each(ALL)("%s: the test of each exchange passes without a daemon", { timeout: 120_000 }, async (name) => {
    const { counts, results, output } = await runAll();
    const own = results.filter(({ file }) => basename(file) === toTestFile(name));
    expect(own.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(own, output.slice(0, 3000)).toHaveLength(counts.get(name) ?? -1);
  });
});

interface CopiedResult {
  readonly file: string;
  readonly name: string;
  readonly error?: string;
}

interface CopiedRuns {
  /** How many tests each cassette has. */
  readonly counts: ReadonlyMap<string, number>;
  readonly results: readonly CopiedResult[];
  readonly output: string;
}

/** One process runs the copies of all cassettes: it would take as long to start one for each as to run them. */
const runAll = share(runCopies);

const REPORTER = `export default async function* (events) {
  for await (const { type, data } of events)
    if (type === "test:pass" || type === "test:fail")
      yield JSON.stringify({ file: data.file, name: data.name, error: data.details.error?.message }) + "\\n";
}
`;
/** A file that cannot be loaded prints why, and has no results. */
const IMPORTS_EACH = "for (const file of process.argv.slice(2)) await import(file).catch(console.error);\n";

async function runCopies(): Promise<CopiedRuns> {
  const folder = mkdtempSync(join(tmpdir(), "whalesong-copies-"));
  try {
    cpSync(GOLDEN, folder, { recursive: true });
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(ROOT, join(folder, "node_modules/whalesong"));
    writeFileSync(join(folder, "reporter.mjs"), REPORTER);
    writeFileSync(join(folder, "all.mjs"), IMPORTS_EACH);
    const counts = new Map<string, number>();
    for (const name of ALL) counts.set(name, await writeCopies(folder, name));
    const output = await runTestsIn(folder);
    const lines = output.split("\n").filter((line) => line.startsWith('{"file":'));
    return { counts, output, results: lines.map((line) => JSON.parse(line)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the tests of a cassette into one file, and returns how many there are. */
async function writeCopies(folder: string, name: string): Promise<number> {
  const { rows, details } = await readPage(join(folder, name));
  const source = { file: name, rows, readDetail: (index: number) => details[index] as PageDetail };
  const texts = rows.flatMap((_, at) => formatTest(source, at) ?? []);
  writeFileSync(join(folder, toTestFile(name)), joinTests(texts));
  return texts.length;
}

function toTestFile(name: string): string {
  return `${name}.test.mjs`;
}

async function runTestsIn(folder: string): Promise<string> {
  const files = ALL.map((name) => `./${toTestFile(name)}`);
  const words = ["--test-reporter=./reporter.mjs", "--test-reporter-destination=stdout", "all.mjs", ...files];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, {
    cwd: folder,
    timeout: 100_000,
    maxBuffer: 2 ** 26,
    env: { ...process.env, DOCKER_HOST: "unix:///nowhere", NODE_OPTIONS: "", CI: "true" },
  }).catch((error: { stdout: string; stderr: string }) => error);
  return `${stderr}\n${stdout}`;
}

/** Imports and the helper stand in each text, and once in the file. */
function joinTests(texts: readonly string[]): string {
  const bodies = texts.map((text) => /^test\([\s\S]*?^ {2}\)\);\n/m.exec(text)?.[0] ?? "");
  const imports = new Set(texts.flatMap((text) => text.match(/^import .*;$/gm) ?? []));
  const helper = /^\/\*\* Your own client[\s\S]*$/m.exec(texts[0] ?? "")?.[0] ?? "";
  return [...imports, ...bodies, helper].join("\n");
}
