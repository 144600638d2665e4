import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSidecar, readCassette } from "../../src/io/disk/read-cassette.ts";
import { catchError, createTemporaryFolder } from "./temporary.ts";

/** By kind, in the words of the error: puts such a thing at `path`. */
const KINDS: readonly (readonly [kind: string, make: (path: string) => unknown])[] = [
  ["a FIFO", (path) => execFileSync("mkfifo", [path])],
  ["a folder", (path) => mkdirSync(path)],
];

describe.each(KINDS)("%s", (kind, make) => {
  test("is no cassette", async () => {
    const path = join(createTemporaryFolder(), "c.yaml");
    make(path);
    const { code, message } = await catchError(() => readCassette(path));
    expect(code).toBe("WHALESONG_DISK");
    expect(message).toContain(`cannot read the cassette \`${path}\`: it is ${kind}, only regular files are read`);
  });

  test("is no sidecar, and the error names the line of the cassette", async () => {
    const folder = createTemporaryFolder();
    const ref = { path: "c/a.bin", size: 4, sha256: "a".repeat(64) };
    const cassette = join(folder, "c.yaml");
    writeFileSync(cassette, `whalesong: 1\n---\nfile: {path: ${ref.path}, size: 4, sha256: ${ref.sha256}}\n`);
    mkdirSync(join(folder, "c"));
    make(join(folder, ref.path));
    for (const read of ["verify", "readAll"] as const) {
      const { code, message } = await catchError(() => openSidecar(cassette, ref)[read]());
      expect(code).toBe("WHALESONG_SIDECAR_PATH");
      expect(message).toContain(`c.yaml:3:14  cannot read the sidecar \`c/a.bin\`: it is ${kind}, only regular files`);
    }
  });
});

test("a device behind a link is no cassette", async () => {
  const path = join(createTemporaryFolder(), "c.yaml");
  symlinkSync("/dev/zero", path);
  expect((await catchError(() => readCassette(path))).message).toContain("it is a device, only regular files are read");
});

test("a socket is no cassette", async () => {
  const path = join(createTemporaryFolder(), "c.yaml");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  expect((await catchError(() => readCassette(path))).message).toContain(`cannot read the cassette \`${path}\``);
  await new Promise((resolve) => server.close(resolve));
});
