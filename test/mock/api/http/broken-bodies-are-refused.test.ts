/** Bodies that break off, whose chunks are broken, or that do not end: answered in Go's words, never as a fault of ours. */
import { describe, expect, test } from "vitest";
import { MockedDaemon } from "../../../playbook/mocked.ts";

const HEAD = "POST /v1.41/volumes/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

describe("a body", () => {
  test.each([
    ["with a chunk that is longer than it says", `${CHUNKED}2\r\n{}}\r\n0\r\n\r\n`, "malformed chunked encoding"],
    ["with a size that is none", `${CHUNKED}zz\r\n{}\r\n0\r\n\r\n`, "malformed chunked encoding"],
    ["with trailers that are none", `${CHUNKED}0\r\n{"Name":1}\r\n\r\n`, "malformed chunked encoding"],
    ["that breaks off", `${HEAD}Content-Length: 9\r\n\r\n{`, "unexpected EOF"],
  ])("%s is an error of the client", async (_, sent, message) => {
    const docker = new MockedDaemon();
    const client = docker.client();
    await client.sends(sent);
    await client.closesItsHalf();
    const answer = await client.hearsAll();
    expect(answer).toMatch(/^HTTP\/1\.1 [45]00 /);
    expect(answer).toContain(message);
    expect(answer).not.toContain("whalesong");
  });

  test.each(["auth", "volumes/create", "containers/create", "networks/create", "build", "images/load"])(
    "of `%s` with a broken chunk is answered, and its connection closed, though its client goes on",
    async (path) => {
      const docker = new MockedDaemon();
      const client = docker.client();
      await client.sends(`${CHUNKED.replace("volumes/create", path)}0x2\r\n`);
      expect(await client.hearsAll()).toMatch(/^HTTP\/1\.1 [245]\d\d /);
    },
  );

  test("of more JSON than any client sends is read and refused", async () => {
    const docker = new MockedDaemon();
    const client = docker.client();
    const body = Buffer.alloc(17 * 1024 * 1024, " ");
    await client.sends(`${HEAD}Content-Length: ${body.length}\r\n\r\n`);
    await client.sends(body);
    await client.closesItsHalf();
    expect(await client.hearsAll()).toMatch(/^HTTP\/1\.1 413 .*"http: request body too large"/s);
  });
});
