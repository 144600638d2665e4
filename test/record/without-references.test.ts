import { describe, expect, test } from "vitest";
import { withoutReferences } from "../../src/record/write/without-references.ts";

const HEADS = "request: GET /containers/web/json\nresponse:\n  status: 200 OK\n";

describe("withoutReferences takes out", () => {
  test.each([
    ["the only `during`", `---\nduring: stop\n${HEADS}`, `---\nrequest: GET /containers/web/json\nresponse: 200 OK\n`],
    [
      "one `during` of two",
      `---\nduring: [start, stop]\n${HEADS}`,
      `---\nduring: start\nrequest: GET /containers/web/json\nresponse: 200 OK\n`,
    ],
    ["a cue of a head", `---\n${HEADS}  cue: [stop, start]\n`, `---\n${HEADS}  cue: [start]\n`],
    [
      "cues and `until`s of a stream",
      `---\n${HEADS}stream:\n  - cue: stop\n  - stdout: "a"\n  - until: said\n  - cue: start\n  - stdout: "b"\n`,
      `---\n${HEADS.replace("\n  status:", "")}stream:\n  - stdout: "a"\n  - cue: start\n  - stdout: "b"\n`,
    ],
  ] as const)("%s", (_what, text, rest) => {
    expect(withoutReferences(text, new Set(["stop", "said"]))).toBe(rest);
  });

  test.each([
    ["nothing is lost", [], `---\nduring: stop\n${HEADS}`],
    ["another name is lost", ["kill"], `---\nduring: stop\n${HEADS}`],
    ["a body says the name", ["stop"], `---\n${HEADS}  text: "during: stop"\n`],
  ] as const)("nothing if %s: the text stays as it is, with its layout", (_what, lost, text) => {
    expect(withoutReferences(text, new Set(lost))).toBe(text);
  });
});
