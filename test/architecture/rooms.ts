/** The files of src/, the floor each stands on, and what each imports. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { lineOf, masked } from "./masked.ts";

const SRC = join(import.meta.dirname, "../../src");

/**
 * The floors, bottom up (docs/architecture.md). Rooms of one line do not know each other. The top floor is several
 * lines: among those who put the parts together, the command line knows the modes and not the other way round.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ["base"],
  ["yaml"],
  ["wire"],
  ["secrets"],
  ["cassette"],
  ["match"],
  ["session", "compare"],
  ["record", "replay", "userland", "faults"],
  ["mock/model"],
  ["mock/runtime"],
  ["mock/images"],
  ["mock/registry"],
  ["mock/operations"],
  ["mock/api"],
  ["mock/daemon"],
  ["import"],
  ["io"],
  ["version"],
  ["view"],
  ["viewer"],
  ["modes"],
  ["integrations"],
  ["index", "core", "cli"],
];
/** The first floor that may touch the world. */
export const WORLD_FLOOR: number = floorOf("io/x.ts");

export interface Import {
  readonly line: number;
  /** As written: `node:fs`, `../wire/head.ts`. */
  readonly specifier: string;
  /** The file of src/ that it names; undefined for a package. */
  readonly target: string | undefined;
  /** Whether the file is loaded with the one that imports it: not for types alone, nor for `import()`. */
  readonly isLoaded: boolean;
}

export interface SourceFile {
  /** Relative to src/. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and strings blanked. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export function sourceFiles(): readonly SourceFile[] {
  const paths = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => /(?<!\.d)\.ts$/.test(path));
  return paths.sort().map((path) => sourceFile(path, readFileSync(join(SRC, path), "utf8")));
}

export function sourceFile(path: string, text: string): SourceFile {
  const code = masked(text);
  return { path, text, code, imports: importsOf(path, text, code) };
}

/** `cassette/read.ts` is in the room `cassette`, `mock/api/http/query.ts` in `mock/api`; `version.ts` is a room of its own. */
export function roomOf(path: string): string {
  const [room = path, inner = ""] = path.split("/");
  return (room === "mock" ? `${room}/${inner}` : room).replace(/\.ts$/, "");
}

/** -1 for a room that nobody gave a floor. */
export function floorOf(path: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));
}

/** `import ... from ""`, `export ... from ""`, `import ""` and `import("")`, types included. */
function importsOf(path: string, text: string, code: string): Import[] {
  const words = code.matchAll(/\bimport(?:\s*\()?|\bfrom\b/g);
  return [...words].flatMap(({ index, 0: word }) => {
    const specifier = /^\s*(["'])([^"'\n]+)\1/.exec(text.slice(index + word.length))?.[2];
    if (specifier === undefined) return [];
    const target = specifier.startsWith(".") ? normalize(join(dirname(path), specifier)) : undefined;
    return [{ line: lineOf(text, index), specifier, target, isLoaded: isLoaded(code.slice(0, index + word.length)) }];
  });
}

/** `until`: the code up to the word behind which the specifier stands. */
function isLoaded(until: string): boolean {
  if (/\bimport\s*\($/.test(until)) return false;
  const statement = /\b(?:import|export)\b[^;]*$/.exec(until)?.[0] ?? "";
  if (/^(?:import|export)\s+type\b/.test(statement)) return false;
  const names = /\{([^}]*)\}/
    .exec(statement)?.[1]
    ?.split(",")
    .filter((name) => name.trim() !== "");
  return names === undefined || names.some((name) => !/^\s*type\s/.test(name));
}
