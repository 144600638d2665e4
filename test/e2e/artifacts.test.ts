/** Cassettes through docker's own registry, on this machine over plain HTTP: the same bytes come back. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { install } from "../../scripts/private-daemon-needs.js";
import { pushCassettes } from "../../src/integrations/artifact/push-cassettes.ts";
import { parseArtifactReference } from "../../src/io/oci/artifact-reference.ts";
import { RegistryClient } from "../../src/io/oci/registry-client.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { folderForAll } from "./folder.ts";
import { runWhalesong } from "./whalesong.ts";

const GOLDEN = join(import.meta.dirname, "../../cassettes");

const folder = folderForAll();
let registry: ChildProcess;
let host: string;

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  install([{ command: "docker-registry", packages: ["docker-registry"] }]);
  host = `127.0.0.1:${await findFreePort()}`;
  const settings = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: host },
  };
  writeFileSync(join(folder, "registry.yml"), JSON.stringify(settings));
  const env = { ...process.env, OTEL_TRACES_EXPORTER: "none" };
  registry = spawn("docker-registry", ["serve", join(folder, "registry.yml")], { stdio: "ignore", env });
  await vi.waitUntil(isListening, { timeout: 30_000, interval: 50 });
});

const isListening = (): Promise<boolean> =>
  fetch(`http://${host}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  );

afterAll(() => {
  registry?.kill();
});

function contentsOf(root: string): readonly (readonly [string, string])[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return paths.map((path) => [path.slice(root.length), readFileSync(path, "base64")]);
}

test("all golden cassettes come back as they were, by tag and by digest", async () => {
  const into = createTemporaryFolder();
  const reference = `${host}/team/golden:main`;
  const cassettes = readdirSync(GOLDEN).filter((name) => name.endsWith(".yaml"));
  const pushed = await runWhalesong("push", reference, ...cassettes.map((name) => join("cassettes", name)));
  expect(pushed.status, pushed.stderr).toBe(0);
  const [, byDigest = ""] = /whalesong pull (\S+@sha256:\w+)/.exec(pushed.stderr) ?? [];
  for (const [at, from] of [reference, byDigest].entries()) {
    const pulled = await runWhalesong("pull", from, "--into", join(into, String(at)));
    expect(pulled.status, pulled.stderr).toBe(0);
    expect(contentsOf(join(into, String(at), "cassettes"))).toEqual(contentsOf(GOLDEN));
  }
  const again = await runWhalesong("push", reference, "cassettes");
  expect(again.stderr).toContain("| 0 new |");
});

test("a file of many pieces comes back", async () => {
  const home = createTemporaryFolder();
  const padding = `# ${"tide ".repeat(20)}\n`.repeat(200_000);
  writeFileSync(join(home, "big.yaml"), padding + readFileSync(join(GOLDEN, "ping.yaml"), "utf8"));
  const there = createTemporaryFolder();
  const client = new RegistryClient(parseArtifactReference(`${host}/team/big:1`), undefined);
  await pushCassettes(client, [join(home, "big.yaml")], home);
  const pulled = await runWhalesong("pull", `${host}/team/big:1`, "--into", there);
  expect(pulled.status, pulled.stderr).toBe(0);
  expect(readFileSync(join(there, "big.yaml")).equals(readFileSync(join(home, "big.yaml")))).toBe(true);
});
