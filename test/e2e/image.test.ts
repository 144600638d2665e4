/** The image of whalesong itself: built by the real engine and by our own BuildKit; not root, and it serves on TCP. */
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { startWhalesong } from "./whalesong.ts";

const ROOT = join(import.meta.dirname, "../..");
const DOCKER = "/usr/bin/docker";
const BASE = "node:22-alpine";

const folder = folderForAll();
const context = join(folder, "context");

beforeAll(() => {
  execFileSync("npm", ["run", "--silent", "image:context", "--", context], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
});

async function docker(url: string, ...words: readonly string[]): Promise<string> {
  const { DOCKER_CONTEXT: _, ...rest } = process.env;
  const env = { ...rest, DOCKER_HOST: url, DOCKER_BUILDKIT: "1" };
  const { stdout } = await promisify(execFile)(DOCKER, words, { env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

const CONFIG =
  "{{json .Config.Entrypoint}} {{json .Config.Cmd}} {{.Config.User}} {{json .Config.ExposedPorts}} {{.Config.WorkingDir}}";

async function expectConfig(url: string): Promise<void> {
  expect(await docker(url, "image", "inspect", "--format", CONFIG, "whalesong")).toBe(
    '["node","/opt/whalesong/node_modules/whalesong/bin/whalesong.js"] ["mock","--listen","tcp://0.0.0.0:2375"] 65532:65532 {"2375/tcp":{}} /cassettes\n',
  );
}

test("our own BuildKit builds it", async () => {
  const mock = await startWhalesong("mock", "--any-image");
  try {
    await docker(mock.url, "build", "--quiet", "--tag", "whalesong", context);
    await expectConfig(mock.url);
  } finally {
    await mock.stop();
  }
});

/** In the place of the base image, which would have to be pulled: this machine's node, with what it is linked to. */
async function buildBase(url: string): Promise<void> {
  const base = join(folder, "base");
  const node = realpathSync(process.execPath);
  const libraries = execFileSync("ldd", [node], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g);
  for (const [from, to] of [[node, "/usr/bin/node"], ...[...libraries].map(([, path = ""]) => [path, path])] as [
    string,
    string,
  ][]) {
    mkdirSync(join(base, dirname(to)), { recursive: true });
    copyFileSync(from, join(base, to));
  }
  writeFileSync(
    join(base, "Dockerfile"),
    "FROM busybox:latest\nCOPY lib /lib\nCOPY lib64 /lib64\nCOPY usr /usr\nENV PATH=/usr/bin:/bin\n",
  );
  await docker(url, "build", "--quiet", "--tag", BASE, base);
}

const ASK = "fetch('http://127.0.0.1:2375/version').then((r) => r.text()).then(console.log, () => process.exit(1))";

test("the engine builds it, and it serves on TCP, as no root", async () => {
  await withDaemon("28", async ({ url }) => {
    await buildBase(url);
    await docker(url, "build", "--quiet", "--tag", "whalesong", context);
    await expectConfig(url);
    await docker(url, "run", "--detach", "--name", "mock", "--read-only", "--tmpfs", "/tmp", "whalesong");
    await expect
      .poll(() => docker(url, "exec", "mock", "node", "-e", ASK).catch(String), { timeout: 60_000 })
      .toContain('"ApiVersion":"1.51"');
    expect(await docker(url, "exec", "mock", "id", "-u")).toBe("65532\n");
    const cassettes = `${join(ROOT, "cassettes")}:/cassettes:ro`;
    await docker(
      url,
      "run",
      "--detach",
      "--name",
      "replay",
      "--volume",
      cassettes,
      "whalesong",
      "replay",
      "--listen",
      "tcp://0.0.0.0:2375",
      "ping.yaml",
    );
    const ping = ASK.replace("/version", "/_ping");
    await expect
      .poll(() => docker(url, "exec", "replay", "node", "-e", ping).catch(String), { timeout: 60_000 })
      .toBe("OK\n");
    await docker(url, "rm", "--force", "mock", "replay");
  });
});
