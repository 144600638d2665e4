import { dirname, join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { removeFreshFolder } from "../../src/io/listen/fresh-folder.ts";
import { createSocketUrl, listen } from "../../src/io/listen/listen.ts";
import { assertSocketPathFits, getSocketPathLimit } from "../../src/io/socket-path.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { catchError, createTemporaryFolder } from "./temporary.ts";

const LIMIT = getSocketPathLimit();

/** A path of `length` bytes that no file has. */
function createPath(length: number): string {
  const folder = createTemporaryFolder();
  return join(folder, "x".repeat(length - folder.length - 1));
}

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["linux", 107],
  ["darwin", 103],
  ["freebsd", 103],
] as const)("%s allows %d bytes", (platform, limit) => {
  expect(getSocketPathLimit(platform)).toBe(limit);
  expect(() => assertSocketPathFits("x".repeat(limit), limit)).not.toThrow();
  expect(() => assertSocketPathFits(`${"x".repeat(limit - 1)}ä`, limit)).toThrow(
    `has ${limit + 1} bytes, the system allows ${limit}`,
  );
});

describe("a path that is too long", () => {
  const refusal = { code: "WHALESONG_SOCKET_PATH_TOO_LONG", fields: { length: LIMIT + 1, longest: LIMIT } };

  test("is not listened at", async () => {
    const path = createPath(LIMIT + 1);
    expect(await catchError(() => listen(`unix://${path}`, async () => undefined))).toMatchObject(refusal);
  });

  test("is not connected to: Node 20 would take another one", async () => {
    const path = createPath(LIMIT + 1);
    const listener = await listen(`unix://${path.slice(0, -1)}`, async () => undefined);
    onTestFinished(() => listener.close());
    expect(await catchError(() => connect({ kind: "unix", path }))).toMatchObject(refusal);
  });
});

test("the longest path that there may be is listened at, and reached", async () => {
  const path = createPath(LIMIT);
  const listener = await listen(`unix://${path}`, async () => undefined);
  onTestFinished(() => listener.close());
  const connection = await connect({ kind: "unix", path });
  expect(await connection.read()).toBeUndefined();
  connection.reset();
});

describe("a socket without a path of its own", () => {
  function createIn(folder: string): string {
    vi.stubEnv("TMPDIR", folder);
    const path = createSocketUrl().slice("unix://".length);
    onTestFinished(() => removeFreshFolder(path));
    return path;
  }
  const ROOM = LIMIT - "/whalesong-XXXXXX/docker.sock".length;

  test("lies in the folder for temporary files, as long as its path fits", () => {
    const folder = createTemporaryFolder();
    expect(dirname(dirname(createIn(folder)))).toBe(folder);
  });

  test("lies in /tmp otherwise", async () => {
    const path = createIn(createPath(ROOM + 1));
    expect(dirname(dirname(path))).toBe("/tmp");
    const listener = await listen(`unix://${path}`, async () => undefined);
    await listener.close();
  });
});
