import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { listen } from "../../src/io/listen/listen.ts";
import { type ConnectOptions, connect } from "../../src/io/upstream/connect.ts";
import { buildSshArguments } from "../../src/io/upstream/ssh.ts";
import {
  formatUpstreamUrl,
  parseUpstream,
  type SshUpstream,
  type UpstreamTls,
} from "../../src/io/upstream/upstream.ts";
import type { Daemon } from "../../src/session/connection.ts";
import { bundleSource } from "../playbook/bundle-source.ts";
import { caCert, serverCert, serverKey } from "./certificates.ts";
import { catchError, createTemporaryFolder, PATIENTLY } from "./temporary.ts";
import { clientTls, readAll, readSome, serverTls } from "./transports.ts";

const echo: Daemon = async (connection) => {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    await connection.write(bytes);
  }
  connection.end();
};

describe("over TLS", () => {
  async function tlsUrl(tls: typeof serverTls | { cert: Buffer; key: Buffer }): Promise<string> {
    const listener = await listen("tcp://127.0.0.1:0", echo, { tls, onError: () => undefined });
    onTestFinished(() => listener.close());
    return listener.url;
  }

  test.each<[string, UpstreamTls]>([
    ["a client certificate", clientTls],
    ["a client certificate, the server unverified", { ...clientTls, verify: false }],
  ])("a daemon that verifies takes %s", async (_, tls) => {
    const connection = await connect(parseUpstream(await tlsUrl(serverTls), tls));
    connection.write(Buffer.from("hello"));
    connection.end();
    expect(String(await readAll(connection))).toBe("hello");
  });

  test("a daemon that does not verify takes anyone", async () => {
    const url = await tlsUrl({ cert: serverCert, key: serverKey });
    const connection = await connect(parseUpstream(url, { ca: caCert, verify: true }));
    connection.reset();
    await connection.closed;
  });

  test("a daemon that verifies refuses a client without a certificate, and says why", async () => {
    const warnings: Error[] = [];
    const upstream = parseUpstream(await tlsUrl(serverTls), { ca: caCert, verify: true });
    const connection = await connect(upstream, { onWarning: (error) => warnings.push(error) });
    expect(await connection.read()).toBeUndefined();
    expect(connection.isBroken).toBe(true);
    expect(warnings.join()).toMatch(/certificate required.*DOCKER_CERT_PATH/s);
  });

  test("a certificate of an unknown authority is refused, and the message names the certificates", async () => {
    const url = await tlsUrl(serverTls);
    const error = await catchError(() => connect(parseUpstream(url, { verify: true })));
    expect(error.code).toBe("WHALESONG_UPSTREAM_UNREACHABLE");
    expect(error.message).toContain("DOCKER_CERT_PATH");
  });
});

describe("a daemon that cannot be reached", () => {
  test.each([
    ["unix:///no/such.sock", "ENOENT", "is the daemon running?"],
    ["unix:///no/such.sock", "ENOENT", "or name another daemon with DOCKER_HOST or the option `upstream`"],
    ["tcp://127.0.0.1:1", "ECONNREFUSED", "DOCKER_HOST or the option `upstream`"],
  ])("%s", async (url, errno, hint) => {
    const error = await catchError(() => connect(parseUpstream(url)));
    expect(error).toMatchObject({ code: "WHALESONG_UPSTREAM_UNREACHABLE", fields: { address: url, errno } });
    expect(error.message).toContain(hint);
  });

  test("a file that is no socket", async () => {
    const path = join(createTemporaryFolder(), "plain");
    writeFileSync(path, "");
    const error = await catchError(() => connect({ kind: "unix", path }));
    const [errno, hint] =
      process.platform === "linux" ? ["ECONNREFUSED", "is the daemon running?"] : ["ENOTSOCK", "is not a socket"];
    expect(error).toMatchObject({ fields: { errno } });
    expect(error.message).toContain(hint);
  });
});

test.skipIf(process.platform === "win32")(
  "a process that may open no more files is told of that limit, not of the daemon",
  async () => {
    const program = fileURLToPath(new URL("./connect-without-files.mjs", import.meta.url));
    const words = [process.execPath, program, await bundleSource("io/upstream/connect.ts", createTemporaryFolder())];
    const { stdout } = spawnSync("sh", ["-c", `ulimit -n 64; exec "$0" "$@"`, ...words]);
    expect(`${stdout}`).toMatch(/EMFILE.*; too many files are open, .* raise `ulimit -n`$/);
  },
);

describe("over ssh", () => {
  /** Puts a shell script called `ssh` first on the PATH. */
  function fakeSsh(script: string): string {
    const folder = createTemporaryFolder();
    writeFileSync(join(folder, "ssh"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "ssh"), 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${folder}${delimiter}${before}`;
    onTestFinished(() => {
      process.env.PATH = before;
    });
    return folder;
  }

  const far: SshUpstream = { kind: "ssh", user: "me", host: "far", port: 2222, path: "/run/my docker.sock" };
  /** Never wakes by itself: only a sign of ssh ends the watching. */
  const patient: ConnectOptions = {
    clock: {
      now: () => 0,
      sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve())),
    },
  };
  const hasty: ConnectOptions = { clock: { now: () => 0, sleep: async () => undefined } };

  test.each<[SshUpstream, string]>([
    [{ kind: "ssh", host: "far" }, "-- far docker system dial-stdio"],
    [{ kind: "ssh", host: "far", user: "me", port: 22 }, "-l me -p 22 -- far docker system dial-stdio"],
    [{ kind: "ssh", host: "far", path: "/run/d.sock" }, "-- far docker --host unix:///run/d.sock system dial-stdio"],
    [far, "-l me -p 2222 -- far docker --host 'unix:///run/my docker.sock' system dial-stdio"],
  ])("%j becomes a command line", (upstream, line) => {
    expect(buildSshArguments(upstream).join(" ")).toBe(line);
  });

  test("the stdio of `ssh ... dial-stdio` is the connection, with half-close", async () => {
    fakeSsh(`printf '%s\\n' "$*"; cat; echo bye`);
    const connection = await connect(far, patient);
    const line = `${buildSshArguments(far).join(" ")}\n`;
    expect(String(await readSome(connection, line.length))).toBe(line);
    connection.write(Buffer.from("hello "));
    connection.end();
    expect(String(await readAll(connection))).toBe("hello bye\n");
    await connection.closed;
    expect([connection.isGone, connection.isBroken]).toEqual([true, false]);
  });

  test("a daemon that has ended its half can still be written to", async () => {
    const folder = fakeSsh(`exec 1>&-; cat > "$(dirname "$0")/heard"`);
    const connection = await connect(far, hasty);
    expect(await connection.read()).toBeUndefined();
    expect(connection.isGone).toBe(false);
    connection.write(Buffer.from("hello"));
    connection.end();
    await connection.closed;
    const { readFileSync } = await import("node:fs");
    await expect.poll(() => readFileSync(join(folder, "heard"), "utf8"), PATIENTLY).toBe("hello");
  });

  test("a reset ends ssh", async () => {
    fakeSsh("echo $$; exec cat");
    const connection = await connect(far, patient);
    const pid = Number(String(await connection.read()));
    connection.reset();
    await connection.closed;
    await expect.poll(() => isRunning(pid), PATIENTLY).toBe(false);
  });

  test("what ssh complains of when it dies at once is in the error", async () => {
    fakeSsh(`echo "ssh: Could not resolve hostname far" >&2; exit 255`);
    const error = await catchError(() => connect(far, patient));
    expect(error.code).toBe("WHALESONG_UPSTREAM_UNREACHABLE");
    expect(error.message).toContain("`ssh://me@far:2222/run/my docker.sock`");
    expect(error.message).toContain("ssh ended with status 255 (ssh: Could not resolve hostname far)");
  });

  test("a later failure ends the connection and is a warning", async () => {
    fakeSsh(`read line; echo "Permission denied (publickey)." >&2; exit 255`);
    const warnings: Error[] = [];
    const connection = await connect(far, { ...hasty, onWarning: (error) => warnings.push(error) });
    connection.write(Buffer.from("GET /_ping\n"));
    expect(await connection.read()).toBeUndefined();
    await expect
      .poll(() => warnings.map(({ message }) => message).join(), PATIENTLY)
      .toContain("Permission denied (publickey).");
  });

  test("no ssh at all is an error, too", async () => {
    const before = process.env.PATH;
    process.env.PATH = createTemporaryFolder();
    onTestFinished(() => {
      process.env.PATH = before;
    });
    const error = await catchError(() => connect(far, patient));
    expect(error).toMatchObject({ code: "WHALESONG_UPSTREAM_UNREACHABLE", fields: { errno: "ENOENT" } });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("an upstream's url", () => {
  test.each([
    ["unix:///run/d.sock", { kind: "unix", path: "/run/d.sock" }, "unix:///run/d.sock"],
    ["unix://", { kind: "unix", path: "/var/run/docker.sock" }, "unix:///var/run/docker.sock"],
    ["tcp://far", { kind: "tcp", host: "far", port: 2375 }, "tcp://far:2375"],
    ["tcp://:99", { kind: "tcp", host: "localhost", port: 99 }, "tcp://localhost:99"],
    ["tcp://[::1]:99/", { kind: "tcp", host: "::1", port: 99 }, "tcp://[::1]:99"],
    ["far:99", { kind: "tcp", host: "far", port: 99 }, "tcp://far:99"],
    ["http://far", { kind: "tcp", host: "far", port: 80 }, "tcp://far:80"],
    ["https://far", { kind: "tcp", host: "far", port: 443, tls: { verify: true } }, "tcp://far:443"],
    ["ssh://far", { kind: "ssh", host: "far" }, "ssh://far"],
    ["ssh://me@far:22/", { kind: "ssh", user: "me", host: "far", port: 22 }, "ssh://me@far:22"],
    ["ssh://far/run/d.sock", { kind: "ssh", host: "far", path: "/run/d.sock" }, "ssh://far/run/d.sock"],
  ] as const)("%s is understood, and can be said again", (url, upstream, canonical) => {
    expect(parseUpstream(url)).toEqual(upstream);
    expect(formatUpstreamUrl(parseUpstream(url))).toBe(canonical);
  });

  test.each([
    ["npipe:////./pipe/docker_engine", "named pipes"],
    ["fd://", "systemd"],
    ["ftp://far", "known: unix://"],
    ["/var/run/docker.sock", "`unix:///var/run/docker.sock`"],
    ["", "it is empty"],
    ["tcp://far:99/v1.41", "no path"],
    ["tcp://far:99999", "host:port"],
    ["ssh://", "ssh://[user@]host[:port]"],
    ["ssh://me:secret@far", "no password"],
    ["ssh://far?x=1", "nothing may follow"],
    ["ssh://-oProxyCommand=x/", "must not begin with `-`"],
  ])("`%s` is refused", async (url, hint) => {
    const error = await catchError(() => parseUpstream(url));
    expect(error).toMatchObject({ code: "WHALESONG_BAD_ADDRESS", name: "UsageError" });
    expect(error.message).toContain(hint);
  });
});

test("a server that hangs up at once is a connection that has ended", async () => {
  const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const connection = await connect({ kind: "tcp", host: "127.0.0.1", port });
  expect(await connection.read()).toBeUndefined();
  connection.end();
  await connection.closed;
});
