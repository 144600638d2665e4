import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toFaultOptions, toRuleInput, toSimulationOptions, toUpstream } from "../../src/cli/flags.ts";
import { buildEnvironment, readCommand } from "../../src/cli/session.ts";
import { toTlsOptions } from "../../src/cli/tls-flags.ts";
import { caCert, clientKey, serverCert, serverKey } from "../io/certificates.ts";
import { catchError, createTemporaryFolder } from "../io/temporary.ts";

const NO_RULES = { ignore: [], bind: [], match: [], exact: [], preset: [] };

describe("toRuleInput", () => {
  const EMPTY = { ignore: [], bind: [], match: [], exact: [] };

  test.each([
    ["no flags: no presets, so that the clients are detected", {}, EMPTY],
    ["--ignore", { ignore: ["query.t", "json.X"] }, { ...EMPTY, ignore: ["query.t", "json.X"] }],
    ["--bind", { bind: ["query.name"] }, { ...EMPTY, bind: ["query.name"] }],
    ["--match", { match: ["X-Tenant"] }, { ...EMPTY, match: ["X-Tenant"] }],
    ["--exact", { exact: ["tars"] }, { ...EMPTY, exact: ["tars"] }],
    ["--preset", { preset: ["compose"] }, { ...EMPTY, presets: ["compose"] }],
    ["--preset none", { preset: ["none"] }, { ...EMPTY, presets: [] }],
    ["--preset none beside another", { preset: ["none", "compose"] }, { ...EMPTY, presets: ["compose"] }],
  ] as const)("%s", (_flags, argv, rules) => expect(toRuleInput({ ...NO_RULES, ...argv })).toEqual(rules));
});

describe("toFaultOptions and toSimulationOptions", () => {
  test.each([
    [{}, {}],
    [{ faults: "f.yaml" }, { faults: "f.yaml" }],
    [{ seed: "s" }, { seed: "s" }],
    [
      { faults: "f.yaml", seed: "s" },
      { faults: "f.yaml", seed: "s" },
    ],
  ] as const)("%o", (argv, options) => {
    expect(toFaultOptions(argv)).toEqual(options);
    expect(toSimulationOptions(argv)).toEqual(options);
  });

  test("pass on the state, and parse the time", () => {
    const now = new Date("2026-11-20T12:00:00Z");
    expect(toSimulationOptions({ state: "s.yaml", now: "2026-11-20T12:00:00Z" })).toEqual({ state: "s.yaml", now });
  });

  test.each(["soon", "2026-13-01", ""])("refuse `--now %s`", async (now) => {
    expect(await catchError(() => toSimulationOptions({ now }))).toMatchObject({ code: "WHALESONG_BAD_TIME" });
  });
});

describe("toUpstream", () => {
  test.each([
    ["unix:///run/d.sock", { kind: "unix", path: "/run/d.sock" }],
    ["tcp://host:2375", { kind: "tcp", host: "host", port: 2375 }],
    ["ssh://me@host", { kind: "ssh", user: "me", host: "host" }],
  ] as const)("parses %s", (url, upstream) => expect(toUpstream(url)).toMatchObject(upstream));
});

describe("toTlsOptions", () => {
  test("is empty without a certificate and a key", () => {
    expect(toTlsOptions({})).toEqual({});
    expect(toTlsOptions({ tlsCert: "cert.pem" })).toEqual({});
  });

  const listen = "tcp://127.0.0.1:0";

  test("reads the files, the CA only if it is named", () => {
    const [tlsCert, tlsKey, tlsCa] = [serverCert, serverKey, caCert].map(writePem) as [string, string, string];
    expect(toTlsOptions({ listen, tlsCert, tlsKey })).toEqual({ tls: { cert: serverCert, key: serverKey } });
    expect(toTlsOptions({ listen, tlsCert, tlsKey, tlsCa })).toEqual({
      tls: { cert: serverCert, key: serverKey, ca: caCert },
    });
  });

  test("refuses a file that cannot be read", async () => {
    const error = await catchError(() => toTlsOptions({ listen, tlsCert: "/no.pem", tlsKey: "/no.pem" }));
    expect(error).toMatchObject({ code: "WHALESONG_NO_CERTIFICATE" });
  });

  test.each([undefined, "unix:///run/w.sock"])("refuses TLS at %s", async (at) => {
    const error = await catchError(() => toTlsOptions({ listen: at, tlsCert: "/no.pem", tlsKey: "/no.pem" }));
    expect(error).toMatchObject({ code: "WHALESONG_BAD_ADDRESS" });
    expect(error).toHaveProperty("message", expect.stringMatching(/add `--listen tcp:/));
  });

  test.each([
    [
      "a key for a certificate",
      { tlsCert: serverKey },
      /cannot use `[^`]*cert\.pem`: .*; expected a certificate in PEM/,
    ],
    [
      "a certificate for a key",
      { tlsKey: serverCert },
      /cannot use `[^`]*key\.pem`: .*; expected a private key in PEM/,
    ],
    ["an empty key", { tlsKey: Buffer.alloc(0) }, /cannot use `[^`]*key\.pem`/],
    ["another certificate's key", { tlsKey: clientKey }, /the key `[^`]*` does not belong to the certificate `[^`]*`/],
    ["an empty CA", { tlsCa: Buffer.alloc(0) }, /cannot use `[^`]*ca\.pem`: .*; expected a certificate in PEM/],
    ["a text for a CA", { tlsCa: Buffer.from("of mine") }, /cannot use `[^`]*ca\.pem`/],
    [
      "a certificate in DER",
      { tlsCert: toDer(serverCert) },
      /cannot use `[^`]*cert\.pem`: .*; expected a certificate in PEM/,
    ],
    ["a CA in DER", { tlsCa: toDer(caCert) }, /cannot use `[^`]*ca\.pem`: .*; expected a certificate in PEM/],
  ] as const)("refuses %s", async (_, given, message) => {
    const folder = createTemporaryFolder();
    const files = { tlsCert: serverCert, tlsKey: serverKey, tlsCa: caCert, ...given };
    const paths = Object.fromEntries(
      Object.entries(files).map(([name, pem]) => [name, writeFile(folder, `${name.slice(3).toLowerCase()}.pem`, pem)]),
    );
    const error = await catchError(() => toTlsOptions({ listen, ...paths }));
    expect(error).toMatchObject({ code: "WHALESONG_NO_CERTIFICATE" });
    expect(error).toHaveProperty("message", expect.stringMatching(message));
  });
});

function toDer(pem: Buffer): Buffer {
  return new X509Certificate(pem).raw;
}

describe("readCommand", () => {
  test.each([
    [{}, []],
    [{ "--": [] }, []],
    [{ "--": ["npm", "test"] }, ["npm", "test"]],
    [{ "--": ["sleep", 5] }, ["sleep", "5"]],
  ])("%o is %o", (argv, command) => expect(readCommand(argv)).toEqual(command));
});

describe("buildEnvironment", () => {
  const URL = "unix:///w.sock";
  const TLS = { url: "tcp://localhost:1", env: { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/near" } };
  const DOCKER = { DOCKER_CONTEXT: "far", DOCKER_TLS: "1", DOCKER_TLS_VERIFY: "1", DOCKER_HOST: "tcp://far" };

  test.each([
    ["sets DOCKER_HOST", { PATH: "/bin" }, undefined, { PATH: "/bin", DOCKER_HOST: URL }],
    [
      "removes what selects another daemon, or TLS",
      { ...DOCKER, PATH: "/bin" },
      undefined,
      { PATH: "/bin", DOCKER_HOST: URL },
    ],
    [
      "tells the client how to speak TLS",
      { ...DOCKER, DOCKER_CERT_PATH: "/far" },
      TLS,
      { DOCKER_TLS: "1", ...TLS.env, DOCKER_HOST: TLS.url },
    ],
    ["keeps DOCKER_CONFIG", { DOCKER_CONFIG: "/c" }, undefined, { DOCKER_CONFIG: "/c", DOCKER_HOST: URL }],
  ] as const)("%s", (_what, env, tls, expected) => expect(buildEnvironment(env, URL, tls)).toEqual(expected));
});

function writePem(pem: Buffer): string {
  return writeFile(createTemporaryFolder(), "file.pem", pem);
}

function writeFile(folder: string, name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
