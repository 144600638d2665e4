import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { escapeUnprintable } from "../../src/base/printable.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess, startInProcess } from "./run-in-process.ts";

/** By kind: what a terminal would obey, as a double-quoted YAML scalar spells it. */
const ATTACKS: readonly (readonly [kind: string, yaml: string])[] = [
  ["a window title", "\\e]0;owned\\a"],
  ["a colour", "\\e[32m"],
  ["an 8-bit control sequence", "\\x9b31m"],
  ["a carriage return", "\\r"],
  ["a backspace", "\\b\\b"],
  ["a bidirectional override", "\\u202e"],
  ["a zero-width space", "\\u200b"],
  ["a tag character", "\\U000e0041"],
  ["a line separator", "\\u2028"],
];

const ESCAPE = "\x1b";
const OWN_STYLES = new RegExp(`${ESCAPE}\\[(?:1|2|22|3[1-3]|36|39)m`, "g");
/** A style behind the letter that stands before each attack. */
const STOLEN_STYLE = new RegExp(`[fnaklvcbp]${ESCAPE}\\[32m`);
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** By place in a cassette: a text with `attack` there. */
const PLACES: Readonly<Record<string, (attack: string) => string>> = {
  "the target": (attack) => exchange(`request: "GET /a${attack}"\nresponse: 200 OK`),
  "a name": (attack) => exchange(`name: "n${attack}"\nrequest: GET /\nresponse: 200 OK`),
  "the reason": (attack) => exchange(`request: GET /\nresponse: "200 OK${attack}"`),
  "a body": (attack) => exchange(`request: GET /\nresponse:\n  status: 200 OK\n  text: "b${attack}"`),
  "a message": (attack) =>
    exchange(`request: GET /\nresponse: 200 OK\nstream:\n  - jsonl: {"a": "${attack.replace(/^\\[exU].*$/, "x")}"}`),
  "a logged line": (attack) => exchange(`request: GET /\nresponse: 200 OK\nstream:\n  - stdout: "l${attack}"`),
  "what it was recorded from": (attack) => `whalesong: 1\nrecorded: {from: "f${attack}"}\n`,
  "an unknown key": (attack) => exchange(`"k${attack}": 1\nrequest: GET /\nresponse: none`),
  "an unknown verb": (attack) => exchange(`request: GET /\nresponse: 200 OK\nstream:\n  - "v${attack}": 1`),
  "an unknown choice": (attack) => exchange(`request: GET /\nresponse:\n  status: 200 OK\n  framing: "c${attack}"`),
  "a sidecar's path": (attack) =>
    exchange(
      `request: GET /\nresponse: 200 OK\nstream:\n  - file: {path: "p${attack}", size: 1, sha256: ${"a".repeat(64)}}`,
    ),
};

function exchange(text: string): string {
  return `whalesong: 1\n---\n${text}\n`;
}

afterEach(() => vi.unstubAllEnvs());

const rows = Object.entries(PLACES).flatMap(([place, write]) =>
  ATTACKS.map(([kind, attack]) => ({ place, kind, text: write(attack) })),
);

describe.each(["", "1"])("with FORCE_COLOR=%s", (colour) => {
  test.each(rows)("show and check print no control character: $kind in $place", async ({ text }) => {
    vi.stubEnv("FORCE_COLOR", colour);
    vi.stubEnv("NO_COLOR", "");
    const cassette = join(createTemporaryFolder(), "c.yaml");
    writeFileSync(cassette, text);
    for (const verb of ["show", "check"]) {
      const { stdout, stderr } = await runInProcess(verb, cassette);
      const printed = `${stdout}${stderr}`;
      expect(printed.replace(OWN_STYLES, "")).not.toMatch(UNSAFE);
      expect(printed).not.toMatch(STOLEN_STYLE);
    }
  });
});

test("a miss tells the client nothing that its terminal obeys", async () => {
  const cassette = join(createTemporaryFolder(), "c.yaml");
  writeFileSync(
    cassette,
    exchange('name: "n\\e]0;owned\\a\\u202e"\nrequest: POST /containers/a/start\nresponse: 204 No Content'),
  );
  const replay = await startInProcess("replay", cassette);
  const body = await post(replay.socket, "/containers/c/start");
  const { stderr } = await replay.stop();
  const { message } = JSON.parse(body) as { message: string };
  expect(message).toContain("\\u202e");
  expect(message).not.toMatch(UNSAFE);
  expect(stderr).not.toMatch(UNSAFE);
});

function post(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, method: "POST" }, async (response) => {
      resolve(Buffer.concat(await response.toArray()).toString());
    });
    call.on("error", reject).end();
  });
}

test("an error's message is escaped, its lines stay", () => {
  expect(new UsageError("WHALESONG_X", "a\n\x1b[2Jb").message).toBe("a\n\\u001b[2Jb");
});

test("escaped JSON is the same JSON", () => {
  const value = { "a\u202e": "\x9b\u{e0041}\u2028\x7f" };
  expect(JSON.parse(escapeUnprintable(JSON.stringify(value)))).toEqual(value);
});
