import { describe, expect, test } from "vitest";
import { ContainerLog, type OutputStream } from "../../../src/mock/runtime/streams/container-log.ts";
import { DetachDetector, parseDetachKeys } from "../../../src/mock/runtime/streams/detach-keys.ts";
import { OutputBroadcast } from "../../../src/mock/runtime/streams/output-broadcast.ts";
import { type LogOptions, readLog } from "../../../src/mock/runtime/streams/read-log.ts";
import { encodeOutput } from "../../../src/mock/runtime/streams/relay-streams.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";

function logOf(...writes: readonly (readonly [OutputStream, string])[]): ContainerLog {
  let now = 0n;
  const log = new ContainerLog(() => {
    now += 1n;
    return now;
  });
  for (const [stream, text] of writes) log.write(stream, Buffer.from(text));
  return log;
}

const texts = (log: ContainerLog): string[] => log.lines.map(({ stream, text }) => `${stream[3]}:${text}`);

describe("a log has lines", () => {
  test.each<[string, [OutputStream, string][], string[]]>([
    ["of one write", [["stdout", "a\nb\n"]], ["o:a\n", "o:b\n"]],
    [
      "of several writes",
      [
        ["stdout", "a"],
        ["stdout", "b\nc"],
      ],
      ["o:ab\n"],
    ],
    [
      "of each stream for itself",
      [
        ["stdout", "a"],
        ["stderr", "x\n"],
        ["stdout", "b\n"],
      ],
      ["e:x\n", "o:ab\n"],
    ],
    ["that may be empty", [["stdout", "\n\n"]], ["o:\n", "o:\n"]],
  ])("%s", (_, writes, lines) => {
    expect(texts(logOf(...writes))).toEqual(lines);
  });

  test("that are cut at 16 KiB", () => {
    const log = logOf(["stdout", `${"x".repeat(40_000)}\n`]);
    expect(log.lines.map(({ text }) => text.length)).toEqual([16_384, 16_384, 7233]);
  });

  test("and at the end of a run also what has no line end", () => {
    const log = logOf(["stdout", "a"]);
    const followed: (string | undefined)[] = [];
    log.follow((line) => followed.push(line?.text.toString()));
    log.endRun();
    log.endRun();
    expect([texts(log), followed]).toEqual([["o:a"], ["a", undefined, undefined]]);
  });
});

async function read(
  log: ContainerLog,
  options: Partial<LogOptions>,
  cancelled = new AbortController(),
): Promise<string> {
  const all: LogOptions = {
    streams: new Set(["stdout", "stderr"]),
    since: 0n,
    until: undefined,
    tail: undefined,
    hasTimestamps: false,
    follows: false,
    isRaw: true,
    details: "",
    ...options,
  };
  const pieces: Buffer[] = [];
  for await (const piece of readLog(log, all, cancelled.signal)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe("a log is read", () => {
  const log = logOf(["stdout", "a\nb\n"], ["stderr", "x\n"], ["stdout", "c\n"]);

  test.each<[string, Partial<LogOptions>, string]>([
    ["as a whole", {}, "a\nb\nx\nc\n"],
    ["of one stream", { streams: new Set(["stderr"]) }, "x\n"],
    ["from its tail", { tail: 2 }, "x\nc\n"],
    ["from its tail, which is cut before the streams are chosen", { tail: 2, streams: new Set(["stdout"]) }, "c\n"],
    ["from a tail longer than itself", { tail: 99 }, "a\nb\nx\nc\n"],
    ["with no tail", { tail: 0 }, ""],
    ["since a time", { since: 3n }, "x\nc\n"],
    ["until a time", { until: 2n }, "a\nb\n"],
    ["with times", { tail: 1, hasTimestamps: true }, "1970-01-01T00:00:00.000000004Z c\n"],
    [
      "with times and details",
      { tail: 1, hasTimestamps: true, details: "k=v " },
      "1970-01-01T00:00:00.000000004Z k=v c\n",
    ],
    ["in frames", { tail: 1, isRaw: false }, "\u0001\0\0\0\0\0\0\u0002c\n"],
  ])("%s", async (_, options, text) => {
    expect(await read(log, options)).toBe(text);
  });

  test("and followed until its run ends, or the client leaves", async () => {
    const running = logOf(["stdout", "a\n"]);
    const [following, leaving] = [read(running, { follows: true, tail: 0 }), new AbortController()];
    const left = read(running, { follows: true }, leaving);
    running.write("stdout", Buffer.from("b\n"));
    leaving.abort();
    running.write("stdout", Buffer.from("c\n"));
    running.endRun();
    expect([await following, await left]).toEqual(["b\nc\n", "a\nb\n"]);
  });
});

test("output is framed in pieces of 32 KiB", () => {
  const sizes = [10, 32_768, 32_769, 70_000].map(
    (size) => encodeOutput("stdout", Buffer.alloc(size), false).length - size,
  );
  expect(sizes).toEqual([8, 8, 16, 24]);
  expect(encodeOutput("stderr", Buffer.alloc(40_000), true)).toHaveLength(40_000);
});

describe("detach keys", () => {
  test.each([
    ["", [16, 17]],
    ["ctrl-a,d", [1, 100]],
    ["CTRL-Z", [26]],
    ["ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", [0, 27, 28, 29, 30, 31]],
    ["a,b", [97, 98]],
  ])("%j are %j", (text, bytes) => {
    expect([...parseDetachKeys(text)]).toEqual(bytes);
  });

  test.each([
    ["ctrl-1", "ctrl-1"],
    ["ctrl-ab", "ctrl-ab"],
    ["a,,b", ""],
    ["ab", "ab"],
  ])("%s are invalid", (text, word) => {
    expect(catchApiError(() => parseDetachKeys(text))).toBe(`400 Invalid detach keys (${word}) provided`);
  });

  test.each<[string[], string, boolean]>([
    [["abc"], "abc", false],
    [["ab\u0010"], "ab", false],
    [["ab\u0010", "\u0011cd"], "ab", true],
    [["ab\u0010", "cd"], "ab\u0010cd", false],
    [["\u0010\u0011"], "", true],
    [["\u0010x\u0010\u0011rest"], "\u0010x", true],
  ])("are found in %j", (pieces, typed, isDetached) => {
    const detector = new DetachDetector(parseDetachKeys(""));
    const results = pieces.map((piece) => detector.push(Buffer.from(piece)));
    expect([Buffer.concat(results.map((result) => result.typed)).toString(), results.at(-1)?.isDetached]).toEqual([
      typed,
      isDetached,
    ]);
  });
});

test("output goes to every listener until it stops, or the run ends", async () => {
  const output = new OutputBroadcast();
  const received: string[] = [];
  const listen = (name: string): (() => void) =>
    output.listen({
      write: (stream, bytes) => void received.push(`${name} ${stream} ${bytes}`),
      end: () => void received.push(`${name} end`),
    });
  const stop = listen("a");
  listen("b");
  await output.write("stdout", Buffer.from("1"));
  stop();
  await output.createSink("stderr").write(Buffer.from("2"));
  output.end();
  await output.write("stdout", Buffer.from("3"));
  expect(received).toEqual(["a stdout 1", "b stdout 1", "b stderr 2", "b end"]);
});
