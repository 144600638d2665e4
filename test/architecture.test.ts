/** Holds the house: the direction of imports, the rooms that may touch the world, lengths, names (CONTRIBUTING.md). */
import { describe, expect, test } from "vitest";
import { folderCycles } from "./architecture/folder-cycles.ts";
import { functionsOf } from "./architecture/functions.ts";
import { lineOf, masked } from "./architecture/masked.ts";
import {
  commentLines,
  type DeclaredName,
  exportedTypes,
  functionNames,
  isBareParticiple,
  startsWithVerb,
  variableNames,
  wordsOf,
} from "./architecture/names.ts";
import { reachableFiles } from "./architecture/reachable.ts";
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
/** What takes its timers when it is loaded, and what runs in no process of a user's tests. */
const KEEPS_TIMERS =
  /^(?:base\/turns|io\/clock|session\/pair|io\/intercept\/process-keep-alive|integrations\/runs\/watch-tests|(?:cli|viewer|modes\/verify)\/.*)\.ts$/;
const TIMER = /(?<![.\w])(?:set(?:Timeout|Interval|Immediate)|queueMicrotask)\(|\bprocess\.nextTick\(/g;

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

  test("no timer of a running test is used: a user may have replaced it", () => {
    expect(files.filter(({ path }) => !KEEPS_TIMERS.test(path)).flatMap(timerUses)).toEqual([]);
  });

  test("no file imports itself through others", () => {
    expect(cycles(files)).toEqual([]);
  });

  test("no folders that stand side by side import each other", () => {
    expect(folderCycles(files)).toEqual([]);
  });

  test("`whalesong` loads no file of the simulated daemon", () => {
    expect(mockFilesBehind("index.ts", files)).toEqual([]);
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

/** Words that say nothing about the thing they name: searched for by no reader. */
const BANNED: ReadonlySet<string> = new Set(["told", "said", "spoken", "heard", "wanted", "asked", "given", "whoever"]);
const PERSONS = /\b(?:who|whoever|whom|nobody|somebody)\b/i;
const VERB_SHARE = 0.8;
const COMMENTS_ABOUT_PERSONS = 10;
const ONE_WORD_TYPES = 0.25;

describe("the words of the house", () => {
  test(`of all functions at least ${VERB_SHARE * 100} % begin with a verb`, () => {
    const names = files.flatMap(functionNames);
    expect(names.length).toBeGreaterThan(1000);
    expect(names.filter(({ name }) => startsWithVerb(name)).length / names.length).toBeGreaterThan(VERB_SHARE);
  });

  test("an exported function begins with a verb, or its name has two words", () => {
    expect(files.flatMap(riddles)).toEqual([]);
  });

  test("no function is named by a bare participle", () => {
    expect(files.flatMap(participles)).toEqual([]);
  });

  test("no two exported types share a name", () => {
    expect(doubledTypes(files)).toEqual([]);
  });

  test(`at most ${ONE_WORD_TYPES * 100} % of the exported types have one word`, () => {
    const types = files.flatMap(exportedTypes);
    const short = types.filter(({ name }) => wordsOf(name).length === 1);
    expect(short.length / types.length).toBeLessThan(ONE_WORD_TYPES);
  });

  test("no variable holds a value by a banned word", () => {
    expect(files.flatMap(bannedNames)).toEqual([]);
  });

  test("comments speak of things as things", () => {
    expect(files.flatMap(personalComments).slice(COMMENTS_ABOUT_PERSONS)).toEqual([]);
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

  test("folders that import each other", () => {
    const ring = [
      sourceFile("io/a/x.ts", 'import "../b.ts";'),
      sourceFile("io/b.ts", 'import type { C } from "./b/y.ts";'),
      sourceFile("io/b/y.ts", 'export { x } from "../a/x.ts";'),
    ];
    expect(folderCycles(ring)).toEqual(["io: a -> b -> a"]);
    expect(folderCycles(ring.slice(0, 2))).toEqual([]);
  });

  test("an import between the floors of the mock", () => {
    const text = 'import type { Endpoint } from "../api/endpoints/endpoint.ts";';
    expect(climbs(sourceFile("mock/model/x.ts", text))).toHaveLength(1);
    expect(climbs(sourceFile("mock/daemon/x.ts", text))).toEqual([]);
  });

  test("a file of the mock behind the front door, however far", () => {
    const house = [
      sourceFile("index.ts", 'export { a } from "./modes/a.ts";'),
      sourceFile("modes/a.ts", 'import type { T } from "../mock/model/t.ts";\nimport { b } from "../modes/b.ts";'),
      sourceFile(
        "modes/b.ts",
        'export const b = () => import("../mock/daemon/late.ts");\nimport { c, type T } from "./c.ts";',
      ),
      sourceFile("modes/c.ts", 'import { d } from "../mock/model/d.ts";'),
      sourceFile("mock/model/d.ts", ""),
    ];
    expect(mockFilesBehind("index.ts", house)).toEqual(["src/mock/model/d.ts"]);
    expect(mockFilesBehind("index.ts", house.slice(0, 3))).toEqual([]);
  });

  test.each(["setImmediate(f);", 'import { setTimeout as sleep } from "node:timers/promises";'])(
    "a timer: %s",
    (text) => {
      expect(timerUses(sourceFile("base/x.ts", text))).toHaveLength(1);
    },
  );

  test.each([
    ["export function told(): void {}", riddles],
    ["export function told(): void {}", participles],
    ["const found = (x: number): number => x;", participles],
    ["class A {\n  #spoken(): void {\n  }\n}", participles],
    ["export const letters = (): number => 1;", riddles],
    ["const told = 1;", bannedNames],
    ["let wanted: string;", bannedNames],
    ["/** Told to whoever asks. */", personalComments],
    ["const a = 1; // nobody knows", personalComments],
  ])("a fault in `%s`", (text, rule) => {
    expect(rule(sourceFile("base/x.ts", text))).toHaveLength(1);
  });

  test.each([
    ["export function readTar(): void {}", riddles],
    ["export const flowingTime = (): number => 1;", riddles],
    ["export const isOpen = (): boolean => true;", participles],
    ["function seed(): void {}", participles],
    ["export const TOLD = 'told';", riddles],
    ['const text = "nobody"; // a container', personalComments],
    ["const toldNothing = `wanted`;", participles],
  ])("no fault in `%s`", (text, rule) => {
    expect(rule(sourceFile("base/x.ts", text))).toEqual([]);
  });

  test("a type that is exported twice", () => {
    const two = [
      sourceFile("base/a.ts", "export interface Answer {}"),
      sourceFile("wire/b.ts", "export type Answer = 1;"),
    ];
    expect(doubledTypes(two)).toEqual(["Answer: src/base/a.ts:1, src/wire/b.ts:1"]);
    expect(doubledTypes(two.slice(1))).toEqual([]);
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

/** Files of the mock that importing `entry` loads: types and `import()` load nothing. */
function mockFilesBehind(entry: string, all: readonly SourceFile[]): string[] {
  return reachableFiles(entry, all)
    .filter((path) => path.startsWith("mock/"))
    .map((path) => `src/${path}`);
}

/** Exported functions that neither begin with a verb nor name what they construct. */
function riddles(file: SourceFile): string[] {
  const isRiddle = ({ name, isExported }: DeclaredName): boolean =>
    isExported && !startsWithVerb(name) && wordsOf(name).length === 1;
  return functionNames(file).filter(isRiddle).map(toPlace(file));
}

function participles(file: SourceFile): string[] {
  return functionNames(file)
    .filter(({ name }) => isBareParticiple(name))
    .map(toPlace(file));
}

function bannedNames(file: SourceFile): string[] {
  return variableNames(file)
    .filter(({ name }) => BANNED.has(name))
    .map(toPlace(file));
}

function personalComments(file: SourceFile): string[] {
  return commentLines(file)
    .filter(({ text }) => PERSONS.test(text))
    .map(({ line, text }) => `${placeOf(file, line)} ${text}`);
}

function doubledTypes(all: readonly SourceFile[]): string[] {
  const places = new Map<string, string[]>();
  for (const file of all) {
    for (const { name, line } of exportedTypes(file))
      places.set(name, [...(places.get(name) ?? []), placeOf(file, line)]);
  }
  return [...places].filter(([, at]) => at.length > 1).map(([name, at]) => `${name}: ${at.join(", ")}`);
}

function toPlace(file: SourceFile): (declared: DeclaredName) => string {
  return ({ name, line }) => `${placeOf(file, line)} ${name}`;
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

/** `node:http2` is a codec to this room: it serves any stream, and opens nothing (docs/decisions/0017). */
const CODECS_OF_NODE: Readonly<Record<string, string>> = { "session/grpc/": "node:http2" };

function timerUses(file: SourceFile): string[] {
  const calls = [...file.code.matchAll(TIMER)].map(({ index, 0: call }) => ({ line: lineOf(file.code, index), call }));
  const imports = file.imports.filter(({ specifier }) => /^(?:node:)?timers\b/.test(specifier));
  return [
    ...calls.map(({ call, line }) => ({ what: `calls ${call}`, line })),
    ...imports.map(({ specifier, line }) => ({ what: `imports ${specifier}`, line })),
  ].map(
    ({ what, line }) =>
      `${placeOf(file, line)} ${what}, which a user's fake timers replace (base/turns.ts, base/clock.ts)`,
  );
}

function reaches(file: SourceFile): string[] {
  if (floorOf(file.path) >= WORLD_FLOOR) return [];
  const codec = Object.entries(CODECS_OF_NODE).find(([room]) => file.path.startsWith(room))?.[1];
  return file.imports
    .filter(({ specifier }) => WORLD.test(specifier) && specifier !== codec)
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
