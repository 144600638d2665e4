import { describe, expect, test } from "vitest";
import {
  type ComparableRequest,
  toComparable as comparableOf,
  compareRequests,
} from "../../src/match/compare-requests.ts";
import {
  NO_BODY,
  type NormalizedBody,
  normalizeBody,
  normalizeStreamedBody,
} from "../../src/match/normalize/normalize-body.ts";
import { normalizeRequest } from "../../src/match/normalize/normalize-request.ts";
import { resolveRules } from "../../src/match/rules/resolve-rules.ts";
import { parseOperation } from "../../src/wire/operations/operation.ts";
import { createTar } from "./create-tar.ts";

const ruling = resolveRules([]);

function comparable(line: string, body: string | NormalizedBody = ""): ComparableRequest {
  const [method = "", target = ""] = line.split(" ");
  const operation = parseOperation(method, target);
  const meaning = typeof body === "string" ? normalizeBody(operation.name, Buffer.from(body), { rules: ruling }) : body;
  return comparableOf(normalizeRequest({ method, operation, headers: [] }, { rules: ruling }), meaning);
}

function told(recorded: ComparableRequest, got: ComparableRequest): string[] {
  return compareRequests(recorded, got).map(({ field, recorded: was, got: is }) => `${field}: ${was} -> ${is}`);
}

const CREATE = "POST /v1.41/containers/create";

describe("a difference has its field, the recorded value and today's", () => {
  test.each([
    ["nothing", CREATE, '{"a":1}', CREATE, '{"a":1}', []],
    ["method", "GET /v1.41/info", "", "POST /v1.41/info", "", ["method: GET -> POST"]],
    ["version", "GET /v1.41/info", "", "GET /v1.40/info", "", ["version: 1.41 -> 1.40"]],
    ["no version", "GET /v1.41/info", "", "GET /info", "", ["version: 1.41 -> undefined"]],
    [
      "path",
      "GET /containers/a/json",
      "",
      "GET /containers/b/json",
      "",
      ["path: /containers/a/json -> /containers/b/json"],
    ],
    ["a parameter", `${CREATE}?name=web`, "", `${CREATE}?name=db`, "", ["query.name: web -> db"]],
    ["a parameter more", CREATE, "", `${CREATE}?name=db`, "", ["query.name: undefined -> db"]],
    [
      "a parameter twice",
      "GET /images/get?names=a",
      "",
      "GET /images/get?names=a&names=b",
      "",
      ["query.names: a -> a, b"],
    ],
    ["a member", CREATE, '{"Image":"a","X":{"Y":1}}', CREATE, '{"Image":"a","X":{"Y":2}}', ["json.X.Y: 1 -> 2"]],
    ["a member less", CREATE, '{"Image":"a"}', CREATE, "{}", ["json.Image: a -> undefined"]],
    ["a list", CREATE, '{"Cmd":["a"]}', CREATE, '{"Cmd":["b"]}', ['json.Cmd: ["a"] -> ["b"]']],
    ["no body", CREATE, "{}", CREATE, "", ["body: JSON -> undefined"]],
    [
      "all at once, what tells most first",
      `${CREATE}?name=web`,
      '{"Image":"a"}',
      "PUT /v1.40/x",
      "",
      [
        "method: POST -> PUT",
        "version: 1.41 -> 1.40",
        "path: /containers/create -> /x",
        "query.name: web -> undefined",
        "body: JSON -> undefined",
      ],
    ],
  ])("%s", (_, recorded, recordedBody, got, gotBody, expected) => {
    expect(told(comparable(recorded, recordedBody), comparable(got, gotBody))).toEqual(expected);
  });
});

test("bytes that differ are shown by size and digest", () => {
  const [difference] = told(comparable(CREATE, "abc"), comparable(CREATE, "abd"));
  expect(difference).toMatch(/^body: 3 bytes \([0-9a-f]{8}\) -> 3 bytes \([0-9a-f]{8}\)$/);
});

test("tars that differ are shown file by file", async () => {
  const meaning = async (...files: Parameters<typeof createTar>[0]): Promise<NormalizedBody> => {
    const tar = await createTar(files);
    return normalizeStreamedBody("ImageBuild", [tar] as unknown as AsyncIterable<Buffer>, { rules: ruling });
  };
  const recorded = await meaning({ name: "f.txt", text: "one" }, { name: "same", text: "x" });
  const got = await meaning({ name: "f.txt", text: "one", mode: 0o755 }, { name: "same", text: "x" }, { name: "new" });
  const fields = told(comparable("POST /build", recorded), comparable("POST /build", got));
  expect(fields).toEqual([
    expect.stringMatching(/^tar\.f\.txt: file 644 (\w{8}) -> file 755 \1$/),
    expect.stringMatching(/^tar\.new: undefined -> file 644 \w{8}$/),
  ]);
  expect(told(comparable("POST /build", recorded), comparable("POST /build", NO_BODY))[0]).toMatch(
    /^body: \d+ bytes of tar/,
  );
});
