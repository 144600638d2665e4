import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { resolveDockerHost } from "../../src/io/upstream/docker-host.ts";
import { catchError, createTemporaryFolder } from "./temporary.ts";

const USUAL = { kind: "unix", path: "/var/run/docker.sock" };

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Writes what `docker context create` writes. */
function writeContext(folder: string, name: string, docker: object, pems: Readonly<Record<string, string>> = {}): void {
  const id = createHash("sha256").update(name).digest("hex");
  const meta = { Name: name, Metadata: {}, Endpoints: { docker } };
  put(join(folder, "contexts/meta", id, "meta.json"), JSON.stringify(meta));
  for (const [file, text] of Object.entries(pems)) put(join(folder, "contexts/tls", id, "docker", file), text);
}

/** A home with the contexts `east` and `west`, of which `east` is current. */
function createHome(): string {
  const folder = createTemporaryFolder();
  const docker = join(folder, ".docker");
  writeContext(docker, "east", { Host: "tcp://east:1", SkipTLSVerify: false });
  writeContext(docker, "west", { Host: "ssh://me@west" });
  put(join(docker, "config.json"), JSON.stringify({ auths: {}, currentContext: "east" }));
  return folder;
}

const EAST = { kind: "tcp", host: "east", port: 1 };
const WEST = { kind: "ssh", user: "me", host: "west" };

describe("the daemon is found as docker finds it", () => {
  test.each<[string, NodeJS.ProcessEnv, object]>([
    ["the current context", {}, EAST],
    ["DOCKER_CONTEXT before the current context", { DOCKER_CONTEXT: "west" }, WEST],
    [
      "DOCKER_HOST before both",
      { DOCKER_CONTEXT: "west", DOCKER_HOST: "unix:///x.sock" },
      { kind: "unix", path: "/x.sock" },
    ],
    ["the context called default", { DOCKER_CONTEXT: "default" }, USUAL],
    ["empty variables as none", { DOCKER_CONTEXT: "", DOCKER_HOST: " ", DOCKER_CONFIG: "" }, EAST],
    ["another DOCKER_CONFIG", { DOCKER_CONFIG: "/no/such/folder" }, USUAL],
  ])("%s", (_, env, upstream) => {
    expect(resolveDockerHost(env, createHome())).toEqual(upstream);
  });

  test("a home without docker's folder", () => {
    expect(resolveDockerHost({}, createTemporaryFolder())).toEqual(USUAL);
  });
});

describe("TLS", () => {
  const pems = { "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" };
  const pair = { cert: Buffer.from("CERT"), key: Buffer.from("KEY") };

  function withPems(names: readonly (keyof typeof pems)[]): string {
    const folder = createTemporaryFolder();
    for (const name of names) put(join(folder, ".docker", name), pems[name]);
    return folder;
  }

  const all = ["ca.pem", "cert.pem", "key.pem"] as const;

  test.each<[NodeJS.ProcessEnv, object]>([
    [{}, { port: 2375 }],
    [{ DOCKER_TLS_VERIFY: "1" }, { port: 2376, tls: { verify: true, ca: Buffer.from("CA"), ...pair } }],
    [{ DOCKER_TLS: "1" }, { port: 2376, tls: { verify: false, ...pair } }],
    [{ DOCKER_TLS_VERIFY: "", DOCKER_TLS: "" }, { port: 2375 }],
  ])("%j with DOCKER_HOST=tcp://far", (env, upstream) => {
    const found = resolveDockerHost({ ...env, DOCKER_HOST: "tcp://far" }, withPems(all));
    expect(found).toEqual({ kind: "tcp", host: "far", ...upstream });
  });

  test("DOCKER_CERT_PATH names another folder", () => {
    const env = { DOCKER_HOST: "tcp://far", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: join(withPems(all), ".docker") };
    expect(resolveDockerHost(env, "/nowhere")).toMatchObject({ tls: { verify: true, ...pair } });
  });

  test("is nothing to a unix socket", () => {
    expect(resolveDockerHost({ DOCKER_HOST: "unix:///x", DOCKER_TLS_VERIFY: "1" }, "/nowhere")).toEqual({
      kind: "unix",
      path: "/x",
    });
  });

  test.each([[["cert.pem", "key.pem"], "ca.pem"] as const, [["ca.pem", "cert.pem"], "key.pem"] as const])(
    "with only %j names the file that is missing",
    async (there, missing) => {
      const folder = withPems(there);
      const error = await catchError(() =>
        resolveDockerHost({ DOCKER_HOST: "tcp://far", DOCKER_TLS_VERIFY: "1" }, folder),
      );
      expect(error.code).toBe("WHALESONG_DOCKER_CONFIG");
      expect(error.message).toContain(join(folder, ".docker", missing));
    },
  );

  test.each<[string, boolean, Readonly<Record<string, string>>, object]>([
    ["files of the context", false, pems, { verify: true, ca: Buffer.from("CA"), ...pair }],
    ["files, unverified", true, pems, { verify: false, ca: Buffer.from("CA"), ...pair }],
    ["no files, unverified", true, {}, { verify: false }],
  ])("of a context: %s", (_, SkipTLSVerify, files, tls) => {
    const folder = createTemporaryFolder();
    writeContext(join(folder, ".docker"), "far", { Host: "tcp://far", SkipTLSVerify }, files);
    expect(resolveDockerHost({ DOCKER_CONTEXT: "far" }, folder)).toEqual({ kind: "tcp", host: "far", port: 2376, tls });
  });
});

describe("errors of the configuration", () => {
  test("a context that does not exist, and which there are", async () => {
    const error = await catchError(() => resolveDockerHost({ DOCKER_CONTEXT: "wset" }, createHome()));
    expect(error).toMatchObject({ code: "WHALESONG_NO_SUCH_CONTEXT", name: "UsageError" });
    expect(error.message).toContain("`wset` does not exist; there are: `default`, `east`, `west`");
  });

  test("a context without a docker endpoint", async () => {
    const folder = createTemporaryFolder();
    writeContext(join(folder, ".docker"), "odd", {});
    const error = await catchError(() => resolveDockerHost({ DOCKER_CONTEXT: "odd" }, folder));
    expect(error.message).toContain("names no docker endpoint");
  });

  test("a config.json that is no JSON, but only if it is needed", async () => {
    const folder = createTemporaryFolder();
    put(join(folder, ".docker/config.json"), "{");
    const error = await catchError(() => resolveDockerHost({}, folder));
    expect(error.code).toBe("WHALESONG_DOCKER_CONFIG");
    expect(error.message).toContain(".docker/config.json");
    expect(resolveDockerHost({ DOCKER_HOST: "unix:///x" }, folder)).toEqual({ kind: "unix", path: "/x" });
  });
});
