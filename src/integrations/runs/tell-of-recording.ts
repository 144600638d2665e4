/** For runs of tests without the plugin or reporter, whose summary says it: a test may record without being asked to. */
import { toTypedPath } from "../../io/typed-path.ts";

/** Set by vitest, jest and node:test in the processes of tests. */
const RUNNER_VARIABLES = ["VITEST", "JEST_WORKER_ID", "NODE_TEST_CONTEXT"];

/** Whether this process runs tests. */
export function isInTestRunner(env: NodeJS.ProcessEnv): boolean {
  return RUNNER_VARIABLES.some((name) => (env[name] ?? "") !== "");
}

/** One line in the words of the summary: a new cassette is to be looked at and committed. */
export function tellOfNewCassette(path: string): void {
  process.stderr.write(`  Cassettes  written  ${toTypedPath(path)}\n`);
}
