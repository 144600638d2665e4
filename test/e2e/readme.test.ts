/** The README's commands, in their order, with a daemon: what a reader types works, and prints what stands there. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { page } from "../docs/pages.ts";
import { runLine } from "./builds/run-build.ts";
import { withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";

const BIN = join(import.meta.dirname, "../../bin/whalesong.js");
const README = page("README.md").text;
const LINES = [...README.matchAll(/^ {4}npx whalesong (.+)$/gm)].map(([, words = ""]) => words);
const folder = folderForAll();
/** A suite of a reader, and a project for compose. */
const FILES = {
  "compose.yaml": "services:\n  web:\n    image: busybox\n    command: echo up\n",
  "suite/pytest": "#!/bin/sh\nexec docker run --rm busybox echo passed\n",
};
/** An opened bundle waits for clients. */
const WAITS = /^open /;

test("all commands work", async () => {
  mkdirSync(join(folder, "suite"), { recursive: true });
  for (const [path, content] of Object.entries(FILES)) writeFileSync(join(folder, path), content, { mode: 0o755 });
  const printed = new Map<string, string>();
  await withDaemon("28", async ({ url }) => {
    for (const words of [...LINES, LINES.find((one) => one.startsWith("run ")) ?? ""]) {
      const limit = WAITS.test(words) ? "timeout -s INT 4 " : "";
      // A reader records on a machine of their own: where CI is set, `run` does not.
      const line = `unset CI; PATH=$PWD/suite:$PATH; ${limit}node ${BIN} ${words}`;
      const ended = await runLine(line, { folder, client: "CLI 28.5" }, url);
      expect([0, ...(limit === "" ? [] : [124])], `${words}\n${ended.printed}`).toContain(ended.status);
      printed.set(words, ended.printed);
    }
    expect(LINES.length).toBeGreaterThan(6);
    expect(printed.get("replay hello.yaml -- docker run --rm busybox echo hello")).toMatch(/^hello\n.*5 of 5 replayed/);
    expect(printed.get("run suite.yaml -- pytest")).toMatch(/^passed\n.*5 of 5 replayed/);
    expect(toShape(printed.get("show hello.yaml") ?? "")).toContain(toShape(exampleBelow("show hello.yaml")));
    const missed = await runLine(
      `node ${BIN} replay hello.yaml -- docker run --rm busybox echo HELLO`,
      { folder, client: "CLI 28.5" },
      url,
    );
    for (const wanted of toShape(exampleBelow("When something is not as recorded")).split("\n"))
      expect(toShape(missed.printed)).toContain(wanted);
  });
});

/** The first block of code behind some words of the README. */
function exampleBelow(words: string): string {
  const [, example = ""] = /```\w*\n([\s\S]*?)```/.exec(README.slice(README.indexOf(words))) ?? [];
  return example.trimEnd();
}

/** Without what differs from recording to recording: ids, lines, versions. */
function toShape(text: string): string {
  return text
    .replace(/\b[0-9a-f]{12}\b/g, "ID")
    .replace(/yaml:\d+/g, "yaml:LINE")
    .replace(/v1\.\d\d/g, "VERSION");
}
