/** jest runs tests in a context of its own; errors of node's modules come from another one. */
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { toErrorMessage } from "../../src/base/error-message.ts";
import { getErrno } from "../../src/io/errno.ts";

test("a system error of another realm has its code and its message", () => {
  const error: unknown = runInNewContext('Object.assign(new Error("no such file"), { code: "ENOENT" })');
  expect(error instanceof Error).toBe(false);
  expect([getErrno(error), toErrorMessage(error)]).toEqual(["ENOENT", "no such file"]);
});

test.each([undefined, null, "text", 5, {}, { code: 7 }])("%j has no code", (value) => {
  expect(getErrno(value)).toBeUndefined();
});
