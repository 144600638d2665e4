/** What a run of real runners tells of its cassettes, with the package as it was built. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { share } from "../playbook/share.ts";
import { RunnerProject } from "./runner-project.ts";

const VITEST = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
const PLUGIN = `import { cassettePlugin } from "whalesong/vitest-plugin";\nexport default { plugins: [cassettePlugin()] };\n`;

interface RunnerRow {
  readonly name: string;
  readonly file: string;
  readonly head: string;
  readonly words: readonly string[];
  /** Words that leave a test out. */
  readonly filter: readonly string[];
  /** Words that match the name of each test. */
  readonly anyName: readonly string[];
  /** Unset where this release of the runner has none. */
  readonly update: string | undefined;
}

const NODE_REPORTERS = ["spec", "whalesong/node-test-reporter"].flatMap((reporter) => [
  `--test-reporter=${reporter}`,
  "--test-reporter-destination=stdout",
]);
const RUNNERS: readonly RunnerRow[] = [
  {
    name: "vitest",
    file: "a.test.js",
    head: `import { expect } from "vitest";\nimport { cassetteTest } from "whalesong/vitest";\nconst test = cassetteTest({ allowsUnplayed: true });\n`,
    words: [VITEST, "run"],
    filter: ["-t", "second"],
    anyName: ["-t", "s"],
    update: "-u",
  },
  {
    name: "node:test",
    file: "b.test.js",
    head: `import assert from "node:assert";\nimport { cassetteTest } from "whalesong/node-test";\nconst test = cassetteTest(import.meta.url, { allowsUnplayed: true });\nconst expect = (got) => ({ toBe: (wanted) => assert.equal(got, wanted) });\n`,
    words: ["--test", ...NODE_REPORTERS],
    filter: ["--test-name-pattern=second"],
    anyName: ["--test-name-pattern=s"],
    update: Number.parseInt(process.versions.node, 10) >= 22 ? "--test-update-snapshots" : undefined,
  },
];

let project: RunnerProject;

beforeEach(async () => {
  project = await RunnerProject.create();
  project.write("vitest.config.js", PLUGIN);
});

afterEach(() => project.remove());

describe.each(RUNNERS)("$name", ({ file, head, words, filter, anyName, update }) => {
  const folder = `__cassettes__/${file.replace(".test.js", "")}`;
  const run = (flags: readonly string[] = [], env?: NodeJS.ProcessEnv) =>
    project.run(words[0] === "--test" ? [...words, ...flags, file] : [...words, file, ...flags], env);
  const write = (tests: Readonly<Record<string, readonly string[]>>): void =>
    project.write(file, head + formatTests(tests));

  test("lists what was written, left unused and is obsolete, and removes it with its update flag", async () => {
    write({ first: ["/info", "/images/json"], second: ["/info"] });
    const written = await run();
    expect(written.output).toContain("Cassettes  2 written");
    expect(written.output).toContain(`written  ${folder}/first.yaml`);

    write({ first: ["/info"], renamed: ["/info"] });
    const obsolete = await run();
    expect(obsolete.status).toBe(0);
    expect(obsolete.output).toContain("Cassettes  1 written, 1 obsolete, 1 exchange unused");
    expect(obsolete.output).toContain(`obsolete  ${folder}/second.yaml`);
    expect(obsolete.output).toMatch(/unused {2}__cassettes__\S*first\.yaml:\d+ {2}GET \/v1\.41\/images\/json/);

    expect((await run([], { WHALESONG_OBSOLETE: "fail" })).status).toBe(1);
    if (update === undefined) return;
    const updated = await run([update]);
    expect(updated.output).toContain("Cassettes  1 updated, 1 removed");
    expect(existsSync(join(project.folder, folder, "second.yaml"))).toBe(false);
    expect((await run()).output).not.toContain("Cassettes");
  }, 180_000);

  test("without the plugin or reporter, a line tells of each recording, and none of a replay", async () => {
    rmSync(join(project.folder, "vitest.config.js"));
    write({ first: ["/info"], second: ["/info"] });
    const alone = () => project.run(words[0] === "--test" ? ["--test", file] : [...words, file]);
    const lines = (await alone()).output.match(/ {2}Cassettes {2}written {2}\S+/g) ?? [];
    expect(lines.sort()).toEqual(["first", "second"].map((name) => `  Cassettes  written  ${folder}/${name}.yaml`));
    expect((await alone()).output).not.toContain("Cassettes");
  }, 60_000);

  test("calls nothing obsolete if not all tests of the file ran", async () => {
    write({ first: ["/info"], second: ["/info"], third: ["/info"] });
    await run();
    write({ first: ["/info"], second: ["/info"] });
    mkdirSync(join(project.folder, "__cassettes__/shared"));
    project.write("__cassettes__/shared/of-second.yaml", "whalesong: 1\n");
    for (const flags of [filter, anyName]) expect((await run(flags)).output).not.toContain("obsolete");
    expect((await run()).output).toContain(`obsolete  ${folder}/third.yaml`);
  }, 180_000);
});

describe("vitest's test.fails", () => {
  test("gets a cassette by failing, and replays", async () => {
    const { recorded, replayed } = await runFailingOnce();
    expect(recorded.get("replays")).toMatchObject({ status: "passed" });
    expect(recorded.get("replays")?.cassette).toContain("GET /v1.41/info");
    expect(replayed.get("replays")).toMatchObject({ status: "passed" });
  }, 60_000);

  test("fails where there is no cassette, and none is recorded", async () => {
    const { replayed } = await runFailingOnce();
    expect(replayed.get("missing")).toMatchObject({ status: "failed", cassette: undefined });
    expect(replayed.get("missing")?.messages).toContain("there is no cassette");
  }, 60_000);

  test("gets none by passing", async () => {
    const { recorded } = await runFailingOnce();
    expect(recorded.get("passes")).toMatchObject({ status: "failed", cassette: undefined });
    expect(recorded.get("passes")?.messages).toContain("Expect test to fail");
  }, 60_000);

  test.each(["", " { retry: 1 },"])(
    "does not pass because of a request that is not recorded:%s",
    async (options) => {
      const name = options === "" ? "changes" : "changes again";
      const { recorded, replayed } = await runFailingOnce();
      expect(recorded.get(name)).toMatchObject({ status: "passed" });
      expect(replayed.get(name)).toMatchObject({ status: "failed" });
      expect(replayed.get(name)?.messages).toContain("as it should");
      expect(replayed.get(name)?.messages).toContain("WHALESONG_NOT_AS_RECORDED");
    },
    60_000,
  );
});

interface FailingResult {
  readonly status: string;
  readonly messages: string;
  /** The text of its cassette after the run. */
  readonly cassette: string | undefined;
}

interface FailingRuns {
  readonly recorded: ReadonlyMap<string, FailingResult>;
  readonly replayed: ReadonlyMap<string, FailingResult>;
}

/** All rows of `test.fails` are tests of one file: it runs twice, and each row looks at its own. */
const runFailingOnce = share(runFailing);

async function runFailing(): Promise<FailingRuns> {
  const fails = (name: string, body: string, options = ""): string =>
    `test.fails("${name}",${options} async () => { ${body} });\n`;
  const info = `await ask("/v1.41/info"); throw new Error("as it should");`;
  const version = info.replace("info", "version");
  const again = (body: string): string => fails("changes again", body, " { retry: 1 },");
  const own = await RunnerProject.create();
  own.write("vitest.config.js", PLUGIN);
  try {
    const passes = fails("passes", `await ask("/v1.41/info");`);
    const recorded = await runFailingFile(own, [fails("replays", info), passes, fails("changes", info), again(info)]);
    const changed = [fails("replays", info), fails("missing", info), fails("changes", version), again(version)];
    return { recorded, replayed: await runFailingFile(own, changed, { CI: "true" }) };
  } finally {
    await own.remove();
  }
}

/** One test at least fails in each run, so that the run does. */
async function runFailingFile(
  own: RunnerProject,
  tests: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, FailingResult>> {
  const [{ file, head }] = RUNNERS as [RunnerRow];
  own.write(file, `${head}import { ask } from "./ask.js";\n${tests.join("")}`);
  const words = [VITEST, "run", file, "--reporter=json", "--outputFile=report.json"];
  const { status, output } = await own.run(words, env);
  expect(status, output).toBe(1);
  const report = JSON.parse(readFileSync(join(own.folder, "report.json"), "utf8")) as VitestReport;
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return new Map(
    results.map(({ title, status, failureMessages }) => {
      const cassette = join(own.folder, "__cassettes__/a", `${title.replaceAll(" ", "-")}.yaml`);
      const text = existsSync(cassette) ? readFileSync(cassette, "utf8") : undefined;
      return [title, { status, messages: failureMessages.join("\n"), cassette: text }];
    }),
  );
}

interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

test("vitest --watch runs the test again whose cassette is edited or removed, and ends on what it records", async () => {
  const [row] = RUNNERS as [RunnerRow];
  project.write(row.file, row.head + formatTests({ first: ["/info"] }));
  project.write("other.test.js", `import { test } from "vitest";\ntest("other", () => undefined);\n`);
  const cassette = join(project.folder, "__cassettes__/a/first.yaml");
  const watching = project.start([VITEST, "--watch", "--no-clear-screen"]);
  let output = "";
  for (const stream of [watching.stdout, watching.stderr])
    stream?.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
    });
  const runs = () => output.split("Waiting for file changes").length - 1;
  try {
    await expect.poll(runs, { timeout: 30_000 }).toBe(1);
    // The recording is a change, too.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(runs()).toBe(1);
    writeFileSync(cassette, `${readFileSync(cassette, "utf8")}# a remark\n`);
    await expect.poll(runs, { timeout: 30_000 }).toBe(2);
    expect(output).toContain("RERUN  __cassettes__/a/first.yaml");
    rmSync(cassette);
    await expect.poll(runs, { timeout: 30_000 }).toBe(3);
    await expect.poll(() => existsSync(cassette), { timeout: 30_000 }).toBe(true);
    expect(output.split("other.test.js").length - 1).toBe(1);
  } finally {
    watching.kill("SIGKILL");
  }
});

function formatTests(tests: Readonly<Record<string, readonly string[]>>): string {
  const bodies = Object.entries(tests).map(([name, paths]) => {
    const asks = paths.map((path) => `expect(await ask("/v1.41${path}")).toBe(200);`);
    return `test("${name}", async () => { ${asks.join(" ")} });\n`;
  });
  return `import { ask } from "./ask.js";\n${bodies.join("")}`;
}
