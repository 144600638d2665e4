/** `test.each` of jest gives a test its row; `withCassette` hands it on, and the cassette behind it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { withCassette } from "../../src/integrations/jest.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

/** jest is not installed here: its global `expect` names the test that runs. */
function pretendJest(currentTestName: string): void {
  const folder = createTemporaryFolder();
  mkdirSync(join(folder, "__cassettes__", "rows"), { recursive: true });
  writeFileSync(join(folder, "__cassettes__", "rows", `${currentTestName}.yaml`), "whalesong: 1\n");
  const scope = globalThis as { expect?: unknown };
  const before = scope.expect;
  scope.expect = { getState: () => ({ testPath: join(folder, "rows.test.js"), currentTestName }) };
  onTestFinished(() => {
    scope.expect = before;
  });
}

describe("withCassette", () => {
  test.each([
    { name: "no-row", row: [] },
    { name: "one-value", row: [1] },
    { name: "two-values", row: ["a", { b: 2 }] },
  ])("hands on $name", async ({ name, row }) => {
    pretendJest(name);
    let got: readonly unknown[] = [];
    const body: (...row: readonly unknown[]) => Promise<void> = withCassette(
      (...args: unknown[]) => {
        got = args;
      },
      { mode: "replay" },
    );
    await body(...row);
    expect(got.slice(0, -1)).toEqual(row);
    expect(got.at(-1)).toHaveProperty("path", expect.stringContaining(`${name}.yaml`));
  });

  test("has no `length`, or jest would wait for a `done`", () => {
    expect(withCassette((_first: string, _second: string) => undefined)).toHaveLength(0);
  });
});
