import { describe, expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";
import { keepOldPreamble, keepOldText } from "../../src/cassette/rerecord.ts";
import { ATTACH, CASSETTE, EXCHANGES, HEADER, PULL, START } from "./example.ts";

function createKeeper(text: string): (text: string) => string {
  return keepOldText(openCassette(Buffer.from(text), "old.yaml"));
}

const createLogs = (stream: string) => `---\nrequest: GET /logs\nresponse: 200 OK\nstream:\n${stream}`;

describe("recording again keeps the old text", () => {
  test("where nothing differs", () => {
    const keep = createKeeper(CASSETTE);
    expect(EXCHANGES.map(keep)).toEqual(EXCHANGES);
  });

  test("where only waits differ", () => {
    expect(createKeeper(CASSETTE)(PULL.replace("500ms", "1s").replace("  - wait: 100ms\n", ""))).toBe(PULL);
  });

  test("where the daemon took longer to answer", () => {
    const old = "---\nrequest: GET /\nresponse:\n  status: 200 OK\n  wait: 2s\n";
    expect(createKeeper(HEADER + old)(old.replace("2s", "5s"))).toBe(old);
    expect(createKeeper(HEADER + old)("---\nrequest: GET /\nresponse: 200 OK\n")).toBe(old);
  });

  test("with the comments and the layout that people gave it", () => {
    const old = `---\n# the shell says hello\n\n${PULL.slice(4).replace("request:\n", "request:   # to the registry\n")}\n# the end\n`;
    expect(createKeeper(HEADER + old + START)(PULL)).toBe(old);
  });

  test("where a wait kept frames apart", () => {
    const old = createLogs('  - stdout: "a\\n"\n  - wait: 10ms\n  - stdout: "b\\n"\n');
    expect(createKeeper(HEADER + old)(createLogs("  - stdout: |\n      a\n      b\n    frames: lines\n"))).toBe(old);
  });

  test("each once", () => {
    const commented = START.replace("---\n", "---\n# first\n").replace("name: start\n", "");
    const plain = START.replace("name: start\n", "");
    const keep = createKeeper(HEADER + commented + plain);
    expect([plain, plain, plain].map(keep)).toEqual([commented, plain, plain]);
  });
});

describe("recording again shows what the daemon does differently", () => {
  test.each([
    ["another word", ATTACH, ATTACH.replace("bye", "good bye")],
    [
      "another cut",
      createLogs('  - stdout: "a\\nb\\n"\n'),
      createLogs("  - stdout: |\n      a\n      b\n    frames: lines\n"),
    ],
    ["another stream", createLogs('  - stdout: "a"\n'), createLogs('  - stderr: "a"\n')],
    [
      "a text that looks like a comment",
      createLogs("  - text: |\n      a\n      #b\n"),
      createLogs("  - text: |\n      a\n      #c\n"),
    ],
    ["another name", START, START.replace("start", "go")],
  ])("%s", (_what, old, fresh) => {
    const known = START === old ? "" : START;
    expect(createKeeper(HEADER + known + old)(fresh)).toBe(fresh);
  });

  test("all, where there was no cassette", () => {
    expect(keepOldText(undefined)(PULL)).toBe(PULL);
  });
});

test("an old document that cannot be read is found before anything is recorded", () => {
  expect(() => createKeeper(`${HEADER}---\nrequest: GET /\nresponse: {status: 200 OK, hijack: maybe}\n`)).toThrow(
    "old.yaml:6:36",
  );
});

test("comments above the header are kept", () => {
  const old = openCassette(Buffer.from(`# what this shows\n\n${HEADER}`), "old.yaml");
  expect(keepOldPreamble(old, "whalesong: 1\n")).toBe("# what this shows\n\nwhalesong: 1\n");
  expect(keepOldPreamble(undefined, "whalesong: 1\n")).toBe("whalesong: 1\n");
});
