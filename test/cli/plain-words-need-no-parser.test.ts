/** Words that are read without yargs give a verb what yargs would give it; all others are left to yargs. */
import { describe, expect, test } from "vitest";
import yargs from "yargs";
import { readPlainWords } from "../../src/cli/usage/read-plain-words.ts";
import { createCommand, type VerbLine } from "../../src/cli/verb.ts";
import { VERBS } from "../../src/cli/verbs.ts";

const PLAIN = [
  ["replay", "web.yaml"],
  ["replay", "a/b-c/web.yml", "--listen", "unix:///tmp/w.sock"],
  ["replay", "./web.yaml", "--", "docker", "run", "--rm", "-e", "A=b c", "alpine"],
  ["replay", "web.yaml", "--strict", "--tempo", "2x", "--on-miss", "mock", "--report", "json", "--", "sh", "-c", "x"],
  ["replay", "web.yaml", "--max-wait", "200ms", "--ports", "--fail-on-unplayed", "--report-file", "r.json"],
  ["replay", "web.yaml", "--per-connection", "--allow-misses", "--seed", "7", "--"],
  ["record", "web.yaml", "--upstream", "mock", "--keep-empty", "--", "npm", "test"],
  ["record", "web.yaml", "--mode", "append", "--exact-timing"],
  ["run", "web.yaml", "--", "npm", "test"],
  ["run", "web.yaml", "--mode", "none", "--seed", "s", "--", "npm", "test"],
];

const LEFT_TO_YARGS = [
  ["replay"],
  ["replay", "--help"],
  ["replay", "web.yaml", "--help"],
  ["replay", "web.yaml", "-h"],
  ["replay", "web.yaml", "--version"],
  ["replay", "web.yaml", "two.yaml"],
  ["replay", "web.yaml", "docker", "ps"],
  ["replay", "web.json"],
  ["replay", "--strict", "web.yaml"],
  ["replay", "web.yaml", "--strict", "false"],
  ["replay", "web.yaml", "--no-strict"],
  ["replay", "web.yaml", "--strict=true"],
  ["replay", "web.yaml", "--listen=unix:///tmp/w.sock"],
  ["replay", "web.yaml", "--listen"],
  ["replay", "web.yaml", "--listen", "--strict"],
  ["replay", "web.yaml", "--tempo", "1x", "--tempo", "2x"],
  ["replay", "web.yaml", "--onMiss", "mock"],
  ["replay", "web.yaml", "--on-miss", "cry"],
  ["replay", "web.yaml", "--ignore", "query.t"],
  ["replay", "web.yaml", "--tls-cert", "c.pem"],
  ["replay", "web.yaml", "--tempo", "-1"],
  ["replay", "web.yaml", "--constructor", "x"],
  ["record", "web.yaml", "--redact", "ACME"],
];

function findLine([name]: readonly string[]): VerbLine {
  return VERBS.find(({ command }) => command.startsWith(`${name} `)) as VerbLine;
}

async function readPlain(words: readonly string[]) {
  const line = findLine(words);
  const { flags = {} } = (await line.load()).verb;
  return readPlainWords(words.slice(1), { command: line.command, flags });
}

/** What yargs gives the verb. */
async function readByYargs(words: readonly string[]): Promise<unknown> {
  const line = findLine(words);
  const { verb } = await line.load();
  let argv: unknown;
  const run = async (value: unknown) => {
    argv = value;
    return 0;
  };
  const load = async () => ({ verb: { builder: verb.builder, run } });
  const terminal = {} as never;
  const command = createCommand({ ...line, load: load as never }, { words, terminal, onStatus: () => undefined });
  const parser = yargs([...words])
    .scriptName("whalesong")
    .command(command)
    .strict()
    .exitProcess(false);
  await parser.parserConfiguration({ "populate--": true, "camel-case-expansion": true }).parseAsync();
  return argv;
}

describe("readPlainWords", () => {
  test.each(PLAIN)("reads %s %s %s %s %s", async (...words) => {
    const present = words.filter((word) => word !== undefined);
    expect(await readPlain(present)).toEqual(await readByYargs(present));
  });

  test.each(LEFT_TO_YARGS)("leaves %s %s %s %s to yargs", async (...words) => {
    expect(await readPlain(words.filter((word) => word !== undefined))).toBeUndefined();
  });
});
