import { describe, expect, test } from "vitest";
import { streamProgress } from "../../../../src/mock/api/http/progress-response.ts";
import type { ApiResponse } from "../../../../src/mock/api/http/response.ts";
import { selectBuildFormat, selectProgressFormat } from "../../../../src/mock/api/version/progress-format.ts";
import { ApiError } from "../../../../src/mock/model/api-error.ts";
import { ApiVersion } from "../../../../src/mock/model/api-version.ts";
import { ENGINE_RELEASES } from "../../../../src/mock/model/engine-release.ts";

const PULL = { operation: "ImageCreate", name: "", release: ENGINE_RELEASES["20.10"] };

async function textOf(response: ApiResponse): Promise<string> {
  if (response.kind !== "stream") throw new Error(`a ${response.kind}, not a stream`);
  let text = "";
  for await (const chunk of response.chunks) text += chunk.toString();
  return text;
}

describe("an error of the work", () => {
  const refuse = async (): Promise<void> => {
    throw new ApiError(404, "no such image");
  };

  test("before the first message is an ordinary error", async () => {
    await expect(streamProgress(PULL, refuse)).rejects.toThrow(new ApiError(404, "no such image"));
  });

  test("before the first message is a message if the head goes out first", async () => {
    const response = await streamProgress(PULL, refuse, { sendsHeadFirst: true });
    expect(await textOf(response)).toBe('{"errorDetail":{"message":"no such image"},"error":"no such image"}\r\n');
  });

  test("after a message is a message", async () => {
    const response = await streamProgress(PULL, async (report) => {
      report({ status: "Pulling" });
      await refuse();
    });
    expect(await textOf(response)).toBe(
      '{"status":"Pulling"}\r\n{"errorDetail":{"message":"no such image"},"error":"no such image"}\r\n',
    );
  });

  test("that is the simulator's own breaks the stream off", async () => {
    const response = await streamProgress(PULL, async (report) => {
      report({ status: "Pulling" });
      throw new TypeError("a bug");
    });
    await expect(textOf(response)).rejects.toThrow("a bug");
  });
});

test("work without a message gives an empty stream", async () => {
  expect(await textOf(await streamProgress(PULL, async () => undefined))).toBe("");
});

const DOWNLOAD = { status: "Downloading", progressDetail: { current: 1 }, progress: "[=>] 1B", id: "layer" };
const FAILURE = { errorDetail: { message: "oops" }, error: "oops" };

describe("the progress of a pull", () => {
  test.each([
    ["1.41", DOWNLOAD, `${JSON.stringify(DOWNLOAD)}\r\n`],
    ["1.12", { aux: { ID: "x" } }, '{"aux":{"ID":"x"}}\r\n'],
    ["1.11", { aux: { ID: "x" } }, ""],
    ["1.11", DOWNLOAD, `${JSON.stringify(DOWNLOAD)}\r\n`],
    ["1.8", DOWNLOAD, `${JSON.stringify(DOWNLOAD)}\r\n`],
    ["1.7", DOWNLOAD, '{"status":"Downloading","progress":"[=\\u003e] 1B","id":"layer"}\r\n'],
    ["1.7", FAILURE, '{"error":"oops"}\r\n'],
    ["1.0", DOWNLOAD, "layer: Downloading [=>] 1B\r"],
    ["1.0", { status: "Pulling" }, "Pulling\r\n"],
    ["1.0", FAILURE, "Error: oops\n"],
    ["1.0", { aux: {} }, ""],
  ])("in API %s of %j", (api, message, expected) => {
    const line = selectProgressFormat({ api: new ApiVersion(api), release: ENGINE_RELEASES["20.10"] }).formatLine(
      message,
    );
    expect(line.replaceAll("\\u003e", ">")).toBe(expected.replaceAll("\\u003e", ">"));
  });
});

describe("the progress of a build", () => {
  test.each([
    ["1.41", "application/json", '{"stream":"Step 1"}\r\n'],
    ["1.8", "application/json", '{"stream":"Step 1"}\r\n'],
    ["1.7", "text/plain; charset=utf-8", "Step 1"],
  ])("in API %s is %s", (api, contentType, expected) => {
    const format = selectBuildFormat(new ApiVersion(api));
    expect([format.contentType, format.formatLine({ stream: "Step 1" })]).toEqual([contentType, expected]);
  });
});
