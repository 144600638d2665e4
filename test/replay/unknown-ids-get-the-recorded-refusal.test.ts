/** A test that asks for what is not there makes an id up, another one in each run. */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const ID = `${"c".repeat(60)}1234`;
const refused = (line: string, message: string): string =>
  `---\nrequest: ${line}\nresponse:\n  status: 404 Not Found\n  json: {"message":"${message}"}\n`;
const answered = (line: string): string =>
  `---\nrequest: ${line}\nresponse:\n  status: 200 OK\n  json: {"Id":"${ID}"}\n`;

async function messageOf(theatre: Theatre, bytes: Buffer): Promise<string> {
  const answer = await theatre.asks(bytes);
  return `${answer.slice(9, 12)} ${JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)).message?.split("\n")[0]}`;
}

describe("another made-up id gets the same refusal, with its own id", () => {
  test.each([
    [
      "GET /v1.41/exec/4821/json",
      "GET /v1.41/exec/9317/json",
      "No such exec instance: 4821",
      "No such exec instance: 9317",
    ],
    [
      "GET /v1.41/containers/12ab34/json",
      "GET /v1.41/containers/99fe01/json",
      "No such container: 12ab34",
      "No such container: 99fe01",
    ],
    [
      "DELETE /v1.41/networks/77120",
      "DELETE /v1.41/networks/10455",
      "network 77120 not found",
      "network 10455 not found",
    ],
    ["GET /v1.41/volumes/3391", "GET /v1.41/volumes/8123", "get 3391: no such volume", "get 8123: no such volume"],
    [
      "GET /v1.41/images/4711/json",
      "GET /v1.41/images/1147/json",
      "No such image: 4711:latest",
      "No such image: 1147:latest",
    ],
  ])("%s, %s", async (recorded, today, was, is) => {
    const theatre = new Theatre(refused(recorded, was));
    expect(await messageOf(theatre, request(today))).toBe(`404 ${is}`);
    expect(await messageOf(theatre, request(today))).toBe(`404 ${is}`);
    if (recorded.startsWith("GET")) expect(await messageOf(theatre, request(recorded))).toBe(`404 ${was}`);
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [] });
  });
});

test("an exec's id may begin as a container's does", async () => {
  const recorded = refused("GET /v1.41/exec/4821/json", "No such exec instance: 4821");
  const theatre = new Theatre(recorded + answered(`GET /v1.41/containers/5557${ID.slice(4)}/json`));
  expect(await messageOf(theatre, request("GET /v1.41/exec/5557/json"))).toBe("404 No such exec instance: 5557");
});

describe("is a miss", () => {
  const RECORDED = refused("GET /v1.41/exec/4821/json", "No such exec instance: 4821");
  test.each([
    ["a word", refused("GET /v1.41/containers/nosuch/json", "no"), "GET /v1.41/containers/another/json"],
    ["a word where a number was", RECORDED, "GET /v1.41/exec/nosuch/json"],
    ["another operation", RECORDED, "GET /v1.41/containers/9317/json"],
    ["another version", RECORDED, "GET /v1.40/exec/9317/json"],
    ["another query", refused("GET /v1.41/containers/4821/json?size=1", "no"), "GET /v1.41/containers/9317/json"],
    ["an id that is there", RECORDED + answered("POST /v1.41/exec/9317/resize?h=1&w=1"), "GET /v1.41/exec/9317/json"],
    ["the beginning of such an id", RECORDED + answered(`GET /v1.41/exec/${ID}/json`), "GET /v1.41/exec/cccccc/json"],
    ["an id that was there in part", RECORDED + answered("POST /v1.41/exec/4821/start"), "GET /v1.41/exec/9317/json"],
  ])("%s", async (_, cassette, today) => {
    expect(await messageOf(new Theatre(cassette), request(today))).toMatch(/^501 /);
  });
});

describe("another made-up path in a container", () => {
  const archive = (path: string, method = "GET"): string => `${method} /v1.41/containers/web/archive?path=${path}`;
  const lost = (path: string, method = "GET"): string =>
    refused(archive(path, method), `Could not find the file ${path} in container web`);

  test.each([
    ["/nosuch43", "/nosuch57"],
    ["/nosuch43", "/nosuch8154"],
    ["/nosuch43", "/nosuch6c"],
    ["/nosuchc6", "/nosuchfe"],
    ["/tmp/x/no-such-91", "/tmp/x/no-such-12"],
  ])("%s, %s gets the same refusal", async (recorded, today) => {
    const theatre = new Theatre(lost("/etc/nothing") + lost(recorded));
    const bytes = request(archive(today));
    expect(await messageOf(theatre, bytes)).toBe(`404 Could not find the file ${today} in container web`);
    expect(await messageOf(theatre, request(archive(recorded)))).toBe(
      `404 Could not find the file ${recorded} in container web`,
    );
    expect(theatre.report.missed).toEqual([]);
  });

  test.each([
    ["where the word is another", lost("/nosuch43"), "/other57"],
    ["in another folder", lost("/tmp/nosuch43"), "/nosuch57"],
    ["of one digit", lost("/nosuch43"), "/nosuch5"],
    ["of more hexadecimal digits", lost("/nosuch43"), "/nosuch6ca1"],
    ["where the recorded one had no digit", lost("/nosuchfe"), "/nosuch43"],
    ["that is a version", lost("/lib/python3.10"), "/lib/python3.11"],
    ["where the recorded one was there in part", lost("/x43") + answered(archive("/x43/y", "HEAD")), "/x57"],
    ["where the recorded one was written", lost("/x43") + answered(archive("/x43", "PUT")), "/x57"],
    ["that is there", lost("/x43") + answered(archive("/x57", "HEAD")), "/x57"],
  ])("is a miss %s", async (_, cassette, today) => {
    expect(await messageOf(new Theatre(cassette), request(archive(today)))).toMatch(/^501 /);
  });
});

test("a body does not matter: nothing is there to take it", async () => {
  const recorded = `---\nrequest:\n  line: POST /v1.41/containers/4821/exec\n  json-bare: {"Cmd":["a"]}\nresponse:\n  status: 404 Not Found\n  json: {"message":"no 4821"}\n`;
  const today = encodeJsonRequest("POST /v1.41/containers/9317/exec", { Cmd: ["b"] });
  expect(await messageOf(new Theatre(recorded), today)).toBe("404 no 9317");
});
