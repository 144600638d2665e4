import { expect, test } from "vitest";
import { findInLine } from "../../src/cli/bundle/find-secrets.ts";
import { TOKENS } from "../playbook/tokens.ts";

test.each(Object.entries(TOKENS))("a %s in a line of a file", (name, token) => {
  const lines = token.split("\n");
  expect(lines.flatMap((line) => findInLine(`x ${line}`))).toContain(name);
});

test.each([
  ["https://me:hunter2@registry.test/v2/", ["password in a URL"]],
  ["http://xxxxx:xxxxx@proxy", []],
  ["docker run busybox", []],
])("%s has %j", (line, found) => {
  expect(findInLine(line)).toEqual(found);
});
