import { spawn } from "node:child_process";
import { existsSync, lstatSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, connect as netConnect } from "node:net";
import { basename, dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createSocketUrl, type Listener, listen } from "../../src/io/listen/listen.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/upstream.ts";
import type { Daemon } from "../../src/session/connection.ts";
import { catchError, createTemporaryFolder } from "./temporary.ts";
import { readAll, serverTls } from "./transports.ts";

/** Says its name and hangs up. */
const createGreeter =
  (name: string): Daemon =>
  async (connection) => {
    connection.write(Buffer.from(name));
    connection.end();
    await connection.closed;
  };

async function startListener(url: string, daemon: Daemon = createGreeter("hello")): Promise<Listener> {
  const listener = await listen(url, daemon);
  onTestFinished(() => listener.close());
  return listener;
}

async function readGreeting(url: string): Promise<string> {
  const connection = await connect(parseUpstream(url));
  const text = String(await readAll(connection));
  connection.end();
  await connection.closed;
  return text;
}

/** A socket whose process was killed: the file exists, without a listener. */
async function leaveStaleSocket(path: string): Promise<void> {
  const script = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
  const child = spawn(process.execPath, ["-e", script, path]);
  await new Promise((resolve) => child.once("exit", resolve));
  expect(lstatSync(path).isSocket()).toBe(true);
}

describe("the socket file", () => {
  test("is for its owner only, leaves nothing beside it, and goes away with the listener", async () => {
    const folder = createTemporaryFolder();
    const listener = await startListener(`unix://${folder}/d.sock`);
    expect(listener.url).toBe(`unix://${folder}/d.sock`);
    expect(lstatSync(`${folder}/d.sock`).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["d.sock"]);
    expect(readdirSync(dirname(folder)).filter((name) => name.startsWith(basename(folder)))).toHaveLength(1);
    expect(await readGreeting(listener.url)).toBe("hello");
    await listener.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is for its owner only, regardless of the umask", async () => {
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const folder = createTemporaryFolder();
    await startListener(`unix://${folder}/d.sock`);
    expect(lstatSync(`${folder}/d.sock`).mode & 0o777).toBe(0o600);
  });

  test("that a killed process left is replaced", async () => {
    const path = join(createTemporaryFolder(), "d.sock");
    await leaveStaleSocket(path);
    const listener = await startListener(`unix://${path}`);
    expect(await readGreeting(listener.url)).toBe("hello");
  });

  test("that someone listens on is not stolen", async () => {
    const path = join(createTemporaryFolder(), "d.sock");
    await startListener(`unix://${path}`, createGreeter("first"));
    const error = await catchError(() => listen(`unix://${path}`, createGreeter("second")));
    expect(error).toMatchObject({ code: "WHALESONG_SOCKET_IN_USE", name: "EnvironmentError" });
    expect(error.message).toContain("choose another path");
    expect(await readGreeting(`unix://${path}`)).toBe("first");
  });

  test("goes to one of two processes that start at once", async () => {
    const path = join(createTemporaryFolder(), "d.sock");
    const both = await Promise.allSettled([
      listen(`unix://${path}`, createGreeter("a")),
      listen(`unix://${path}`, createGreeter("b")),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    for (const one of both) if (one.status === "fulfilled") await one.value.close();
  });

  test.each(["file", "link"])("never replaces a %s", async (kind) => {
    const folder = createTemporaryFolder();
    const path = join(folder, "d.sock");
    writeFileSync(join(folder, "precious"), "data");
    if (kind === "file") writeFileSync(path, "data");
    else symlinkSync(join(folder, "precious"), path);
    const error = await catchError(() => listen(`unix://${path}`, createGreeter("x")));
    expect(error.code).toBe("WHALESONG_NOT_A_SOCKET");
    expect(existsSync(path)).toBe(true);
  });

  test("that another has put in its place stays when the listener closes", async () => {
    const path = join(createTemporaryFolder(), "d.sock");
    const listener = await startListener(`unix://${path}`);
    rmSync(path);
    const other = createServer().listen(path);
    onTestFinished(() => void other.close());
    await listener.close();
    expect(existsSync(path)).toBe(true);
  });

  test("in a fresh private folder takes the folder with it", async () => {
    const url = createSocketUrl();
    const folder = dirname(url.slice("unix://".length));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const listener = await startListener(url);
    await listener.close();
    expect(existsSync(folder)).toBe(false);
  });

  test("is removed when the process exits", async () => {
    const before = [process.listenerCount("exit"), process.getMaxListeners()];
    const path = join(createTemporaryFolder(), "d.sock");
    const listener = await startListener(`unix://${path}`);
    const hook = process.listeners("exit").at(-1) as () => void;
    hook();
    expect(existsSync(path)).toBe(false);
    await listener.close();
    expect([process.listenerCount("exit"), process.getMaxListeners()]).toEqual(before);
  });

  test("of thirty listeners warns of no leak", async () => {
    const warnings: string[] = [];
    const hear = (warning: Error): unknown => warnings.push(warning.name);
    process.on("warning", hear);
    onTestFinished(() => void process.off("warning", hear));
    const listeners = await Promise.all(
      Array.from({ length: 30 }, () => listen(createSocketUrl(), createGreeter("x"))),
    );
    await Promise.all(listeners.map((listener) => listener.close()));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });
});

describe("an address that cannot be had is explained", () => {
  test.each([
    ["unix:///no/such/folder/d.sock", "WHALESONG_CANNOT_LISTEN", "create the folder first"],
    ["tcp://192.0.2.1:0", "WHALESONG_CANNOT_LISTEN", "an address of this machine"],
    ["http://localhost:1", "WHALESONG_BAD_ADDRESS", "write `unix:///path` or `tcp://host:port`"],
    ["unix://", "WHALESONG_BAD_ADDRESS", "write `unix:///path`"],
    ["tcp://localhost:70000", "WHALESONG_BAD_ADDRESS", "tcp://host:port"],
  ])("%s", async (url, code, hint) => {
    const error = await catchError(() => listen(url, createGreeter("x")));
    expect(error.code).toBe(code);
    expect(error.message).toContain(hint);
  });

  test("a port that is taken", async () => {
    const { url } = await startListener("tcp://127.0.0.1:0");
    const error = await catchError(() => listen(url, createGreeter("x")));
    expect(error.code).toBe("WHALESONG_SOCKET_IN_USE");
    expect(error.message).toContain("port 0");
  });
});

describe("a listener", () => {
  test("reports the port that the system chose", async () => {
    const listener = await startListener("tcp://127.0.0.1:0");
    expect(listener.url).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(await readGreeting(listener.url)).toBe("hello");
  });

  test("with TLS keeps the host that was named, which its certificate is for", async () => {
    const listener = await listen("tcp://localhost:0", createGreeter("hello"), { tls: serverTls });
    onTestFinished(() => listener.close());
    expect(listener.url).toMatch(/^tcp:\/\/localhost:[1-9]\d*$/);
  });

  test("resets what is open, once its daemons have seen it", async () => {
    let ended = 0;
    const patient: Daemon = async (connection) => {
      connection.write(Buffer.from("x"));
      while ((await connection.read()) !== undefined);
      await new Promise((resolve) => setImmediate(resolve));
      ended += 1;
    };
    const listener = await startListener("tcp://127.0.0.1:0", patient);
    const clients = await Promise.all([1, 2, 3].map(() => connect(parseUpstream(listener.url))));
    for (const client of clients) await client.read();
    expect(listener.connections).toBe(3);
    await Promise.all([listener.close(), listener.close()]);
    expect([ended, listener.connections]).toEqual([3, 0]);
    for (const client of clients) {
      expect(await client.read()).toBeUndefined();
      expect(client.isBroken).toBe(true);
    }
  });

  test("reports a daemon that fails, and resets its connection", async () => {
    const errors: unknown[] = [];
    const failing: Daemon = async (connection) => {
      await connection.read();
      throw new Error("lost my way");
    };
    const listener = await listen("tcp://127.0.0.1:0", failing, { onError: (error) => errors.push(error) });
    onTestFinished(() => listener.close());
    const client = await connect(parseUpstream(listener.url));
    client.write(Buffer.from("x"));
    expect(await client.read()).toBeUndefined();
    await client.closed;
    expect(errors).toEqual([new Error("lost my way")]);
  });

  test("lets an answer arrive whole although the daemon left bytes unread", async () => {
    const answer = Buffer.alloc(3_000_000, "a");
    const hasty: Daemon = async (connection) => {
      await connection.read();
      connection.write(answer);
    };
    const listener = await startListener("tcp://127.0.0.1:0", hasty);
    const client = await connect(parseUpstream(listener.url));
    client.write(Buffer.alloc(2_000_000));
    expect((await readAll(client)).length).toBe(answer.length);
    expect(client.isBroken).toBe(false);
    client.end();
    await client.closed;
  });

  test("serves TLS at `tcp://` only, and with a certificate that can be used", async () => {
    const greeter = createGreeter("x");
    expect(await catchError(() => listen(createSocketUrl(), greeter, { tls: serverTls }))).toMatchObject({
      code: "WHALESONG_BAD_ADDRESS",
    });
    const tls = { ...serverTls, cert: Buffer.from("of mine") };
    expect(await catchError(() => listen("tcp://127.0.0.1:0", greeter, { tls }))).toMatchObject({
      code: "WHALESONG_NO_CERTIFICATE",
      message: expect.stringContaining("cannot use `tls.cert`"),
    });
  });

  test("closes although a client has not got through its TLS handshake", async () => {
    const listener = await listen("tcp://127.0.0.1:0", createGreeter("x"), { tls: serverTls });
    const { port } = new URL(listener.url);
    const mute = netConnect({ host: "127.0.0.1", port: Number(port) });
    mute.on("error", () => undefined);
    await new Promise((resolve) => mute.once("connect", resolve));
    await listener.close();
    await new Promise((resolve) => (mute.closed ? resolve(undefined) : mute.once("close", resolve)));
  });
});
