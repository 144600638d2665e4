/** A value that no verb can understand is refused before anything happens, and by each verb alike. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import yargs from "yargs";
import { readFlagTable } from "../../src/cli/usage/flag-table.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const CASSETTE = "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n";

/** What each verb is called with; `CASSETTE` stands for one that is good, `NEW` for none. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  record: ["NEW", "--keep-empty"],
  replay: ["CASSETTE"],
  run: ["CASSETTE"],
  mock: [],
  serve: ["--until-stdin-closes"],
  show: ["CASSETTE"],
  view: ["CASSETTE", "-o", "OUT"],
  play: ["CASSETTE"],
  export: ["har", "CASSETTE"],
  import: ["NEW", "NEW"],
  check: ["CASSETTE"],
  suggest: ["CASSETTE", "CASSETTE"],
  diff: ["CASSETTE", "CASSETTE"],
  verify: ["CASSETTE"],
  edit: ["retime", "CASSETTE", "-o", "OUT"],
  bundle: [],
  open: ["NEW"],
  push: ["CASSETTE", "localhost:5000/a:b"],
  pull: ["localhost:5000/a:b"],
};
const WITH_COMMAND: ReadonlySet<string> = new Set(["record", "replay", "run", "mock", "serve", "bundle", "open"]);

/** What is no value of a flag of this kind. */
const ADDRESSES = ["ftp://x", "tcp://:99999", "tcp://h:1x"];
const BAD: Readonly<Record<string, readonly string[]>> = {
  listen: ["foo", "unix://", ...ADDRESSES],
  control: ["foo", "unix://", ...ADDRESSES],
  upstream: ADDRESSES,
  registry: ["foo", "http://h:5000", "localhost:", "localhost:x", "localhost:99999", "h:5000/x"],
  "api-cors-header": ["foo", "https://a/b", "https://a,https://b"],
  "max-wait": ["foo", "5", "-1s"],
  idle: ["foo", "5"],
  tempo: ["foo", "0x"],
  speed: ["foo", "0x"],
  now: ["foo", "2026-13-01"],
  "min-api": ["foo", "1", "9.9", "v1.40"],
  "max-age": ["foo", "5", "5MB"],
  "max-size": ["foo", "5", "5d"],
  "max-megabytes": ["foo", "0"],
  image: ["web.tar", "=web.tar"],
  only: ["foo"],
  ignore: ["Memory", "[]"],
  bind: ["name"],
  match: ["a b", "X-A: 1"],
};
/** Any text, the name of a file or of an exchange may stand for something: what is not there is another error. */
const ANYTHING: ReadonlySet<string> = new Set([
  ...["seed", "redact", "allow-secret", "grep", "exchange", "state", "faults", "behaviours", "report-file", "output"],
  ...["tls-cert", "tls-key", "tls-ca", "include", "into", "cassette"],
]);

async function listFlags(verb: (typeof VERBS)[number]): Promise<readonly string[]> {
  const parser = yargs([]);
  await (await verb.load()).verb.builder(parser);
  const positionals = [...verb.command.matchAll(/[<[](\w+)/g)].map(([, name]) => name as string);
  const { names, booleans, choices } = readFlagTable(parser, positionals);
  return [...names].filter((name) => name.length > 1 && !booleans.has(name) && choices[name] === undefined);
}

const verbs = await Promise.all(
  VERBS.map(async (verb) => ({ verb: verb.command.split(" ")[0] as string, flags: await listFlags(verb) })),
);

function fill(words: readonly string[]): readonly string[] {
  const folder = createTemporaryFolder();
  const [cassette, none, out] = ["web.yaml", "none.yaml", "out"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(cassette, CASSETTE);
  const paths: Readonly<Record<string, string>> = { CASSETTE: cassette, NEW: none, OUT: out };
  return words.map((word) => paths[word] ?? word);
}

async function runWith(verb: string, flag: string, value: string): Promise<{ status: number; stderr: string }> {
  vi.stubEnv("CI", "");
  const command = WITH_COMMAND.has(verb) ? ["--", "true"] : [];
  const { status, stderr } = await runInProcess(verb, ...fill(WORDS[verb] ?? []), `--${flag}=${value}`, ...command);
  return { status, stderr };
}

test.each(verbs)("each flag of $verb has a kind of value", ({ flags }) => {
  expect(flags.filter((flag) => BAD[flag] === undefined && !isAnything("", flag))).toEqual([]);
});

function isAnything(verb: string, flag: string): boolean {
  return ANYTHING.has(flag) || (flag === "report" && verb !== "replay");
}

const ROWS = verbs.flatMap(({ verb, flags }) =>
  flags.flatMap((flag) => (BAD[flag] ?? []).map((value) => [verb, flag, value] as const)),
);

describe("is refused with status 2, and a way out", () => {
  test.each(ROWS)("%s --%s %s", async (verb, flag, value) => {
    const { status, stderr } = await runWith(verb, flag, value);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/./) });
    expect(stderr).toContain(flag === "max-megabytes" ? flag : value);
    expect(stderr).toMatch(/must|takes|expected|names|write|known:|such as|like|Help: /);
  });
});

describe("an empty value is refused, as that of a variable that is not set", () => {
  test.each(verbs.flatMap(({ verb, flags }) => flags.map((flag) => [verb, flag] as const)))(
    "%s --%s",
    async (verb, flag) => {
      const { status, stderr } = await runWith(verb, flag, "");
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringContaining(`\`--${flag}\` needs a value, got an empty one`),
      });
    },
  );
});
