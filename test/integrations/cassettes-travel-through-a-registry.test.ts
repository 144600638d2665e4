/** `push` and `pull`: the same bytes come back, with a login, and what is spoiled is not kept. */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeArtifactManifest } from "../../src/integrations/artifact/artifact-manifest.ts";
import { pullCassettes } from "../../src/integrations/artifact/pull-cassettes.ts";
import { pushCassettes } from "../../src/integrations/artifact/push-cassettes.ts";
import { parseArtifactReference } from "../../src/io/oci/artifact-reference.ts";
import { readCredentials } from "../../src/io/oci/read-credentials.ts";
import { RegistryClient } from "../../src/io/oci/registry-client.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import { catchError, createTemporaryFolder } from "../io/temporary.ts";
import { type SmallRegistry, startSmallRegistry } from "./small-registry.ts";

const GOLDEN = join(import.meta.dirname, "../../cassettes");
const USER = { name: "whale", password: "song" };

function clientOf(
  { host }: SmallRegistry,
  version = "main",
  user: typeof USER | undefined = undefined,
): RegistryClient {
  return new RegistryClient(
    parseArtifactReference(`${host}/team/tides${version.includes(":") ? "@" : ":"}${version}`),
    user,
  );
}

/** A folder with a cassette that has sidecars, and one that has none. */
function makeFolder(): { readonly root: string; readonly paths: readonly string[] } {
  const root = createTemporaryFolder();
  mkdirSync(join(root, "suite"));
  for (const name of ["build.yaml", "build", "ping.yaml"])
    cpSync(join(GOLDEN, name), join(root, "suite", name), { recursive: true });
  return { root, paths: ["build.yaml", "ping.yaml"].map((name) => join(root, "suite", name)) };
}

function contentsOf(root: string): readonly (readonly [string, string])[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return paths.map((path) => [path.slice(root.length), readFileSync(path, "base64")]);
}

test.each([undefined, "basic", "bearer"] as const)("the same bytes come back (login: %s)", async (login) => {
  const registry = await startSmallRegistry(login === undefined ? {} : { login });
  const user = login === undefined ? undefined : USER;
  const { root, paths } = makeFolder();
  const { digest, files, uploaded } = await pushCassettes(clientOf(registry, "main", user), paths, root);
  expect(files.map(({ path }) => path)).toContain("suite/build.yaml");
  expect(uploaded).toBe(files.length);
  const into = createTemporaryFolder();
  const report = await pullCassettes(clientOf(registry, "main", user), { root: into });
  expect(report).toEqual({ digest, files, written: files.length });
  expect(contentsOf(into)).toEqual(contentsOf(root));
  if (login === "bearer") expect(registry.scopes[0]).toBe("small repository:team/tides:pull,push");
  const byDigest = { root: createTemporaryFolder(), digest };
  await pullCassettes(clientOf(registry, digest, user), byDigest);
  expect(contentsOf(byDigest.root)).toEqual(contentsOf(root));
});

test("what is there already is neither pushed nor pulled again", async () => {
  const registry = await startSmallRegistry();
  const { root, paths } = makeFolder();
  const first = await pushCassettes(clientOf(registry), paths, root);
  expect(await pushCassettes(clientOf(registry), paths, root)).toEqual({ ...first, uploaded: 0 });
  expect(await pullCassettes(clientOf(registry), { root })).toMatchObject({ written: 0 });
});

test("a cassette that is named twice is pushed once, and the order of the words does not count", async () => {
  const registry = await startSmallRegistry();
  const { root, paths } = makeFolder();
  const { digest, files } = await pushCassettes(clientOf(registry), paths, root);
  const [first = "", ...rest] = paths;
  const again = [...rest, first, join(root, "suite", ".", "..", "suite", "build.yaml"), ...rest];
  expect(await pushCassettes(clientOf(registry), again, root)).toMatchObject({ digest, files });
  const into = createTemporaryFolder();
  expect(await pullCassettes(clientOf(registry), { root: into })).toMatchObject({ written: files.length });
  expect(contentsOf(into)).toEqual(contentsOf(root));
});

test("another recording is replaced only by force", async () => {
  const registry = await startSmallRegistry();
  const { root, paths } = makeFolder();
  await pushCassettes(clientOf(registry), paths, root);
  writeFileSync(paths[1] ?? "", "mine");
  expect(await catchError(() => pullCassettes(clientOf(registry), { root }))).toMatchObject({
    code: "WHALESONG_CASSETTE_EXISTS",
    message: expect.stringContaining("suite/ping.yaml"),
  });
  expect(readFileSync(paths[1] ?? "", "utf8")).toBe("mine");
  expect(await pullCassettes(clientOf(registry), { root, replaces: true })).toMatchObject({ written: 1 });
  expect(readFileSync(paths[1] ?? "", "utf8")).toContain("whalesong: 1");
});

test.each([
  ["other bytes", (bytes: Buffer) => Buffer.from(bytes.toString("latin1").replace("w", "W"), "latin1")],
  ["fewer bytes", (bytes: Buffer) => bytes.subarray(1)],
  ["more bytes", (bytes: Buffer) => Buffer.concat([bytes, bytes])],
])("%s are not kept", async (_what, spoil) => {
  const registry = await startSmallRegistry({ spoil });
  const { root, paths } = makeFolder();
  await pushCassettes(clientOf(registry), paths, root);
  const into = createTemporaryFolder();
  const error = await catchError(() => pullCassettes(clientOf(registry), { root: into }));
  expect(error).toMatchObject({ code: "WHALESONG_REGISTRY", message: expect.stringContaining("other bytes") });
  expect(contentsOf(into)).toEqual([]);
});

test("a manifest that its digest does not fit is refused", async () => {
  const registry = await startSmallRegistry();
  const digest = `sha256:${"0".repeat(64)}`;
  registry.manifests.set(digest, encodeArtifactManifest([]));
  const pulling = { root: createTemporaryFolder(), digest };
  expect(await catchError(() => pullCassettes(clientOf(registry, digest), pulling))).toMatchObject({
    code: "WHALESONG_REGISTRY",
  });
});

const DIGEST = `sha256:${"a".repeat(64)}`;

test.each([
  ["a path that climbs", encodeArtifactManifest([{ path: "../evil", digest: DIGEST, size: 1 }]), "plain names"],
  ["an absolute path", encodeArtifactManifest([{ path: "/tmp/evil", digest: DIGEST, size: 1 }]), "plain names"],
  ["a path twice", encodeArtifactManifest([1, 1].map((size) => ({ path: "a", digest: DIGEST, size }))), "twice"],
  ["a digest that is none", encodeArtifactManifest([{ path: "a", digest: "sha256:../x", size: 1 }]), "digest"],
  ["an image", Buffer.from('{"schemaVersion":2,"layers":[]}'), "of the type"],
  ["no JSON", Buffer.from("<html>"), "no JSON"],
])("a manifest with %s is refused", async (_what, manifest, why) => {
  const registry = await startSmallRegistry();
  registry.manifests.set("main", manifest);
  const error = await catchError(() => pullCassettes(clientOf(registry), { root: createTemporaryFolder() }));
  expect(error).toMatchObject({ code: "WHALESONG_REGISTRY", message: expect.stringContaining(why) });
});

test.each([
  ["a wrong password", { name: "whale", password: "wrong" }],
  ["no user", undefined],
])("%s is told how to log in", async (_what, user) => {
  for (const login of ["basic", "bearer"] as const) {
    const client = clientOf(await startSmallRegistry({ login }), "main", user);
    expect(await catchError(() => client.getManifest())).toMatchObject({ code: "WHALESONG_REGISTRY_LOGIN" });
  }
});

test("uploads, and the credentials with them, go to no other host", async () => {
  const registry = await startSmallRegistry({ uploadsTo: "http://127.0.0.1:1/elsewhere" });
  const { root, paths } = makeFolder();
  const error = await catchError(() => pushCassettes(clientOf(registry), paths, root));
  expect(error).toMatchObject({ code: "WHALESONG_REGISTRY", message: expect.stringContaining("another host") });
});

test.each([
  ["127.0.0.1:5000/a", "http://127.0.0.1:5000", "latest"],
  ["localhost/team/a:1", "http://localhost", "1"],
  ["[::1]:5000/a:1", "http://[::1]:5000", "1"],
  ["ghcr.io/team/a:main", "https://ghcr.io", "main"],
  ["registry:5000/a", "https://registry:5000", "latest"],
  ["127.0.0.1.evil.example/a", "https://127.0.0.1.evil.example", "latest"],
  [`ghcr.io/team/a@${DIGEST}`, "https://ghcr.io", DIGEST],
])("%s is at %s", (text, origin, version) => {
  expect(parseArtifactReference(text)).toMatchObject({ origin, version });
});

test.each([
  "a",
  "team/a",
  "ghcr.io/",
  "ghcr.io/A",
  "ghcr.io/../a",
  "https://ghcr.io/a",
  "ghcr.io/a:",
  "ghcr.io/a@sha256:1",
  "a b.c/d",
])("`%s` is no reference", async (text) => {
  expect(await catchError(() => parseArtifactReference(text))).toMatchObject({ code: "WHALESONG_BAD_REFERENCE" });
});

test("users are those of docker's configuration, or of its helpers", async () => {
  const folder = createTemporaryFolder();
  const bin = createTemporaryFolder();
  writeFileSync(
    join(bin, "docker-credential-tide"),
    '#!/bin/sh\nread host\necho "{\\"Username\\":\\"u\\",\\"Secret\\":\\"at $host\\"}"\n',
  );
  chmodSync(join(bin, "docker-credential-tide"), 0o755);
  const auth = Buffer.from("whale:so:ng").toString("base64");
  const config = {
    auths: { "127.0.0.1:5000": { auth } },
    credHelpers: { "ghcr.io": "tide", "evil.example": "../../evil" },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const { PATH } = process.env;
  process.env.PATH = `${bin}:${PATH}`;
  try {
    expect(readCredentials(folder, "127.0.0.1:5000")).toEqual({ name: "whale", password: "so:ng" });
    expect(readCredentials(folder, "ghcr.io")).toEqual({ name: "u", password: "at ghcr.io" });
    expect(readCredentials(folder, "quay.io")).toBeUndefined();
    expect(readCredentials(createTemporaryFolder(), "ghcr.io")).toBeUndefined();
    expect(await catchError(() => readCredentials(folder, "evil.example"))).toMatchObject({
      code: "WHALESONG_REGISTRY_LOGIN",
    });
  } finally {
    process.env.PATH = PATH;
  }
});

test("the verbs print what came of it", async () => {
  const registry = await startSmallRegistry();
  const into = createTemporaryFolder();
  const pushed = await runInProcess("push", `${registry.host}/team/tides:main`, "cassettes/ping.yaml");
  expect(pushed).toMatchObject({ status: 0, stderr: expect.stringContaining("pushed 1 file | 1 new") });
  const [, reference = ""] = /whalesong pull (\S+)/.exec(pushed.stderr) ?? [];
  const pulled = await runInProcess("pull", reference, "--into", into);
  expect(pulled).toMatchObject({ status: 0, stderr: expect.stringContaining("pulled 1 file | 1 written") });
  expect(existsSync(join(into, "cassettes/ping.yaml"))).toBe(true);
  expect(await runInProcess("pull", `${registry.host}/team/nothing`)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("[WHALESONG_NO_SUCH_ARTIFACT]"),
  });
});

test("a file that was put there during the pull stays: on macOS it may be another one of the artifact", async () => {
  const registry = await startSmallRegistry();
  const { root, paths } = makeFolder();
  await pushCassettes(clientOf(registry), paths.slice(1), root);
  const into = createTemporaryFolder();
  const client = clientOf(registry);
  const openBlob = client.openBlob.bind(client);
  client.openBlob = (digest) => {
    writeFileSync(join(into, "suite/ping.yaml"), "its twin");
    return openBlob(digest);
  };
  const error = await catchError(() => pullCassettes(client, { root: into, replaces: true }));
  expect(error).toMatchObject({ code: "WHALESONG_CASSETTE_EXISTS" });
  expect(contentsOf(into)).toEqual([["/suite/ping.yaml", Buffer.from("its twin").toString("base64")]]);
});
