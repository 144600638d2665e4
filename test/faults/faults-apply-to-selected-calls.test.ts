import { describe, expect, test } from "vitest";
import { readFaults } from "../../src/faults/read-faults.ts";
import { Faulty } from "../playbook/faulty.ts";
import { encodeJsonRequest, NO_CONTENT, request } from "../playbook/http.ts";

/** The status of the answer to each of these, asked one after the other on connections of their own. */
async function statuses(faulty: Faulty, lines: readonly string[], names: readonly string[] = []): Promise<number[]> {
  const found: number[] = [];
  for (const line of lines) {
    const client = faulty.client(() => names);
    await client.sends(request(line));
    await client.closesItsHalf();
    found.push(Number(/^HTTP\/1.1 (\d+)/.exec(await client.hearsAll())?.[1]));
  }
  return found;
}

const START = "POST /v1.41/containers/web/start";
const STOP = "POST /v1.41/containers/web/stop";
const DB = "POST /v1.41/containers/db/start";
const refusing = (where: string): string => `- {${where}answer: {status: 503}}`;

describe("a fault applies to a call", () => {
  test.each([
    ["everything", "", [START, STOP, DB], [503, 503, 503]],
    ["an operation, by its name", "on: ContainerStart, ", [START, STOP, DB], [503, 204, 503]],
    ["a method and a path", "on: POST /containers/web/*, ", [START, STOP, DB], [503, 503, 204]],
    ["a path with names in braces", 'on: "POST /containers/{id}/start", ', [START, STOP], [503, 204]],
    ["no other method", "on: GET /containers/*/start, ", [START], [204]],
    ["a name in the path", "name: web, ", [START, DB], [503, 204]],
    ["a pattern of names", "name: w*, ", [START, DB], [503, 204]],
    ["what is to be made, by its name", "name: web, ", ["POST /containers/create?name=web"], [503]],
    ["an image that is pulled", "name: alpine, ", ["POST /images/create?fromImage=alpine"], [503]],
    ["the second call", "nth: 2, ", [START, START, START], [204, 503, 204]],
    ["from one to another", "nth: 2-3, ", [START, START, START, START], [204, 503, 503, 204]],
    ["from one on", "nth: 2-, ", [START, START, START], [204, 503, 503]],
    ["the second of those that fit", "on: ContainerStop, nth: 2, ", [STOP, START, STOP], [204, 204, 503]],
  ])("%s", async (_what, where, lines, expected) => {
    expect(await statuses(new Faulty(refusing(where), NO_CONTENT), lines)).toEqual(expected);
  });

  test("by the image that a container is to be made from", async () => {
    const faulty = new Faulty(refusing("on: ContainerCreate, name: alpine*, nth: 2, "), NO_CONTENT);
    const created = async (Image: string): Promise<string> => {
      const client = faulty.client();
      await client.sends(encodeJsonRequest("POST /v1.41/containers/create", { Image }));
      return client.hearsUpTo("\r\n");
    };
    const images = ["alpine:3", "busybox", "alpine:3.1"];
    expect(await Promise.all(images.map(created))).toEqual([
      "HTTP/1.1 204 No Content\r\n",
      "HTTP/1.1 204 No Content\r\n",
      "HTTP/1.1 503 Refused\r\n",
    ]);
  });

  test("by a name that only the daemon knows", async () => {
    const faulty = new Faulty(refusing("name: web, "), NO_CONTENT);
    expect(await statuses(faulty, ["POST /containers/0a1b2c/start"], ["web"])).toEqual([503]);
  });

  test("as often as its probability says", async () => {
    const faulty = new Faulty(refusing("probability: 0.5, "), NO_CONTENT);
    faulty.chances.push(0.49, 0.5, 0.1);
    expect(await statuses(faulty, [START, START, START])).toEqual([503, 204, 503]);
    expect(faulty.faults.state).toEqual([{ probability: 0.5, answer: { status: 503 }, matched: 3, applied: 2 }]);
  });
});

test.each([
  [
    "- {on: ContainerStrt, timeout: 1s}",
    "faults.yaml:1:8  unknown operation `ContainerStrt` (did you mean `ContainerStart`?)",
  ],
  ["- on: ContainerStart\n", "faults.yaml:1:3  a fault must say what happens: `answer`, `latency`"],
  ["- {tiemout: 1s}", "faults.yaml:1:4  unknown key `tiemout` in a fault (did you mean `timeout`?)"],
  ["- {timeout: 1}", "faults.yaml:1:13  `timeout` must be a duration like `412ms`, got `1`"],
  ["- {latency: {jitter: 1s}}", "faults.yaml:1:13  `latency` must be a duration, or a map with a `delay`, got a map"],
  ["- {answer: {message: no}}", "faults.yaml:1:12  `answer` must be a map with a `status` from 400 to 599, got a map"],
  ["- {answer: {status: 200}}", "faults.yaml:1:21  `status` must be from 400 to 599, got `200`"],
  [
    "- {nth: 4-2, timeout: 1s}",
    "faults.yaml:1:9  `nth` must be a number, or numbers like `2-4` or `3-`, counted from 1, got `4-2`",
  ],
  ["- {probability: 2, timeout: 1s}", "faults.yaml:1:17  `probability` must be a number from 0 to 1, got `2`"],
  [
    "- {limit_data: {bytes: 1, frames: 1}}",
    "faults.yaml:1:16  `limit_data` must be a number of bytes, or a map with either `bytes` or `frames`",
  ],
  ["- {limit_data: {bytes: 1, then: fall}}", "faults.yaml:1:33  unknown `then`: `fall`"],
  ["- {bad_frame: 0}", "faults.yaml:1:15  `bad_frame` must be a whole number of frames, at least 1, got `0`"],
  ["- {bandwidth: 10}", "faults.yaml:1:15  `bandwidth` must be a rate like `10KB/s` (B, KB or MB), got `10`"],
  ["- {slicer: {delay: 1ms}}", "faults.yaml:1:12  `slicer` must be a map with an `average_size`, got a map"],
  ["on: x", "faults.yaml:1:1  `faults` must be a list of faults, got a map"],
  ['- {timeout: "1s', "faults.yaml:1:13  the quote that opens here is never closed"],
])("%s is refused where it is wrong", (yaml, message) => {
  expect(() => readFaults(yaml, "faults.yaml")).toThrow(expect.objectContaining({ code: "WHALESONG_BAD_FAULTS" }));
  expect(() => readFaults(yaml, "faults.yaml")).toThrow(message);
});

test("a file without faults has none", () => {
  expect(readFaults("", "faults.yaml")).toEqual([]);
  expect(readFaults("[]", "faults.yaml")).toEqual([]);
});
