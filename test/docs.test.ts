/** The docs keep up with the code, or this is red. `WRITE_DOCS=1` puts today's help texts into them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { CassetteError } from "../src/base/errors.ts";
import { type Cassette, openCassette } from "../src/cassette/read.ts";
import { choicesOf, flagsOf, helpOf, verbsOf } from "./docs/command-line.ts";
import { examplesOf, filesIn, headingsOf, linksOf, type Page, page, pages, ROOT, section } from "./docs/pages.ts";
import { formatTable } from "./mock/documented/markdown.ts";

const HELP_BLOCK = /(<!-- help ?(\w*) -->\n```text\n)([\s\S]*?)(```)/g;
const ENDPOINTS = /(<!-- documented endpoints -->\n\n)(?:\|.*\n)*/;
/** Variables of the environment look like codes. */
const VARIABLES = [
  "WHALESONG_CONTROL",
  "WHALESONG_MODE",
  "WHALESONG_OBSOLETE",
  "WHALESONG_RUN_JOURNAL",
  "WHALESONG_UPSTREAM",
];
const NAMED = /docs\/[\w./-]+\.md(?:, "([^"]+)")?|docs\/decisions\/\d{4}/g;

const all = pages();
const helps = new Map<string, string>();

beforeAll(async () => {
  helps.set("", await helpOf(""));
  for (const verb of verbsOf(helpFor(""))) helps.set(verb, await helpOf(verb));
  if (process.env.WRITE_DOCS) for (const { path, text } of all) writeFileSync(join(ROOT, path), upToDate(text));
});

describe("the command line", () => {
  test("is what the docs show", () => {
    expect(page("docs/cli.md").text).toBe(withHelps(page("docs/cli.md").text));
    const shown = [...page("docs/cli.md").text.matchAll(HELP_BLOCK)];
    const verbs = [...helps.keys()].filter((verb) => verb !== "completion");
    expect(shown.map(([, , verb]) => verb).sort()).toEqual(verbs.sort());
  });

  test("is readable: types stand apart from descriptions", () => {
    const glued = /\w\[(?:string|boolean|number|array)\]/;
    expect([...helps].filter(([, help]) => glued.test(help)).map(([verb]) => verb)).toEqual([]);
  });

  test("has a heading for every verb", () => {
    const headings = headingTexts(page("docs/cli.md"));
    expect([...helps.keys()].filter((verb) => verb !== "" && !headings.includes(verb))).toEqual([]);
  });

  test("has a heading for every flag of every verb, and for no other", () => {
    const common = headingTexts(section(page("docs/cli.md"), "Every command"));
    for (const [verb, help] of helps) {
      if (verb === "" || verb === "completion") continue;
      const own = flagsOf(help)
        .map((flag) => `--${flag}`)
        .filter((flag) => !common.includes(flag));
      const headings = headingTexts(section(page("docs/cli.md"), verb)).slice(1);
      expect([verb, ...headings].sort()).toEqual([verb, ...own].sort());
    }
  });

  test("has a heading for every mode", () => {
    const headings = headingTexts(section(page("docs/cli.md"), "Modes")).join("\n");
    const modes = choicesOf(helpFor("run"), "mode");
    expect(modes).toContain("once");
    expect(modes.filter((mode) => !headings.includes(`\`${mode}\``))).toEqual([]);
  });

  test("tells what every choice of --on-miss means", () => {
    const { text } = section(page("docs/cli.md"), "--on-miss");
    expect(choicesOf(helpFor("replay"), "on-miss").filter((choice) => !text.includes(`- \`${choice}\`: `))).toEqual([]);
  });
});

describe("the documented endpoints", () => {
  test("are what docs/mock-conformance.md shows", () => {
    const { text } = page("docs/mock-conformance.md");
    expect(text).toMatch(ENDPOINTS);
    expect(text).toBe(upToDate(text));
  });
});

describe("errors", () => {
  test("have a heading each, and every heading its error", () => {
    const sources = filesIn("src").map((path) => readFileSync(join(ROOT, path), "utf8"));
    const codes = new Set(sources.join("\n").match(/WHALESONG_[A-Z0-9_]+/g));
    for (const variable of VARIABLES) {
      expect(page("docs/in-process.md").text).toContain(`\`${variable}\``);
      expect(codes.delete(variable), variable).toBe(true);
    }
    const headings = headingTexts(page("docs/errors.md")).filter((text) => text.startsWith("WHALESONG_"));
    expect(headings.sort()).toEqual([...codes].sort());
  });
});

describe("the format", () => {
  const format = page("docs/cassette-format.md");

  test("has a heading for every verb of a stream", () => {
    const headings = headingTexts(section(format, "Events"));
    expect(verbs()).toContain("until");
    expect(verbs().filter((verb) => !headings.includes(verb))).toEqual([]);
  });

  test("tells of every key that the schema knows", () => {
    const schema = JSON.parse(readFileSync(join(ROOT, "src/cassette/cassette.schema.json"), "utf8"));
    const parts = ["header", "exchange", "request", "response"];
    const keys = parts.flatMap((part) => Object.keys(schema.$defs[part].properties));
    const headings = headingTexts(format);
    expect(keys.filter((key) => !headings.includes(key) && !format.text.includes(`| \`${key}\` |`))).toEqual([]);
  });

  test.each(examplesOf(format, "yaml").map((code, at) => [at + 1, code] as const))(
    "every exchange of yaml example %i is understood",
    (_number, code) => {
      const { entries, torn } = openExample(code, format.path);
      for (const entry of entries) entry.readExchange();
      expect(torn).toBeUndefined();
    },
  );

  test("an example's text that would be wrong is found", () => {
    expect(() =>
      openExample(
        "request: GET /\nresponse: 200 OK\nstream: [{stdut: a}]\n---\nrequest: GET /\nresponse: none\n",
        "x",
      ).entries[0]?.readExchange(),
    ).toThrow(CassetteError);
  });
});

describe("the pages", () => {
  test("show a real cassette, pauses and comments aside", () => {
    const real = documentsOf(page("cassettes/wait-and-kill.yaml").text);
    const [example = ""] = examplesOf(page("docs/cassette-format.md"), "yaml");
    expect(documentsOf(example).length).toBeGreaterThan(3);
    expect(documentsOf(example).filter((document) => !real.includes(document))).toEqual([]);
  });

  test("are all named by docs/README.md, as is every folder of src", () => {
    const { text } = page("docs/README.md");
    const docs = filesIn("docs").filter((path) => path.endsWith(".md") && !path.startsWith("docs/decisions/"));
    const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const named = linksOf({ path: "", text }).map((target) => `docs/${target}`);
    expect(docs.filter((path) => path !== "docs/README.md" && !named.includes(path))).toEqual([]);
    expect(folders.filter(({ name }) => !text.includes(`\`${name}\``)).map(({ name }) => name)).toEqual([]);
  });

  test("are what the README stays: short", () => {
    expect(page("README.md").text.split("\n").length).toBeLessThan(110);
  });
});

describe("links", () => {
  test.each(all.map((one) => [one.path, one] as const))("of %s lead somewhere", (_path, one) => {
    expect(linksOf(one).filter((target) => !leadsSomewhere(one, target))).toEqual([]);
  });

  test("of README.md lead to what is packed", () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly files: string[] };
    const packed = ["LICENSE", ...files];
    // Those two up are pages of the repository's site.
    const targets = linksOf(page("README.md")).filter((target) => !/^(?:\w+:|#|\.\.\/\.\.\/)/.test(target));
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !packed.includes(target.split(/[#/]/)[0] as string))).toEqual([]);
  });

  test("and so does what the code's comments name", () => {
    const lost = ["src", "test", "scripts"].flatMap(filesIn).flatMap((path) => {
      const text = readFileSync(join(ROOT, path), "utf8");
      return [...text.matchAll(NAMED)]
        .filter(([name, heading]) => !isThere(name, heading))
        .map(([name]) => `${path}: ${name}`);
    });
    expect(lost).toEqual([]);
  });

  test("every decision is listed, dated, and numbered once", () => {
    const decisions = filesIn("docs/decisions")
      .filter((path) => /\/\d{4}-/.test(path))
      .sort();
    expect(decisions.length).toBeGreaterThan(0);
    const listed = linksOf(page("docs/decisions/README.md")).map((target) => `docs/decisions/${target}`);
    expect(listed).toEqual(decisions);
    // Work side by side takes numbers ahead: some may be missing for a while, none is there twice.
    const numbers = decisions.map((path) => path.slice("docs/decisions/".length).slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
    decisions.forEach((path, at) => {
      expect(page(path).text).toMatch(new RegExp(`^# ${numbers[at]} .+\\n\\n\\d{4}-\\d\\d-\\d\\d\\n`));
    });
  });
});

/** The exchanges of a cassette's text, without what may differ between two recordings. */
function documentsOf(text: string): string[] {
  return text
    .replace(/ +#.*$/gm, "")
    .replace(/^ +(?:- )?wait: .*\n/gm, "")
    .replace(/^response:\n {2}status: (.*)\n(?! )/gm, "response: $1\n")
    .split(/^---\n/m)
    .slice(1);
}

function helpFor(verb: string): string {
  return helps.get(verb) as string;
}

function withHelps(text: string): string {
  return text.replace(
    HELP_BLOCK,
    (_, open: string, verb: string, _old, close: string) => `${open}${helpFor(verb)}\n${close}`,
  );
}

function upToDate(text: string): string {
  return withHelps(text).replace(ENDPOINTS, (_, mark: string) => mark + formatTable());
}

function headingTexts(one: Page): string[] {
  return headingsOf(one).map(({ text }) => text);
}

/** The verbs, as the reader lists them where it meets one that it does not know. */
function verbs(): string[] {
  try {
    openExample("request: GET /\nresponse: none\nstream: [nothing]\n", "").entries[0]?.readExchange();
  } catch (error) {
    const [, list = ""] = /expected one of (.*)/.exec((error as Error).message) ?? [];
    return [...list.matchAll(/`([^`]+)`/g)].map(([, verb]) => verb as string);
  }
  throw new Error("a verb that is none was understood");
}

/** A whole cassette; or documents of one, whose names may refer to what is not shown. */
function openExample(code: string, path: string): Cassette {
  const isWhole = /^whalesong:/m.test(code);
  const end = "---\nrequest: GET /\nresponse: none\n";
  return openCassette(Buffer.from(isWhole ? code : `whalesong: 1\nunfinished: true\n---\n${code}${end}`), path);
}

function leadsSomewhere({ path }: Page, target: string): boolean {
  if (/^https?:/.test(target)) return true;
  const [file = "", anchor] = target.split("#");
  const found = file === "" ? path : normalize(join(dirname(path), file));
  // Out of the repository: what GitHub shows of a workflow (docs/decisions/0073).
  const [, workflow] = /^\.\.\/\.\.\/actions\/workflows\/([^/]+)/.exec(found) ?? [];
  if (workflow !== undefined) return existsSync(join(ROOT, ".github/workflows", workflow));
  if (!existsSync(join(ROOT, found))) return false;
  return anchor === undefined || headingsOf(page(found)).some((heading) => heading.anchor === anchor);
}

function isThere(name: string, heading: string | undefined): boolean {
  const path = name.split(",")[0] as string;
  if (/\/\d{4}$/.test(path)) return filesIn("docs/decisions").some((file) => file.startsWith(path));
  return existsSync(join(ROOT, path)) && (heading === undefined || headingTexts(page(path)).includes(heading));
}
