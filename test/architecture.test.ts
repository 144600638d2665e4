/** Holds the house: which way arrows point, who may touch the world, how long a thing may get (CONTRIBUTING.md). */
import { describe, expect, test } from "vitest";
import { functionsOf } from "./architecture/functions.ts";
import { masked } from "./architecture/masked.ts";
import {
  FLOORS,
  floorOf,
  roomOf,
  type SourceFile,
  sourceFile,
  sourceFiles,
  WORLD_FLOOR,
} from "./architecture/rooms.ts";

const LONGEST_FILE = 300;
const LONGEST_FUNCTION = 50;
const WORLD = /^(?:node:)?(?:net|http|https|http2|tls|dgram|fs|child_process|cluster|worker_threads)(?:\/|$)/;

const files = sourceFiles();

describe("the house", () => {
  test("every file is in a room that has a floor", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter(({ path }) => floorOf(path) === -1).map(({ path }) => `src/${path}`)).toEqual([]);
  });

  test("an import points down, or stays in its room", () => {
    expect(files.flatMap(climbs)).toEqual([]);
  });

  test("below io, nothing touches the network, the disk or another process", () => {
    expect(files.flatMap(reaches)).toEqual([]);
  });

  test("no file needs itself, by whatever way round", () => {
    expect(cycles(files)).toEqual([]);
  });

  test("every import names a file that is there", () => {
    const known = new Set(files.map(({ path }) => path));
    const lost = (file: SourceFile): string[] =>
      file.imports
        .filter(({ target }) => target?.endsWith(".ts") && !known.has(target))
        .map(({ line, specifier }) => `${placeOf(file, line)} imports ${specifier}, which is not there`);
    expect(files.flatMap(lost)).toEqual([]);
  });

  test("exports have names", () => {
    const nameless = (file: SourceFile): string[] =>
      /\bexport\s+default\b|\bas\s+default\b/.test(file.code) ? [`src/${file.path} has a default export`] : [];
    expect(files.flatMap(nameless)).toEqual([]);
  });

  test(`no file is longer than ${LONGEST_FILE} lines`, () => {
    const lengths = files.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
    expect(
      lengths.filter(({ lines }) => lines > LONGEST_FILE).map(({ path, lines }) => `src/${path} has ${lines} lines`),
    ).toEqual([]);
  });

  test(`no function is longer than ${LONGEST_FUNCTION} lines`, () => {
    const long = (file: SourceFile): string[] =>
      functionsOf(file.code)
        .filter(({ lines }) => lines > LONGEST_FUNCTION)
        .map(({ name, line, lines }) => `${placeOf(file, line)} ${name} has ${lines} lines`);
    expect(files.flatMap(long)).toEqual([]);
  });
});

/** The measuring is measured, too: a rule that sees nothing is always kept. */
describe("what holds the house sees", () => {
  test.each([
    ["up", "wire/x.ts", 'import { a } from "../cassette/read.ts";'],
    ["sideways", "record/x.ts", 'import type { Deck } from "../replay/deck.ts";'],
    ["up from the view", "view/x.ts", 'export { run } from "../cli/main.ts";'],
    ["up, in a type", "base/x.ts", 'type A = import("../io/disk.ts").A;'],
    ["up, over several lines", "base/x.ts", 'import {\n  a,\n} from "../io/disk.ts";'],
  ])("an import %s", (_way, path, text) => {
    expect(climbs(sourceFile(path, text))).toHaveLength(1);
  });

  test.each([
    ["down", "replay/x.ts", 'import { a } from "../wire/head.ts";'],
    ["in its room", "replay/x.ts", 'import { a } from "./deck.ts";'],
    ["in a comment", "base/x.ts", '// import { a } from "../io/disk.ts";'],
    ["in a string", "base/x.ts", 'const a = `from "../io/disk.ts"`;'],
  ])("no fault in an import %s", (_way, path, text) => {
    expect(climbs(sourceFile(path, text))).toEqual([]);
  });

  test("who reaches for the world", () => {
    const text = 'import "node:fs";\nimport { b } from "node:fs/promises";\nconst c = await import("net");\n';
    expect(reaches(sourceFile("replay/x.ts", text))).toHaveLength(3);
    expect(reaches(sourceFile("io/x.ts", text))).toEqual([]);
  });

  test("a ring of files", () => {
    const ring = [
      sourceFile("base/a.ts", 'import "./b.ts";'),
      sourceFile("base/b.ts", 'import type { A } from "./a.ts";'),
    ];
    expect(cycles(ring)).toEqual(["src/base/a.ts -> src/base/b.ts -> src/base/a.ts"]);
  });

  test("a function's length, whatever braces stand in its strings", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code, for us to measure
    const body = "  a(`}${b({ c })}`, /[{}/]/, '{', \"{\"); // {\n".repeat(3);
    const text = `export function f<T extends { a: T }>(x: { a: T }): { readonly b: T } {\n${body}}\nclass A {\n  #g(): void {\n${body}  }\n}\nconst h = (): number => {\n${body}};\n`;
    expect(functionsOf(masked(text))).toEqual([
      { name: "f", line: 1, lines: 5 },
      { name: "#g", line: 7, lines: 5 },
      { name: "h", line: 13, lines: 5 },
    ]);
  });
});

function placeOf({ path }: SourceFile, line: number): string {
  return `src/${path}:${line}`;
}

/** Imports that point up or sideways. */
function climbs(file: SourceFile): string[] {
  const floor = floorOf(file.path);
  return file.imports.flatMap(({ line, target }) => {
    if (target === undefined || target.startsWith("..") || roomOf(target) === roomOf(file.path)) return [];
    const above = floorOf(target);
    if (above < floor) return [];
    const way = above === floor ? "sideways" : "up";
    return [`${placeOf(file, line)} imports src/${target}: ${way}, from ${named(floor)} to ${named(above)}`];
  });
}

function named(floor: number): string {
  return `floor ${floor} (${FLOORS[floor]?.join(", ")})`;
}

function reaches(file: SourceFile): string[] {
  if (floorOf(file.path) >= WORLD_FLOOR) return [];
  return file.imports
    .filter(({ specifier }) => WORLD.test(specifier))
    .map(
      ({ line, specifier }) => `${placeOf(file, line)} imports ${specifier}, which only io and what stands above may`,
    );
}

/** One path for each ring of imports that is found, depth first. */
function cycles(all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path))
      found.push([...way.slice(way.indexOf(path)), path].map((step) => `src/${step}`).join(" -> "));
    if (way.includes(path) || done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) if (target !== undefined) visit(target, [...way, path]);
    done.add(path);
  };
  for (const { path } of all) visit(path, []);
  return found;
}
