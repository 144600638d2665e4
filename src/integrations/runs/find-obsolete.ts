/** Cassettes that no test of a run is for. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CASSETTE_FOLDER } from "../../base/cassette-folder.ts";
import { foldPath } from "../../io/fold-path.ts";
import { resolveCassetteFolder, resolveCassettePath, toCassetteStem } from "../test-cassette.ts";

/** The tests of one file, as a runner reports them. */
export interface TestFileRun {
  /** Absolute. */
  readonly file: string;
  /** The names of each test, as its integration makes a cassette's path of them. */
  readonly tests: readonly (readonly string[])[];
  /**
   * Whether each of its tests ran and passed, and the runner was asked for tests of any name: one that did not run may
   * have a cassette that it names itself, or not be declared.
   */
  readonly isWhole: boolean;
}

export interface ObsoleteCassettes {
  /** In the folder of a test file whose tests all ran. */
  readonly ofRenamedTests: readonly string[];
  /** In a folder beside tests that all ran, which is named after no file that is there. */
  readonly ofRemovedFiles: readonly string[];
}

const CASSETTE = /\.ya?ml$/;
const TEST_FILE = /[.-](?:test|spec|e2e)\.[cm]?[jt]sx?$/;

/** @param used the absolute paths of cassettes that tests of the run inserted */
export function findObsolete(runs: readonly TestFileRun[], used: ReadonlySet<string>): ObsoleteCassettes {
  const folders = new Set(runs.map(({ file }) => resolveCassetteFolder(file)));
  const owned = new Set(runs.flatMap(({ file, tests }) => tests.map((names) => resolveCassettePath(file, names))));
  const current = [...used, ...owned];
  const isObsolete = (path: string): boolean => !used.has(path) && !owned.has(path) && !isRespelled(path, current);
  const whole = [...folders].filter((folder) => isWholeFolder(folder, runs));
  const homes = new Set([...folders].map(dirname));
  const removed = [...homes].filter((home) => isWholeHome(home, runs)).flatMap(listFoldersOfRemovedFiles);
  return {
    ofRenamedTests: whole.flatMap(listCassettes).filter(isObsolete),
    ofRemovedFiles: removed.flatMap(listCassettes).filter(isObsolete),
  };
}

/** Whether a file system that ignores case has one of these cassettes under that name. */
function isRespelled(path: string, current: readonly string[]): boolean {
  const folded = foldPath(path);
  return current.some((other) => foldPath(other) === folded && isSameFile(path, other));
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

/** Several test files may share a folder (`a.test.ts`, `a.spec.ts`): each must have run whole. */
function isWholeFolder(folder: string, runs: readonly TestFileRun[]): boolean {
  const own = runs.filter(({ file }) => resolveCassetteFolder(file) === folder);
  const home = dirname(dirname(folder));
  const others = readNames(home).filter((name) => TEST_FILE.test(name) && toCassetteStem(name) === basename(folder));
  return (
    own.every(({ isWhole }) => isWhole) && others.every((name) => own.some(({ file }) => file === join(home, name)))
  );
}

/**
 * Whether all tests beside `__cassettes__` ran: a folder in it that no file is named after may be of one that names its
 * cassettes itself.
 */
function isWholeHome(cassettes: string, runs: readonly TestFileRun[]): boolean {
  const home = dirname(cassettes);
  const own = new Map(runs.filter(({ file }) => dirname(file) === home).map((run) => [run.file, run.isWhole]));
  const files = readNames(home).filter((name) => TEST_FILE.test(name));
  return [...own.values()].every(Boolean) && files.every((name) => own.has(join(home, name)));
}

/** @param cassettes a folder `__cassettes__` */
function listFoldersOfRemovedFiles(cassettes: string): readonly string[] {
  if (basename(cassettes) !== CASSETTE_FOLDER) return [];
  const stems = new Set(readNames(dirname(cassettes)).map(toCassetteStem));
  return readNames(cassettes)
    .filter((name) => !CASSETTE.test(name) && !stems.has(name))
    .map((name) => join(cassettes, name))
    .filter((path) => !existsSync(`${path}.yaml`));
}

function listCassettes(folder: string): readonly string[] {
  return readNames(folder)
    .filter((name) => CASSETTE.test(name))
    .map((name) => join(folder, name));
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // There is no such folder, or it is a file: then it has no cassettes.
    return [];
  }
}
