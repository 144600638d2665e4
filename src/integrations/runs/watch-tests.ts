/** Which tests a changed cassette concerns, while a runner watches. */
import { resolve } from "node:path";
import { CASSETTE_FOLDER } from "../../base/cassette-folder.ts";
import { resolveCassetteFolder } from "../test-cassette.ts";
import type { TestFileRun } from "./find-obsolete.ts";
import { type CassetteUse, stampFile } from "./run-journal.ts";

/**
 * Knows the cassettes that tests wrote themselves: a run that records must not start the next one. What changes during
 * a run is looked at when it has ended.
 */
export class CassetteWatch {
  static readonly PATTERN: RegExp = new RegExp(`/${CASSETTE_FOLDER}/.+\\.ya?ml$`);
  readonly #repeat: (path: string) => void;
  readonly #stamps = new Map<string, string | undefined>();
  readonly #files = new Set<string>();
  readonly #changed = new Set<string>();
  #isRunning = false;

  /** @param repeat has the runner ask again for the tests of a path */
  constructor(repeat: (path: string) => void) {
    this.#repeat = repeat;
  }

  startRun(): void {
    this.#isRunning = true;
  }

  endRun(runs: readonly TestFileRun[], uses: readonly CassetteUse[]): void {
    for (const { file } of runs) this.#files.add(file);
    for (const { path, stamp } of uses) this.#stamps.set(path, stamp);
    this.#isRunning = false;
    const changed = [...this.#changed];
    this.#changed.clear();
    // The runner is asked when the run that it is in has ended.
    setTimeout(() => changed.forEach(this.#repeat), 100).unref();
  }

  /** The test files that the cassette at `path` concerns, if it is not as their tests left it. */
  listTests(path: string): readonly string[] | undefined {
    const cassette = resolve(path);
    if (this.#isRunning) {
      this.#changed.add(cassette);
      return undefined;
    }
    if (this.#stamps.has(cassette) && this.#stamps.get(cassette) === stampFile(cassette)) return undefined;
    this.#stamps.set(cassette, stampFile(cassette));
    const files = [...this.#files].filter((file) => cassette.startsWith(`${resolveCassetteFolder(file)}/`));
    return files.length === 0 ? undefined : files;
  }
}
