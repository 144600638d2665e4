/** The functions that the package exports, with what their comments say: told from the sources of its entries. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const SRC = join(import.meta.dirname, "../../src");
const ENTRIES = {
  whalesong: "index.ts",
  "whalesong/core": "core.ts",
  "whalesong/mock": "integrations/mock.ts",
  "whalesong/intercept": "integrations/intercept.ts",
  "whalesong/jest": "integrations/jest.ts",
  "whalesong/node-test": "integrations/node-test.ts",
  "whalesong/vitest": "integrations/vitest.ts",
  "whalesong/vitest-plugin": "integrations/vitest-plugin.ts",
  "whalesong/msw": "integrations/msw.ts",
  "whalesong/nock": "integrations/nock.ts",
} as const;

export type EntryName = keyof typeof ENTRIES;

export interface PublicFunction {
  readonly entry: EntryName;
  readonly name: string;
  /** Its comment, without the marks of one. */
  readonly comment: string;
  readonly examples: readonly string[];
}

/** Each once, at the first entry that has it. */
export function publicFunctions(): readonly PublicFunction[] {
  const functions = new Map<string, PublicFunction>();
  for (const entry of entryNames()) {
    for (const [name, path] of exportedValues(ENTRIES[entry])) {
      const comment = commentOf(name, path);
      const key = `${path} ${name}`;
      if (comment === undefined || functions.has(key)) continue;
      functions.set(key, { entry, name, comment, examples: examplesIn(comment) });
    }
  }
  return [...functions.values()];
}

export interface PublicOption {
  readonly owner: string;
  readonly name: string;
  readonly isOptional: boolean;
  readonly comment: string;
}

/** The members of the types of options that the entries export. */
export function publicOptions(): readonly PublicOption[] {
  const owners = new Map(entryNames().flatMap((entry) => exportedOptions(ENTRIES[entry])));
  return [...owners].flatMap(([owner, path]) => membersOf(owner, readSource(path)));
}

/** All values of an entry: functions, classes and constants. */
export function valuesOf(entry: EntryName): readonly string[] {
  return exportedValues(ENTRIES[entry]).map(([name]) => name);
}

export function entryNames(): readonly EntryName[] {
  return Object.keys(ENTRIES) as EntryName[];
}

type Place = readonly [name: string, path: string];

/** Types that are named as options, and the files that declare them. */
function exportedOptions(path: string): readonly Place[] {
  const text = readSource(path);
  const own = [...text.matchAll(/^export interface (\w*Options|RuleInput)\b/gm)].map(
    ([, name]): Place => [name as string, path],
  );
  const passedOn = [...text.matchAll(/^export (type )?\{([^}]*)\} from "([^"]+)"/gm)].flatMap(
    ([, , names = "", from = ""]) => {
      const inside = /Options|RuleInput/.test(names) ? exportedOptions(join(dirname(path), from)) : [];
      return inside.filter(([known]) => new RegExp(`\\b${known}\\b`).test(names));
    },
  );
  return [...own, ...passedOn];
}

function membersOf(owner: string, text: string): readonly PublicOption[] {
  const start = text.search(new RegExp(`^export interface ${owner}\\b`, "m"));
  const body = text.slice(start, text.indexOf("\n}\n", start));
  const member = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {2}readonly (\w+)(\??):/gm;
  return [...body.matchAll(member)].map(([, comment = "", name = "", mark]) => ({
    owner,
    name,
    isOptional: mark === "?",
    comment: comment.replace(/^[ \t]*\* ?/gm, "").trim(),
  }));
}

/** What a file exports that is no type, and where each is declared. */
function exportedValues(path: string): readonly Place[] {
  const text = readSource(path);
  const own = [...text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(
    ([, name]): Place => [name as string, path],
  );
  const passedOn = [...text.matchAll(/^export \{([^}]*)\} from "([^"]+)"/gm)].flatMap(([, names = "", from = ""]) => {
    const inside = exportedValues(join(dirname(path), from));
    return valueNames(names).flatMap((name) => inside.filter(([known]) => known === name));
  });
  return [...new Map([...own, ...passedOn].map((place) => [place[0], place])).values()];
}

function valueNames(list: string): readonly string[] {
  return list
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "" && !word.startsWith("type "));
}

/** Undefined for what is no function. */
function commentOf(name: string, path: string): string | undefined {
  const text = readSource(path);
  const at = text.search(
    new RegExp(`^export (?:(?:async )?function ${name}\\b|const ${name}: \\w*(?:TestAPI|Responder))`, "m"),
  );
  if (at === -1) return undefined;
  const [, comment = ""] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:\/\/.*\s*)*$/.exec(text.slice(0, at)) ?? [];
  return comment.replace(/^[ \t]*\* ?/gm, "").trim();
}

function examplesIn(comment: string): readonly string[] {
  return comment
    .split(/^(?=@\w)/m)
    .filter((part) => part.startsWith("@example"))
    .map((part) => part.slice("@example".length).trim());
}

function readSource(path: string): string {
  return readFileSync(join(SRC, path), "utf8");
}
