/** Hooks around tests with cassettes, in real runners, with the package as it was built. */
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RunnerProject } from "./runner-project.ts";

const VITEST = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");

interface RunnerRow {
  readonly name: string;
  readonly file: string;
  readonly head: string;
  readonly hooks: readonly [before: string, after: string];
  readonly words: readonly string[];
}

const RUNNERS: readonly RunnerRow[] = [
  {
    name: "vitest",
    file: "a.test.js",
    head: `import { afterAll, beforeAll } from "vitest";\nimport { test } from "whalesong/vitest";\n`,
    hooks: ["beforeAll", "afterAll"],
    words: [VITEST, "run", "--disable-console-intercept", "a.test.js"],
  },
  {
    name: "node:test",
    file: "b.test.js",
    head: `import { after, before } from "node:test";\nimport { cassetteTest } from "whalesong/node-test";\nconst test = cassetteTest(import.meta.url);\n`,
    hooks: ["before", "after"],
    words: ["--test", "b.test.js"],
  },
];

let project: RunnerProject;

beforeEach(async () => {
  project = await RunnerProject.create();
});

afterEach(() => project.remove());

describe.each(RUNNERS)("$name", ({ file, head, hooks: [before, after], words }) => {
  test("refuses what hooks request in a run that replays, and nothing of the tests", async () => {
    const tell = (hook: string): string =>
      `${hook}(async () => console.log("${hook} got", await ask("/info").catch((error) => error.code)));\n`;
    const body = `test("one", async () => { if ((await ask("/info")) !== 200) throw new Error("not answered"); });\n`;
    project.write(file, `${head}import { ask } from "./ask.js";\n${tell(before)}${tell(after)}${body}`);
    const env = { DOCKER_HOST: "" };
    const recorded = await project.run(words, env);
    expect(recorded).toMatchObject({ status: 0 });
    const { status, output } = await project.run(words, { ...env, CI: "true" });
    expect(output).toContain(`${before} got 501`);
    expect(output).toContain(`${after} got 501`);
    expect(status).toBe(0);
  }, 60_000);
});
