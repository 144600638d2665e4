/** Secrets of streams and of one's own: typed, split, printed by builds, named by the user or by the recorder's environment. */
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { redactBuildEvent } from "../../src/record/redact/redact-build-event.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { findCanary } from "../playbook/find-canary.ts";
import {
  encodeChunkedAnswer,
  encodeHead,
  encodeJsonAnswer,
  encodeJsonRequest,
  LAST_CHUNK,
  request,
} from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Studio } from "../playbook/studio.ts";

const SECRET = "Canary-7f3a91c2e5";
const OK = encodeJsonAnswer("200 OK", "{}\n");

type Redaction = NonNullable<ConstructorParameters<typeof Studio>[0]>["redaction"];

async function exchange(
  { client, daemon }: { client: Peer; daemon: Peer },
  question: Buffer,
  answer: Buffer | string,
): Promise<void> {
  await client.sends(question);
  await daemon.hears(question);
  await daemon.sends(answer);
  await client.hears(answer);
}

/** All texts of the streams, each direction joined. */
function joinStreams(text: string): string {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as { readonly stream?: readonly Record<string, unknown>[] })
    .flatMap(({ stream = [] }) => {
      const keys = new Set(stream.flatMap((event) => Object.keys(event)));
      return [...keys].map((key) => stream.map((event) => (typeof event[key] === "string" ? event[key] : "")).join(""));
    })
    .join("\n");
}

describe("on a terminal", () => {
  const HEAD = request("POST /v1.41/exec/a/start", {
    headers: ["Connection: Upgrade", "Upgrade: tcp", "Content-Type: application/json"],
    body: '{"Tty":true}',
  });
  const UPGRADED = encodeHead("HTTP/1.1 101 UPGRADED", [
    "Content-Type: application/vnd.docker.raw-stream",
    "Connection: Upgrade",
    "Upgrade: tcp",
  ]);

  /** `< text` is printed, `> text` typed letter by letter, `>> text` typed and echoed. */
  async function play(session: readonly string[], redaction: NonNullable<Redaction> = {}): Promise<Studio> {
    const studio = new Studio({ redaction });
    const { client, daemon } = await studio.line();
    await client.sends(HEAD);
    await daemon.hears(HEAD);
    const print = async (text: string): Promise<void> => {
      await daemon.sends(text);
      await client.hears(text);
    };
    await print(UPGRADED);
    for (const line of session) {
      const [, mark = "", text = ""] = /^(\S+) (.*)$/s.exec(line) ?? [];
      if (mark === "<") await print(text);
      else
        for (const letter of text) {
          await client.sends(letter);
          await daemon.hears(letter);
          if (mark === ">>") await print(letter === "\r" ? "\r\n" : letter);
        }
    }
    await daemon.breaksOff();
    await waitForQuiet();
    await studio.finish();
    return studio;
  }

  test.each([
    ["a prompt", ["< Password: ", `> ${SECRET}\r`, "< \r\nwelcome\r\n"]],
    ["sudo's", ["< [sudo] password for me: ", `> ${SECRET}\r`, "< \r\n"]],
    ["ssh's", ["< Enter passphrase for key '/root/.ssh/id_rsa': ", `> ${SECRET}\r`, "< \r\n"]],
    ["one in colours", ["< \u001b[1;32m? Password\u001b[0m: ", `> ${SECRET}\r`, "< \r\n"]],
    ["one for a token", ["< GitHub token: ", `> ${SECRET}\r`, "< \r\n"]],
    ["one that comes in pieces", ["< Pass", "< word", "< : ", `> ${SECRET}\r`, "< \r\n"]],
    ["one that is echoed all the same", ["< Password: ", `>> ${SECRET}\r`, `< you typed ${SECRET}\r\n`]],
    ["one whose answer ends in a newline", ["< Password: ", `> ${SECRET}\n`, "< \r\n"]],
    [
      "none, without an echo",
      ["< $ ", ">> ls\r", "< a b\r\n$ ", ">> read -s p\r", "< > ", `> ${SECRET}\r`, "< \r\n$ "],
    ],
    ["none, after a whole line", [">> first line\r", `> ${SECRET}\r`, ">> third line\r", "< done\r\n"]],
    ["none, where the answer follows", ["< $ ", ">> read -s x; echo ok\r", `> ${SECRET}\r`, "< ok\r\n$ ", ">> exit\r"]],
    ["none, before a short line", [">> first line\r", `> ${SECRET}\r`, ">> y\r", "< done\r\n"]],
    ["none, and no answer comes", [">> first line\r", `> ${SECRET}\r`]],
    ["none, and a program says it", ["< $ ", ">> read -s x\r", `> ${SECRET}\r`, `< got ${SECRET}\r\n$ `, ">> exit\r"]],
    [
      "none, and a later command says it",
      ["< $ ", ">> read -s x\r", `> ${SECRET}\r`, "< $ ", ">> echo $x\r", `< ${SECRET}\r\n$ `],
    ],
    ["none, with a letter taken back", [">> first line\r", `> x\u007f${SECRET}\r`, "< ok\r\n"]],
    ["two prompts", ["< New password: ", `> ${SECRET}\r`, "< \r\nRetype new password: ", `> ${SECRET}\r`, "< \r\n"]],
  ])("what is typed at %s is not kept", async (_, session) => {
    const { store } = await play(session);
    expect(store.written.flatMap((bytes) => findCanary(bytes, SECRET))).toEqual([]);
    expect(joinStreams(store.text)).not.toContain(SECRET);
    expect(store.text).toMatch(/redacted: \d+, line: true/);
  });

  test.each([
    ["a name", ["< Name: ", ">> whale-of-a-time\r", "< hello\r\n"]],
    ["a command", ["< $ ", ">> echo password is set\r", "< password is set\r\n$ ", ">> exit\r"]],
    ["a menu", ["< 1) a 2) b? ", "> 1", "< ok\r\n"]],
    ["what is echoed late", [">> first line\r", "> whale-of-a-time\r", "< whale-of", "< -a-time\r\nok\r\n"]],
    [
      "what is echoed behind a prompt",
      ["< $ ", ">> ls -la\r", "> whale-of-a-time\r", "< a b\r\n$ whale-of-a-time\r\n"],
    ],
    ["what is echoed in two lines", [">> ls -la\r", "> whale of a time\r", "< whale of \ra time\r\n"]],
    [
      "what is echoed after the next line began",
      [">> ls -la\r", "> whale-of-a-time\rpwd!\r", "< whale-of-a-time\r\npwd!\r\n"],
    ],
    ["a key of a menu", [">> first line\r", "> y\r", "< ok\r\n"]],
    ["arrows", ["< $ ", ">> ls -la\r", "< $ ", "> \u001b[A\u001b[A\r", "< ls -la\r\n"]],
    ["what a program without any echo reads", ["< ready\r\n", "> whale-of-a-time\r", "< ok\r\n"]],
    ["after what was a prompt once", ["< Password: ", "> abcdefgh\r", "< \r\n$ ", ">> whale-of-a-time\r", "< ok\r\n"]],
  ])("%s is kept", async (_, session) => {
    const { store } = await play(session);
    const typed =
      session
        .filter((line) => line.startsWith(">"))
        .at(-1)
        ?.replace(/^>+ /, "")
        .trim() ?? "";
    expect(joinStreams(store.text)).toContain(typed);
  });

  test("all is kept where the rule is off", async () => {
    const { store } = await play(["< Password: ", `> ${SECRET}\r`, "< \r\n"], { rules: ["no-typed"] });
    expect(joinStreams(store.text)).toContain(SECRET);
  });
});

describe("a value that is known is found", () => {
  function frame(text: string): Buffer {
    const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  }

  const chunk = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
  const LOGS = encodeChunkedAnswer("200 OK").replace("application/json", "application/vnd.docker.raw-stream");
  const base64 = (text: string): string => Buffer.from(text).toString("base64");

  test.each([
    ["in one frame", [`a ${SECRET} b`]],
    ["in two", [SECRET.slice(0, 5), SECRET.slice(5)]],
    ["letter by letter", [...SECRET]],
    ["across what is held back", ["x".repeat(65_530), SECRET.slice(0, 5), SECRET.slice(5), "y".repeat(70_000)]],
    ["in base64, one byte on", [base64(`a${SECRET}`)]],
    ["in base64, two bytes on", [base64(`ab${SECRET}`)]],
    ["in base64 in two frames", [base64(SECRET).slice(0, 9), base64(SECRET).slice(9)]],
    ["in hexadecimal", [Buffer.from(SECRET).toString("hex")]],
    ["in a JSON line", [JSON.stringify({ message: `"${SECRET}"` })]],
  ])("%s", async (_, texts) => {
    const studio = new Studio();
    const line = await studio.line();
    const create = encodeJsonRequest("POST /v1.41/containers/create", { Env: [`DB_PASSWORD=${SECRET}`] });
    await exchange(line, create, OK);
    const logs = Buffer.concat([
      Buffer.from(LOGS),
      ...texts.map((text) => chunk(frame(text))),
      Buffer.from(LAST_CHUNK),
    ]);
    await exchange(line, request("GET /v1.41/containers/web/logs"), logs);
    expect((await studio.finish()).problem).toBeUndefined();
    expect(studio.store.written.flatMap((bytes) => findCanary(bytes, SECRET))).toEqual([]);
    expect([...studio.store.sidecars.values()].flatMap((bytes) => findCanary(bytes, SECRET))).toEqual([]);
    const joined = joinStreams(studio.store.text);
    for (const text of [SECRET, base64(SECRET).slice(0, -3), Buffer.from(SECRET).toString("hex")])
      expect(joined).not.toContain(text);
  });
});

describe("a build by BuildKit", () => {
  const bytes = (text: string): Buffer => Buffer.from(text);
  const step = { digest: "sha256:1", inputs: [], isCached: false };

  test.each([
    ["the name of a step", { steps: [{ ...step, name: `[2/2] RUN login --password ${SECRET}` }], logs: [] }],
    ["a step with a proxy", { steps: [{ ...step, name: `RUN curl http://me:${SECRET}@proxy:3128` }], logs: [] }],
    ["an error", { steps: [{ ...step, name: "a", error: `TOKEN=${SECRET} failed` }], logs: [] }],
    ["a log", { steps: [], logs: [{ digest: "sha256:1", bytes: bytes(`https://me:${SECRET}@host\n`) }] }],
  ])("%s", (_, progress) => {
    const event = { kind: "progress", build: 1, progress: { statuses: [], warnings: [], ...progress } };
    const redacted = redactBuildEvent(event as never, new Redactor());
    const text = JSON.stringify(redacted, (_key, value) =>
      value?.type === "Buffer" ? Buffer.from(value.data).toString() : value,
    );
    expect(text).not.toContain(SECRET);
    expect(text).toContain("redacted:1");
  });

  test("an opaque message keeps its length", () => {
    const message = { bytes: bytes(`\n\x11${SECRET}\x12\x03abc`) };
    const redactor = new Redactor();
    redactor.expect(SECRET);
    const event = redactBuildEvent({ kind: "call", build: 1, method: "x", message } as never, redactor);
    const { bytes: masked } = (event as unknown as { message: { bytes: Buffer } }).message;
    expect(masked.toString("latin1")).toBe("\n\x11<redacted:1>*****\x12\x03abc");
  });
});

describe("of one's own", () => {
  async function record(question: Buffer, answer: string, redaction: NonNullable<Redaction>): Promise<string> {
    const studio = new Studio({ redaction });
    await exchange(await studio.line(), question, answer);
    expect((await studio.finish()).problem).toBeUndefined();
    return studio.store.text;
  }

  const create = (body: object): Buffer => encodeJsonRequest("POST /v1.41/containers/create?name=web", body);
  const inspect = request("GET /v1.41/containers/web/json");
  const found = (text: string): string => encodeJsonAnswer("200 OK", `{"Note":"${text}"}\n`);

  test.each([
    ["the name of a variable", create({ Env: [`ACME_ID=${SECRET}`] }), OK, ["ACME_ID"]],
    ["the name of a member", create({ Acme: SECRET }), OK, ["acme"]],
    ["the path of a member", create({ HostConfig: { Binds: [SECRET] } }), OK, ["HostConfig.Binds"]],
    ["the name of a label", create({ Labels: { "acme.id": SECRET } }), OK, ["acme.id"]],
    ["the name of a parameter", request(`GET /v1.41/info?acme=${SECRET}`), OK, ["acme"]],
    ["a pattern", inspect, found(`it is ${SECRET}.`), ["/Canary-[0-9a-f]{10}/"]],
    ["a pattern, whatever its case", inspect, found(SECRET), ["/canary-[0-9a-f]+/i"]],
    ["a regular expression", inspect, found(SECRET), [/Canary-\w+/]],
    ["a function", inspect, found(SECRET), [({ path }: { path: readonly string[] }) => path.at(-1) === "Note"]],
  ] as const)("%s", async (_, question, answer, rules) => {
    expect(findCanary(Buffer.from(await record(question, answer, { rules })), SECRET)).toEqual([]);
    expect(await record(question, answer, {})).toContain(SECRET);
  });

  test("a value that a rule of one's own has found is found everywhere", async () => {
    const text = await record(create({ Env: [`ACME_ID=${SECRET}`] }), found(`it is ${SECRET}`), { rules: ["ACME_ID"] });
    expect(text).toContain("it is <redacted:1>");
  });

  test.each([
    ["no-env", create({ Env: [`DB_PASSWORD=${SECRET}`] }), OK],
    ["no-labels", create({ Labels: { "a.token": SECRET } }), OK],
    ["no-commands", create({ Cmd: [`--password=${SECRET}`] }), OK],
    ["no-urls", create({ Note: `https://me:${SECRET}@host` }), OK],
  ])("%s keeps what the rule keeps out", async (rule, question, answer) => {
    expect(await record(question, answer, { rules: [rule] })).toContain(SECRET);
    expect(await record(question, answer, {})).not.toContain(SECRET);
  });

  test.each([
    ["MY_TOKEN", true],
    ["DB_PASSWORD", true],
    ["HOME", false],
    ["AUTH_URL", false],
  ])("the value of the recorder's own %s is kept out: %s", async (name, isKeptOut) => {
    const text = await record(inspect, found(SECRET), { env: { [name]: SECRET } });
    expect(text.includes(SECRET)).toBe(!isKeptOut);
    expect(await record(inspect, found(SECRET), { env: { [name]: SECRET }, rules: ["no-recorder-env"] })).toContain(
      SECRET,
    );
  });
});
