/** Whether a document knew all secret values is told by its number alone. */
import { expect, test } from "vitest";
import { KnownValues } from "../../src/record/redact/known-values.ts";

test("a document knew all values if none was learned since it began", () => {
  const known = new KnownValues();
  known.noteBegin(0, 0);
  known.noteBegin(1, 0);
  known.noteBegin(2, 3);
  known.noteBegin(5, 3);
  expect([0, 1, 2, 5].map((document) => known.wereKnownTo(document, 3))).toEqual([false, false, true, true]);
});

test("a value that was learned after the last document began was known to none", () => {
  const known = new KnownValues();
  known.noteBegin(0, 1);
  expect(known.wereKnownTo(0, 1)).toBe(true);
  expect(known.wereKnownTo(0, 2)).toBe(false);
});
