import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toFaultOptions, toRuleInput, toSimulationOptions, toTlsOptions, toUpstream } from "../../src/cli/flags.ts";
import { buildEnvironment, readCommand } from "../../src/cli/session.ts";
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
  ] as const)("parses %s", (url, upstream) => expect(toUpstream(url)).toEqual(upstream));
});

describe("toTlsOptions", () => {
  test("is empty without a certificate and a key", () => {
    expect(toTlsOptions({})).toEqual({});
    expect(toTlsOptions({ tlsCert: "cert.pem" })).toEqual({});
  });

  test("reads the files, the CA only if it is named", () => {
    const [tlsCert, tlsKey, tlsCa] = ["cert", "key", "ca"].map(writePem) as [string, string, string];
    const [cert, key, ca] = ["cert", "key", "ca"].map((text) => Buffer.from(text));
    expect(toTlsOptions({ tlsCert, tlsKey })).toEqual({ tls: { cert, key } });
    expect(toTlsOptions({ tlsCert, tlsKey, tlsCa })).toEqual({ tls: { cert, key, ca } });
  });

  test("refuses a file that cannot be read", async () => {
    const error = await catchError(() => toTlsOptions({ tlsCert: "/no.pem", tlsKey: "/no.pem" }));
    expect(error).toMatchObject({ code: "WHALESONG_NO_CERTIFICATE" });
  });
});

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
  const DOCKER = { DOCKER_CONTEXT: "far", DOCKER_TLS: "1", DOCKER_TLS_VERIFY: "1", DOCKER_HOST: "tcp://far" };

  test.each([
    ["sets DOCKER_HOST", { PATH: "/bin" }, false, { PATH: "/bin", DOCKER_HOST: URL }],
    [
      "removes what selects another daemon, or TLS",
      { ...DOCKER, PATH: "/bin" },
      false,
      { PATH: "/bin", DOCKER_HOST: URL },
    ],
    ["keeps the client's TLS settings for a TLS server", DOCKER, true, { ...DOCKER, DOCKER_HOST: URL }],
    ["keeps DOCKER_CONFIG", { DOCKER_CONFIG: "/c" }, false, { DOCKER_CONFIG: "/c", DOCKER_HOST: URL }],
  ] as const)("%s", (_what, env, isTls, expected) => expect(buildEnvironment(env, URL, isTls)).toEqual(expected));
});

function writePem(text: string): string {
  const path = join(createTemporaryFolder(), `${text}.pem`);
  writeFileSync(path, text);
  return path;
}
