import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const PING = "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n";
/** Stands for the path of a good cassette. */
const GOOD = "GOOD";
const RUN_TRUE = ["--", "true"] as const;

interface BadWords {
  readonly words: readonly string[];
  readonly complaint: string;
}

/** Words that are no command line: the status is 2, and the usage follows. */
const NO_COMMAND_LINES: readonly (BadWords & { readonly usage: string })[] = [
  { words: [], complaint: "Name a verb; `whalesong --help` lists them.", usage: "whalesong <verb>" },
  { words: ["recrod", "x.yaml"], complaint: "Did you mean record?", usage: "whalesong <verb>" },
  { words: ["--lsiten"], complaint: "Name a verb", usage: "whalesong <verb>" },
  { words: ["record"], complaint: "got 0 of the 1 words", usage: "whalesong record CASSETTE" },
  { words: ["replay"], complaint: "got 0 of the 1 words", usage: "whalesong replay CASSETTE..." },
  { words: ["run"], complaint: "got 0 of the 1 words", usage: "whalesong run CASSETTE" },
  { words: ["show"], complaint: "got 0 of the 1 words", usage: "whalesong show CASSETTE" },
  { words: ["check"], complaint: "got 0 of the 1 words", usage: "whalesong check CASSETTE..." },
  { words: ["suggest", "x.yaml"], complaint: "got 1 of the 2 words", usage: "whalesong suggest CASSETTE SECOND" },
  { words: ["import", "x.json"], complaint: "got 1 of the 2 words", usage: "whalesong import FILE CASSETTE" },
  { words: ["replay", GOOD, "--nope"], complaint: "Unknown argument: nope", usage: "whalesong replay" },
  { words: ["show", GOOD, "second.yaml"], complaint: "Unknown argument: second.yaml", usage: "whalesong show" },
  {
    words: ["record", GOOD, "--mode", "once"],
    complaint: 'Given: "once", Choices: "record", "append"',
    usage: "record",
  },
  { words: ["run", GOOD, "--mode", "often"], complaint: 'Given: "often", Choices: "once", "replay"', usage: "run" },
  { words: ["replay", GOOD, "--on-miss", "ask"], complaint: 'Given: "ask", Choices: "fail"', usage: "replay" },
  { words: ["replay", GOOD, "--report", "xml"], complaint: 'Given: "xml", Choices: "text", "json"', usage: "replay" },
  {
    words: ["replay", GOOD, "--exact", "spelling"],
    complaint: 'Given: "spelling", Choices: "booleans"',
    usage: "replay",
  },
  {
    words: ["replay", GOOD, "--preset", "podman"],
    complaint: 'Given: "podman", Choices: "docker-cli"',
    usage: "replay",
  },
  { words: ["replay", GOOD, "--tls-cert", "c.pem"], complaint: "tls-cert -> tls-key", usage: "replay" },
  { words: ["replay", GOOD, "--tls-key", "k.pem"], complaint: "tls-key -> tls-cert", usage: "replay" },
  { words: ["mock", "--tls-ca", "ca.pem"], complaint: "tls-ca -> tls-cert", usage: "mock" },
  { words: ["mock", "--behaviours"], complaint: "Not enough arguments following: behaviours", usage: "behaviours" },
];

/** Words that name something wrong: the status is 1, and the error's code follows. */
const BAD_VALUES: readonly BadWords[] = [
  {
    words: ["replay", "no.yaml"],
    complaint: "there is no cassette at `no.yaml`; record one first, or check the path [WHALESONG_NO_CASSETTE]",
  },
  { words: ["replay", GOOD, "no.yaml"], complaint: "[WHALESONG_NO_CASSETTE]" },
  { words: ["show", "no.yaml"], complaint: "[WHALESONG_NO_CASSETTE]" },
  { words: ["check", "no.yaml"], complaint: "[WHALESONG_NO_CASSETTE]" },
  { words: ["suggest", GOOD, "no.yaml"], complaint: "[WHALESONG_NO_CASSETTE]" },
  { words: ["replay", GOOD, "--tempo", "fast"], complaint: "got `fast` [WHALESONG_BAD_TEMPO]" },
  {
    words: ["replay", GOOD, "--max-wait", "5"],
    complaint: "--max-wait must be a duration like `412ms`, got `5` [WHALESONG_BAD_DURATION]",
  },
  {
    words: ["replay", GOOD, "--listen", "nowhere"],
    complaint:
      "cannot use the address `nowhere`: to listen, write `unix:///path` or `tcp://host:port` [WHALESONG_BAD_ADDRESS]",
  },
  { words: ["replay", GOOD, "--faults", "no.yaml"], complaint: "cannot read `no.yaml`" },
  { words: ["replay", GOOD, "--on-miss", "passthrough", "--upstream", "ftp://x"], complaint: "`ftp://` is not known" },
  { words: ["replay", GOOD, "--on-miss", "mock", "--now", "soon"], complaint: "[WHALESONG_BAD_TIME]" },
  { words: ["replay", GOOD, "--on-miss", "mock", "--state", "no.yaml"], complaint: "[WHALESONG_NO_FILE]" },
  {
    words: ["replay", GOOD, "--tls-cert", "no.pem", "--tls-key", "no.pem"],
    complaint: "cannot read the PEM file `no.pem`",
  },
  {
    words: ["record", "x.yaml", "--upstream", "/run/docker.sock"],
    complaint: "write a socket's path as `unix:///run/docker.sock` [WHALESONG_BAD_ADDRESS]",
  },
  {
    words: ["record", "x.yaml", "--upstream", "unix:///no.sock"],
    complaint: "cannot reach the daemon at `unix:///no.sock`",
  },
  { words: ["record", "x.yaml", "--upstream", "mock", "--now", "soon"], complaint: "[WHALESONG_BAD_TIME]" },
  { words: ["record", "x.yaml", "--upstream", "mock", "--state", "no.yaml"], complaint: "[WHALESONG_NO_FILE]" },
  { words: ["run", "x.yaml", "--mode", "replay"], complaint: "there is no cassette at `x.yaml`" },
  {
    words: ["mock", "--image", "web"],
    complaint: "--image must be NAME=FILE, such as `web:1=rootfs.tar`, got `web` [WHALESONG_BAD_IMAGE]",
  },
  { words: ["mock", "--image", "web=no.tar"], complaint: "cannot read `no.tar`" },
  {
    words: ["mock", "--now", "soon"],
    complaint: "--now must be a time like `2026-11-20T12:00:00Z`, got `soon` [WHALESONG_BAD_TIME]",
  },
  { words: ["mock", "--state", "no.yaml"], complaint: "[WHALESONG_NO_FILE]" },
  { words: ["mock", "--faults", "no.yaml"], complaint: "[WHALESONG_NO_FILE]" },
  { words: ["mock", "--behaviours", "no.yaml"], complaint: "cannot read `no.yaml`" },
  {
    words: ["help", "WHALESONG_NOPE"],
    complaint: "there is no error code `WHALESONG_NOPE`; docs/errors.md lists them all [WHALESONG_UNKNOWN_CODE]",
  },
  { words: ["import", "no.json", "x.yaml"], complaint: "[WHALESONG_IMPORT_FILE]" },
];

describe("words that are no command line", () => {
  test.each(NO_COMMAND_LINES)(
    "`whalesong $words` ends with status 2 and the usage",
    async ({ words, complaint, usage }) => {
      const { status, stdout, stderr } = await runInProcess(...withCassette(words));
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(/^whalesong: /);
      const [message = ""] = stderr.split("\n\nwhalesong ");
      expect(message).toContain(complaint);
      expect(stderr).toContain(usage);
    },
  );
});

describe("a value that is wrong", () => {
  test.each(BAD_VALUES.map(withTitle))("`$title` ends with status 1 and says why", async ({ words, complaint }) => {
    const command = TAKE_COMMANDS.has(words[0] ?? "") ? RUN_TRUE : [];
    const { status, stdout, stderr } = await runInProcess(...withCassette(words), ...command);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(complaint);
    expect(stderr).toMatch(/\[WHALESONG_\w+\]\n$/);
  });

  test("`whalesong run` without a command ends with status 1", async () => {
    const { status, stderr } = await runInProcess("run", "x.yaml");
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "whalesong: run needs a command: whalesong run CASSETTE -- COMMAND... [WHALESONG_NO_COMMAND]\n",
    });
  });
});

const TAKE_COMMANDS: ReadonlySet<string> = new Set(["record", "replay", "run", "mock"]);

function withTitle<T extends BadWords>(row: T): T & { readonly title: string } {
  return { ...row, title: ["whalesong", ...row.words].join(" ") };
}

function withCassette(words: readonly string[]): readonly string[] {
  if (!words.includes(GOOD)) return words;
  const cassette = join(createTemporaryFolder(), "good.yaml");
  writeFileSync(cassette, PING);
  return words.map((word) => (word === GOOD ? cassette : word));
}
