/** With --tls-cert, the command behind `--` is told what its docker client needs. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type ClientTls, prepareClientTls } from "../../src/cli/client-tls.ts";
import { caCert, clientCert, clientKey, serverCert, serverKey } from "../io/certificates.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess, type VerbRun } from "./run-in-process.ts";

/** As docker's CLI, a connection is made with all three files, and to the host that DOCKER_HOST names. */
const PING = `
const Docker = require("dockerode");
const { writeFileSync } = require("node:fs");
const { DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } = process.env;
writeFileSync(process.argv[1], JSON.stringify({ DOCKER_HOST, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH }));
new Docker().ping().then((answer) => process.exit(String(answer) === "OK" ? 0 : 1), (error) => {
  console.error(error.message);
  process.exit(3);
});
`;

interface Pinged extends VerbRun {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs a client of dockerode behind `mock`. */
async function ping(listen: string, pems: Readonly<Record<string, Buffer>>): Promise<Pinged> {
  const folder = createTemporaryFolder();
  const flags = Object.entries(pems).flatMap(([flag, pem]) => {
    writeFileSync(join(folder, flag), pem);
    return [`--${flag}`, join(folder, flag)];
  });
  const seen = join(folder, "env.json");
  const run = await runInProcess("mock", "--listen", listen, ...flags, "--", process.execPath, "-e", PING, seen);
  return { ...run, env: JSON.parse(readFileSync(seen, "utf8")) };
}

const UNREADABLE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const SERVER = { "tls-cert": serverCert, "tls-key": serverKey };

function writeOwnFolder(): string {
  const folder = join(createTemporaryFolder(), "own");
  mkdirSync(folder);
  const files = { "ca.pem": caCert, "cert.pem": clientCert, "key.pem": clientKey };
  for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem);
  return folder;
}

beforeEach(() => {
  for (const name of ["DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_TLS"]) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

describe("a command", () => {
  test.each([
    ["with the CA that clients must have", { ...SERVER, "tls-ca": caCert }],
    ["with a whole chain", { ...SERVER, "tls-cert": Buffer.concat([serverCert, caCert]) }],
  ])("connects %s, and nothing is left", async (_, pems) => {
    const { status, stderr, env } = await ping("tcp://127.0.0.1:0", pems);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(env.DOCKER_TLS_VERIFY).toBe("1");
    expect(existsSync(env.DOCKER_CERT_PATH as string)).toBe(false);
  });

  test("goes to a name that the certificate has", async () => {
    const { status, env } = await ping("tcp://0.0.0.0:0", { ...SERVER, "tls-ca": caCert });
    expect(env.DOCKER_HOST).toMatch(/^tcp:\/\/localhost:\d+$/);
    expect(status).toBe(0);
  });

  test("keeps a folder of its own that fits", async () => {
    const own = writeOwnFolder();
    vi.stubEnv("DOCKER_CERT_PATH", own);
    const { status, env } = await ping("tcp://127.0.0.1:0", { ...SERVER, "tls-ca": caCert });
    expect(env).toMatchObject({ DOCKER_CERT_PATH: own, DOCKER_TLS_VERIFY: "1" });
    expect(status).toBe(0);
  });

  test("does not keep a folder for another daemon", async () => {
    const folder = createTemporaryFolder();
    writeFileSync(join(folder, "ca.pem"), clientCert);
    vi.stubEnv("DOCKER_CERT_PATH", folder);
    const { status, env } = await ping("tcp://127.0.0.1:0", { ...SERVER, "tls-ca": caCert });
    expect(env.DOCKER_CERT_PATH).not.toBe(folder);
    expect(status).toBe(0);
  });

  test.each([
    ["that is no certificate", (path: string) => writeFileSync(path, UNREADABLE)],
    ["that is a folder", (path: string) => mkdirSync(path)],
  ])("does not keep a folder with a ca.pem %s", async (_, write) => {
    const folder = createTemporaryFolder();
    write(join(folder, "ca.pem"));
    vi.stubEnv("DOCKER_CERT_PATH", folder);
    const { status, stderr, env } = await ping("tcp://127.0.0.1:0", { ...SERVER, "tls-ca": caCert });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(env.DOCKER_CERT_PATH).not.toBe(folder);
  });

  test("is warned where no client has a certificate of the CA", async () => {
    const { status, stderr } = await ping("tcp://127.0.0.1:0", { ...SERVER, "tls-ca": clientCert });
    expect(stderr).toContain("the command has no certificate that --tls-ca has signed, so it cannot connect");
    expect(status).toBe(3);
  });
});

describe("the folder with the key", () => {
  const prepare = (): ClientTls => prepareClientTls({ cert: serverCert, key: serverKey }, "tcp://127.0.0.1:1", {});

  test("goes also where the process exits before the command ends", () => {
    const before = process.listeners("exit");
    const { env, remove } = prepare();
    const folder = env.DOCKER_CERT_PATH as string;
    expect(readdirSync(folder)).toContain("key.pem");
    for (const listener of process.listeners("exit")) if (!before.includes(listener)) listener(0);
    expect(existsSync(folder)).toBe(false);
    remove();
    expect(process.listeners("exit")).toEqual(before);
  });

  test("can be read by its user alone", () => {
    const { env, remove } = prepare();
    const folder = env.DOCKER_CERT_PATH as string;
    const modes = [folder, join(folder, "key.pem")].map((path) => statSync(path).mode & 0o777);
    remove();
    expect(modes).toEqual([0o700, 0o600]);
  });

  test("needs a folder for temporary files", () => {
    vi.stubEnv("TMPDIR", join(createTemporaryFolder(), "none"));
    expect(prepare).toThrow(/let TMPDIR name a folder that exists/);
  });
});
