import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ALONE, LONGEST } from "../playbook/e2e-files.ts";

const E2E = join(import.meta.dirname, "../e2e");

test("each e2e test that vitest.e2e.config.ts treats apart is a file", () => {
  expect([...ALONE, ...LONGEST].filter((name) => !existsSync(join(E2E, `${name}.test.ts`)))).toEqual([]);
});

test("the e2e tests of which the longest go first are not those that go alone", () => {
  expect(LONGEST.filter((name) => ALONE.includes(name))).toEqual([]);
});
