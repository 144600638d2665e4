import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { version } from "../../src/version.ts";
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

/** Words that are no command line: the status is 2, and stderr the complaint and the help to ask for. */
const NO_COMMAND_LINES: readonly (BadWords & { readonly help: string })[] = [
  { words: ["recrod", "x.yaml"], complaint: "there is no command `recrod`; did you mean `record`?", help: "" },
  {
    words: ["view", GOOD, "--out", "x.html"],
    complaint: "view has no flag `--out`; did you mean `--output`?",
    help: "view",
  },
  {
    words: ["export", GOOD, "har"],
    complaint: "the words are swapped: write `export har ",
    help: "export",
  },
  {
    words: ["completion", "fsh"],
    complaint: "completion is for bash, zsh or fish, got `fsh`",
    help: "",
  },
  {
    words: ["merge", "a.yaml", "b.yaml"],
    complaint: "there is no command `merge`; did you mean `edit merge`?",
    help: "edit",
  },
  { words: ["trim", "a.yaml"], complaint: "there is no command `trim`; did you mean `edit keep`?", help: "edit" },
  { words: ["hello.yaml"], complaint: "there is no command `hello.yaml`", help: "" },
  { words: ["--lsiten"], complaint: "whalesong has no flag `--lsiten`", help: "" },
  {
    words: ["--mode", "append", "record"],
    complaint: "put `record` before its flags, `--mode` stands first",
    help: "record",
  },
  {
    words: ["record"],
    complaint: "record needs CASSETTE: whalesong record CASSETTE [options] [-- COMMAND...]",
    help: "record",
  },
  {
    words: ["record", "--", "docker", "ps"],
    complaint: "record needs CASSETTE: whalesong record CASSETTE [options] [-- COMMAND...]",
    help: "record",
  },
  {
    words: ["replay"],
    complaint: "replay needs CASSETTE: whalesong replay CASSETTE... [options] [-- COMMAND...]",
    help: "replay",
  },
  { words: ["run"], complaint: "run needs CASSETTE: whalesong run CASSETTE [options] -- COMMAND...", help: "run" },
  {
    words: ["suggest", "x.yaml"],
    complaint: "suggest needs SECOND: whalesong suggest CASSETTE SECOND",
    help: "suggest",
  },
  { words: ["suggest"], complaint: "suggest needs CASSETTE and SECOND: ", help: "suggest" },
  { words: ["import", "x.json"], complaint: "import needs CASSETTE: whalesong import FILE CASSETTE", help: "import" },
  {
    words: ["record", "hello.yaml", "docker", "run", "--rm", "busybox", "sh", "-c", "echo a b"],
    complaint: "put -- before the command: whalesong record hello.yaml -- docker run --rm busybox sh -c 'echo a b'",
    help: "record",
  },
  {
    words: ["record", "hello.yaml", "--mode", "append", "docker", "ps"],
    complaint: "put -- before the command: whalesong record hello.yaml --mode append -- docker ps",
    help: "record",
  },
  {
    words: ["run", "npm", "test"],
    complaint: "name a cassette first, and put -- before the command: whalesong run CASSETTE -- npm test",
    help: "run",
  },
  {
    words: ["mock", "docker", "ps"],
    complaint: "put -- before the command: whalesong mock -- docker ps",
    help: "mock",
  },
  {
    words: ["serve", "pytest", "-q"],
    complaint: "put -- before the command: whalesong serve -- pytest -q",
    help: "serve",
  },
  {
    words: ["replay", "a.yaml", "b.yaml", "docker", "run", "-it", "x"],
    complaint: "put -- before the command: whalesong replay a.yaml b.yaml -- docker run -it x",
    help: "replay",
  },
  { words: ["replay", GOOD, "--nope"], complaint: "replay has no flag `--nope`", help: "replay" },
  {
    words: ["replay", GOOD, "--on-mis", "fail"],
    complaint: "replay has no flag `--on-mis`; did you mean `--on-miss`?",
    help: "replay",
  },
  {
    words: ["replay", GOOD, "--onMiss=fail"],
    complaint: "replay has no flag `--onMiss`; did you mean `--on-miss`?",
    help: "replay",
  },
  { words: ["record", "--ignor", "x", "a.yaml", "--", "true"], complaint: "did you mean `--ignore`?", help: "record" },
  { words: ["show", GOOD, "second.yaml"], complaint: "show takes no word `second.yaml`: ", help: "show" },
  {
    words: ["record", GOOD, "--mode", "once"],
    complaint: "--mode must be `record` or `append`, got `once`",
    help: "record",
  },
  { words: ["run", GOOD, "--mode", "often"], complaint: "--mode must be `once`, `replay`, `none`", help: "run" },
  {
    words: ["replay", GOOD, "--on-miss", "mok"],
    complaint: "--on-miss must be `fail`, `passthrough`, `record` or `mock`, got `mok`; did you mean `mock`?",
    help: "replay",
  },
  {
    words: ["replay", GOOD, "--report=xml"],
    complaint: "--report must be `text` or `json`, got `xml`",
    help: "replay",
  },
  { words: ["replay", GOOD, "--exact", "spelling"], complaint: "--exact must be `booleans`, ", help: "replay" },
  { words: ["replay", GOOD, "--preset", "dockercli"], complaint: "did you mean `docker-cli`?", help: "replay" },
  { words: ["replay", GOOD, "--tls-cert", "c.pem"], complaint: "--tls-cert needs --tls-key", help: "replay" },
  { words: ["replay", GOOD, "--tls-key", "k.pem"], complaint: "--tls-key needs --tls-cert", help: "replay" },
  { words: ["mock", "--tls-ca", "ca.pem"], complaint: "--tls-ca needs --tls-cert", help: "mock" },
  {
    words: ["edit", "kep", GOOD, "1"],
    complaint:
      "ACTION must be `keep`, `drop`, `split`, `merge`, `rename`, `retime`, `fmt` or `embed`, got `kep`; did you mean `keep`?",
    help: "edit",
  },
  { words: ["edit", "frobnicate"], complaint: "ACTION must be `keep`, ", help: "edit" },
  {
    words: ["export", "curll"],
    complaint: "FORMAT must be `har`, `cast` or `curl`, got `curll`; did you mean `curl`?",
    help: "export",
  },
  { words: ["export", "foo", GOOD], complaint: "FORMAT must be `har`, `cast` or `curl`, got `foo`", help: "export" },
  {
    words: ["edit", "fmt", GOOD, "-o", "-"],
    complaint: "`-` is standard output, and a cassette may have sidecars: name a file",
    help: "edit",
  },
  {
    words: ["bundle", "-o", "-", "--", "true"],
    complaint: "`-` is standard output, and a bundle is binary: name a file",
    help: "bundle",
  },
  {
    words: ["view", GOOD, "-o", "-", "--open"],
    complaint: "--open needs a file, and `-` is standard output",
    help: "view",
  },
  { words: ["mock", "--behaviours"], complaint: "`--behaviours` needs a value", help: "mock" },
  {
    words: ["mock", "--image", "web"],
    complaint: "--image must be NAME=FILE, such as `web:1=rootfs.tar`, got `web`",
    help: "mock",
  },
  { words: ["mock", "--state", "--ports"], complaint: "`--state` needs a value", help: "mock" },
];

/** Values that cannot be understood: the status is 2, and the error's code follows. */
const WRONG_WORDS: readonly BadWords[] = [
  {
    words: ["replay", GOOD, "--ignore", "Cmd"],
    complaint: "--ignore names a part of requests: query.NAME, json.NAME, tar.FILE or build.NAME, got `Cmd`",
  },
  { words: ["record", "x.yaml", "--bind", "name"], complaint: "got `name` [WHALESONG_BAD_RULE]" },
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
  { words: ["replay", GOOD, "--on-miss", "passthrough", "--upstream", "ftp://x"], complaint: "`ftp://` is not known" },
  { words: ["replay", GOOD, "--on-miss", "mock", "--now", "soon"], complaint: "[WHALESONG_BAD_TIME]" },
  {
    words: ["record", "x.yaml", "--upstream", "/run/docker.sock"],
    complaint: "write a socket's path as `unix:///run/docker.sock` [WHALESONG_BAD_ADDRESS]",
  },
  {
    words: ["record", "x.yaml", "--upstream", "mocks"],
    complaint: "did you mean `mock`? Write `tcp://mocks` for a host of that name [WHALESONG_BAD_ADDRESS]",
  },
  { words: ["record", "x.yaml", "--upstream", "mock", "--now", "soon"], complaint: "[WHALESONG_BAD_TIME]" },
  {
    words: ["mock", "--now", "soon"],
    complaint: "--now must be a time like `2026-11-20T12:00:00Z`, got `soon` [WHALESONG_BAD_TIME]",
  },
  {
    words: ["help", "NOMATCH"],
    complaint: "there is no command and no error code `NOMATCH`; did you mean `NO_MATCH`? [WHALESONG_UNKNOWN_CODE]",
  },
  { words: ["help", "whatever"], complaint: "`whalesong help codes` lists the codes [WHALESONG_UNKNOWN_CODE]" },
];

/** Words that name something that is not there or is wrong: the status is 1, and the error's code follows. */
const BAD_VALUES: readonly BadWords[] = [
  {
    words: ["replay", "no.yaml"],
    complaint: "there is no cassette at `no.yaml`; record one first, or check the path [WHALESONG_NO_CASSETTE]",
  },
  { words: ["replay", GOOD, "no.yaml"], complaint: "[WHALESONG_NO_CASSETTE]" },
  { words: ["show", "no.yaml"], complaint: "[WHALESONG_NO_CASSETTE]" },
  { words: ["check", "no.yaml"], complaint: "[WHALESONG_NO_CASSETTE]" },
  { words: ["suggest", GOOD, "no.yaml"], complaint: "[WHALESONG_NO_CASSETTE]" },
  { words: ["replay", GOOD, "--faults", "no.yaml"], complaint: "cannot read `no.yaml`" },
  { words: ["replay", GOOD, "--on-miss", "mock", "--state", "no.yaml"], complaint: "[WHALESONG_NO_FILE]" },
  {
    words: ["replay", GOOD, "--listen", "tcp://127.0.0.1:0", "--tls-cert", "no.pem", "--tls-key", "no.pem"],
    complaint: "cannot read the PEM file `no.pem`",
  },
  {
    words: ["record", "x.yaml", "--upstream", "unix:///no.sock"],
    complaint: "cannot reach the daemon at `unix:///no.sock`",
  },
  {
    words: ["record", "x.yaml", "--upstream", "unix:///no.sock"],
    complaint: "or name another daemon with DOCKER_HOST or `--upstream`",
  },
  ...["once", "append"].map((mode) => ({
    words: ["run", "x.yaml", "--mode", mode, "--upstream", "unix:///no.sock", "--", "true"],
    complaint: "there is no cassette at `x.yaml`, so this run would record it",
  })),
  { words: ["record", "x.yaml", "--upstream", "mock", "--state", "no.yaml"], complaint: "[WHALESONG_NO_FILE]" },
  { words: ["run", "x.yaml", "--mode", "replay"], complaint: "there is no cassette at `x.yaml`" },
  { words: ["mock", "--image", "web=no.tar"], complaint: "cannot read `no.tar`" },
  { words: ["mock", "--state", "no.yaml"], complaint: "[WHALESONG_NO_FILE]" },
  { words: ["mock", "--faults", "no.yaml"], complaint: "[WHALESONG_NO_FILE]" },
  { words: ["mock", "--behaviours", "no.yaml"], complaint: "cannot read `no.yaml`" },
  { words: ["import", "no.json", "x.yaml"], complaint: "[WHALESONG_IMPORT_FILE]" },
  { words: ["replay", GOOD, "--faults", GOOD], complaint: "good.yaml:1:1  this is a cassette, where faults should be" },
  { words: ["mock", "--state", GOOD], complaint: "this is a cassette, where state should be" },
  { words: ["mock", "--behaviours", GOOD], complaint: "this is a cassette, where behaviours should be" },
];

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("words that are no command line", () => {
  test.each(NO_COMMAND_LINES.map(withTitle))(
    "`$title` ends with status 2, the complaint and one line of help",
    async (row) => {
      const { status, stdout, stderr } = await runInProcess(...withCassette(row.words));
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      const [message, hint, ...rest] = stderr.split("\n");
      expect(message?.startsWith("whalesong: ")).toBe(true);
      expect(message).toContain(row.complaint);
      expect([hint, ...rest]).toEqual([`Help: whalesong ${row.help === "" ? "" : `${row.help} `}--help`, ""]);
    },
  );

  test.each(WRONG_WORDS.map(withTitle))("`$title` ends with status 2 and a code", async ({ words, complaint }) => {
    const { status, stdout, stderr } = await runInProcess(...withCassette(words), ...commandOf(words));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(complaint);
    expect(stderr).toMatch(/\[WHALESONG_\w+\]\n$/);
  });
});

describe("words that ask for text", () => {
  test.each([
    [[], "Commands:"],
    [["help"], "Commands:"],
    [["--help"], "Commands:"],
    [["help", "record"], "whalesong record CASSETTE"],
    [["record", "--help"], "whalesong record CASSETTE"],
    [["version"], version],
    [["-v"], version],
    [["-V"], version],
    [["--version"], version],
    [["help", "NO_MATCH"], "WHALESONG_NO_MATCH\n\nNo recorded exchange matches"],
    [["help", "codes"], "WHALESONG_COMMAND_LINE\n    The command line is wrong: "],
    [["help", "SECRET_FOUND"], "`--allow-secret` lets in what is none: see the scan (docs/secrets.md)."],
    [["help", "codes"], "\nMore of each: whalesong help CODE\n"],
    [["help", "NO_MATCH"], "\nMore: docs/cassette-format.md#ignore, docs/cassette-format.md#bind"],
    [["completion", "--help"], "whalesong completion [bash|zsh|fish]\n"],
    [["help", "completion"], "  whalesong completion zsh >> ~/.zshrc\n"],
    [["help", "whalesong_no_match"], "the nearest recorded request"],
    [["--get-yargs-completions", "whalesong", "help", "WHALESONG_NO"], "WHALESONG_NO_MATCH"],
    [["--get-yargs-completions", "whalesong", "replay", "--on"], "--on-miss\n"],
    [["--get-yargs-completions", "whalesong", "replay", "--on-miss", "pa"], "passthrough\n"],
    [["--get-yargs-completions", "replay", "--rep"], "--report-file\n"],
    [["--get-yargs-completions", "whalesong", "help", "NO_M"], "NO_MATCH\n"],
    [["--get-yargs-completions", "whalesong", "edit", "re"], "rename\nretime\n"],
    [["--get-yargs-completions", "whalesong", "export", ""], "har\ncast\ncurl\n"],
    [["completion", "fish"], '__fish_complete_path "$current"\n'],
    [["--get-yargs-completions", "whalesong", "re"], "record\nreplay\n"],
  ])("`whalesong %j` ends with status 0", async (words, text) => {
    const run = await runInProcess(...words);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toContain(text);
    expect(run.stdout).not.toContain("](");
  });

  test.each([
    ["/bin/bash", "complete -o bashdefault"],
    ["/usr/bin/fish", "complete -c whalesong -f -a"],
    ["/bin/zsh", "compdef"],
  ])("`whalesong completion` is a script for %s", async (shell, line) => {
    vi.stubEnv("SHELL", shell);
    const { status, stdout, stderr } = await runInProcess("completion");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(line);
    vi.stubEnv("SHELL", "/bin/sh");
    expect(await runInProcess("completion", shell.split("/").at(-1) ?? "")).toMatchObject({ status: 0, stdout });
    expect(process.env.SHELL).toBe("/bin/sh");
  });
});

test("a TMPDIR that is missing is named, with the way out", async () => {
  vi.stubEnv("TMPDIR", "/no/such/folder");
  const { status, stderr } = await runInProcess("mock", "--", "true");
  expect(status).toBe(1);
  expect(stderr).toMatch(/in `\/no\/such\/folder`: .*let TMPDIR name a folder.*\[WHALESONG_CANNOT_LISTEN\]\n$/);
  for (const words of [
    ["open", "x.whale"],
    ["bundle", "--", "true"],
  ]) {
    const run = await runInProcess(...words);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/in `\/no\/such\/folder`: .*let TMPDIR name a folder.*\[WHALESONG_DISK\]\n$/);
  }
});

describe("a value that is wrong", () => {
  test.each(BAD_VALUES.map(withTitle))("`$title` ends with status 1 and says why", async ({ words, complaint }) => {
    const { status, stdout, stderr } = await runInProcess(...withCassette(words), ...commandOf(words));
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(complaint);
    expect(stderr).toMatch(/\[WHALESONG_\w+\]\n$/);
  });

  test("`whalesong run` without a command ends with status 2", async () => {
    const { status, stderr } = await runInProcess("run", "x.yaml");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "whalesong: run needs a command: whalesong run CASSETTE -- COMMAND... [WHALESONG_NO_COMMAND]\n",
    });
  });
});

const TAKE_COMMANDS: ReadonlySet<string> = new Set(["record", "replay", "run", "mock"]);

function commandOf([verb = ""]: readonly string[]): readonly string[] {
  return TAKE_COMMANDS.has(verb) ? RUN_TRUE : [];
}

function withTitle<T extends BadWords>(row: T): T & { readonly title: string } {
  return { ...row, title: ["whalesong", ...row.words].join(" ") };
}

function withCassette(words: readonly string[]): readonly string[] {
  if (!words.includes(GOOD)) return words;
  const cassette = join(createTemporaryFolder(), "good.yaml");
  writeFileSync(cassette, PING);
  return words.map((word) => (word === GOOD ? cassette : word));
}

test("`whalesong help codes` says of each code what it means", async () => {
  const { stdout } = await runInProcess("help", "codes");
  const meanings = [...stdout.matchAll(/^WHALESONG_(\w+)\n {4}(.*)$/gm)];
  expect(meanings.length).toBe([...stdout.matchAll(/^WHALESONG_/gm)].length);
  // A class, a status or a link in a first sentence explains nothing to one who reads the list.
  const unclear = meanings.filter(
    ([, , text = ""]) => text.length < 20 || /Error`|^The client gets|\]\(|[^.]$/.test(text),
  );
  expect(unclear.map(([line]) => line)).toEqual([]);
});
