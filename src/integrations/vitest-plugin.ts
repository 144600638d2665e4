/** `whalesong/vitest-plugin`: tells of cassettes at the end of a run, and watches them. */

import { checkReporterOptions } from "./runs/check-reporter-options.ts";
import type { TestFileRun } from "./runs/find-obsolete.ts";
import { RunJournal } from "./runs/run-journal.ts";
import { failsRun, formatRunSummary, summarizeRun } from "./runs/summarize-run.ts";
import { CassetteWatch } from "./runs/watch-tests.ts";

/** Options of the plugin. */
export interface CassettePluginOptions {
  /** Fails the run if a cassette is obsolete; for a CI. @default whether WHALESONG_OBSOLETE is `fail` */
  readonly failsOnObsolete?: boolean;
}

/** The part of vitest's `TestModule` that is read. */
interface VitestModule {
  readonly moduleId: string;
  readonly children: { allTests(): Iterable<VitestTest> };
  errors(): readonly unknown[];
}

interface VitestTest {
  readonly name: string;
  readonly parent: unknown;
  result(): { readonly state: string };
}

/** The part of vitest that is used, of 4.1 and later. */
export interface VitestRunner {
  readonly config: {
    reporters: unknown;
    watchTriggerPatterns?: readonly unknown[] | null;
    readonly snapshotOptions: { readonly updateSnapshot: string };
    readonly tagsFilter?: readonly string[];
  };
  /** That of `-t`, or of watch mode. */
  getGlobalTestNamePattern(): RegExp | undefined;
  readonly vite: { readonly watcher: { on(event: "unlink", listener: (path: string) => void): unknown } };
  readonly watcher: { onFileChange(path: string): void };
  readonly logger: { log(...words: unknown[]): void };
}

/** A plugin of vite, as far as vitest asks it. */
export interface CassettePlugin {
  readonly name: "whalesong";
  config(): { readonly test: { readonly includeTaskLocation: true } };
  configureVitest(context: { readonly vitest: unknown }): void;
}

const configured = new WeakSet<object>();

/**
 * A plugin for `vitest.config.ts`: at the end of a run it lists which cassettes were written, updated, obsolete or only
 * used in part; `-u` removes obsolete ones. In watch mode it runs the tests of a cassette that was changed or removed.
 * @throws UsageError `WHALESONG_BAD_OPTION`
 * @example
 * const config = { plugins: [cassettePlugin({ failsOnObsolete: Boolean(process.env.CI) })] };
 */
export function cassettePlugin(options: CassettePluginOptions = {}): CassettePlugin {
  checkReporterOptions("cassettePlugin", options);
  return {
    name: "whalesong",
    // For the report of a miss.
    config: () => ({ test: { includeTaskLocation: true } }),
    configureVitest: ({ vitest }) => {
      // Each project of a workspace has the plugin; the run is one.
      const runner = vitest as VitestRunner;
      if (configured.has(runner)) return;
      configured.add(runner);
      configure(runner, options);
    },
  };
}

function configure(vitest: VitestRunner, options: CassettePluginOptions): void {
  const journal = new RunJournal();
  const watch = new CassetteWatch((path) => vitest.watcher.onFileChange(path));
  const onTestRunEnd = (modules: readonly VitestModule[]): void => {
    const { uses } = journal.take();
    const isUpdating = vitest.config.snapshotOptions.updateSnapshot === "all";
    const isFiltered = hasFilter(vitest);
    const runs = modules.map((module) => toTestFileRun(module, isFiltered));
    const summary = summarizeRun(runs, uses, { isUpdating, updateCommand: "npx vitest run -u" });
    const lines = formatRunSummary(summary);
    if (lines.length > 0) vitest.logger.log(`${lines.join("\n")}\n`);
    if (failsRun(summary, options.failsOnObsolete)) process.exitCode = 1;
    watch.endRun(runs, uses);
  };
  const reporter = { onTestRunStart: () => watch.startRun(), onTestRunEnd };
  vitest.config.reporters = [...toList(vitest.config.reporters), reporter];
  const pattern = { pattern: CassetteWatch.PATTERN, testsToRun: (path: string) => watch.listTests(path) };
  vitest.config.watchTriggerPatterns = [...(vitest.config.watchTriggerPatterns ?? []), pattern];
  vitest.vite.watcher.on("unlink", (path) => {
    if (CassetteWatch.PATTERN.test(path)) vitest.watcher.onFileChange(path);
  });
}

function toList(reporters: unknown): readonly unknown[] {
  return Array.isArray(reporters) ? reporters : [reporters];
}

function hasFilter(vitest: VitestRunner): boolean {
  return vitest.getGlobalTestNamePattern() !== undefined || (vitest.config.tagsFilter ?? []).length > 0;
}

function toTestFileRun(module: VitestModule, isFiltered: boolean): TestFileRun {
  const tests = [...module.children.allTests()];
  return {
    file: module.moduleId,
    tests: tests.map(listNames),
    isWhole: !isFiltered && module.errors().length === 0 && tests.every((test) => test.result().state === "passed"),
  };
}

function listNames(test: VitestTest): readonly string[] {
  const names = [test.name];
  for (let parent = test.parent; isSuite(parent); parent = parent.parent) names.unshift(parent.name);
  return names;
}

function isSuite(parent: unknown): parent is VitestTest {
  return (parent as { readonly type?: string } | undefined)?.type === "suite";
}
