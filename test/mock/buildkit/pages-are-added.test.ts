/** ADD of web pages: `--checksum`, `--unpack`, and addresses that are none. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { MockedDaemon } from "../../playbook/mocked.ts";
import { packTar } from "../../playbook/tarred.ts";
import { BuildClient } from "./build-client.ts";
import { ClientSession } from "./client-session.ts";

const PAGE = "page\n";
const PAGES = { "http://web.test/a": PAGE, "http://web.test/b.tar": packTar({ "in/c.txt": "c\n" }) };

function digest(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

async function build(add: string): Promise<{ readonly message: string; readonly docker: MockedDaemon }> {
  const docker = new MockedDaemon({ engine: "28", pages: PAGES });
  const client = await BuildClient.open(docker);
  const session = new ClientSession({ Dockerfile: `FROM busybox\n${add}\n` });
  const { status } = await client.build(session, { exporter: { Type: "moby", Attrs: { name: "demo:1" } } });
  return { message: status.message, docker };
}

test.each([
  [`ADD --checksum=${digest(PAGE)} http://web.test/a /`, "/a"],
  [`ARG SUM=${digest(PAGE)}\nADD --checksum=$SUM http://web.test/a /`, "/a"],
  ["ADD http://web.test/b.tar /", "/b.tar"],
  ["ADD --unpack=false http://web.test/b.tar /", "/b.tar"],
  ["ADD --unpack http://web.test/b.tar /", "/in/c.txt"],
  ["ADD --unpack=true http://web.test/b.tar /x/", "/x/in/c.txt"],
])("%s makes %s", async (add, path) => {
  const { message, docker } = await build(add);
  expect(message).toBe("");
  expect(await docker.readsLogs(await docker.runs(`ls ${path}`, { Image: "demo:1" }))).toBe(`${path}\n`);
});

test.each([
  [`ADD --checksum=${digest("other")} http://web.test/a /`, `digest mismatch ${digest(PAGE)}: ${digest("other")}`],
  ["ADD --checksum=sha256:abc http://web.test/a /", "invalid checksum digest length"],
  [`ADD --checksum=sha256:${"X".repeat(64)} http://web.test/a /`, "invalid checksum digest format"],
  ["ADD --checksum=md5:abc http://web.test/a /", "unsupported digest algorithm"],
  ["ADD --checksum=abc http://web.test/a /", "invalid checksum digest format"],
  [
    "ADD http://web.test/none /",
    'failed to load cache key: Get "http://web.test/none": dial tcp: lookup web.test: no such host',
  ],
  [
    "ADD http://10.0.0.1:x/a /",
    'failed to load cache key: Get "http://10.0.0.1:x/a": dial tcp: address x: invalid port',
  ],
])("%s fails", async (add, why) => {
  expect((await build(add)).message).toBe(why);
});
