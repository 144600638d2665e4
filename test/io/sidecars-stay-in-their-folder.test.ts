import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SidecarRef } from "../../src/cassette/model.ts";
import { openSidecar, readCassette } from "../../src/io/disk/read-cassette.ts";
import { catchError, createTemporaryFolder } from "./temporary.ts";

const CONTENT = Buffer.from("0123456789".repeat(60_000));

function createRef(path: string): SidecarRef {
  return { path, size: CONTENT.length, sha256: createHash("sha256").update(CONTENT).digest("hex") };
}

/** `<root>/cassettes/run.yaml`, a sidecar in `run/`, and a file outside at `<root>/outside/secret`. */
function createLayout(): { readonly root: string; readonly cassette: string } {
  const root = createTemporaryFolder();
  for (const folder of ["cassettes/run", "outside"]) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ["cassettes/run/a.bin", "outside/secret"]) writeFileSync(join(root, file), CONTENT);
  return { root, cassette: join(root, "cassettes", "run.yaml") };
}

describe("a sidecar", () => {
  test("is read in pieces of 256 KiB, or into memory whose halves they share", async () => {
    const file = openSidecar(createLayout().cassette, createRef("run/a.bin"));
    const sizes: number[] = [];
    for await (const piece of file.pieces()) sizes.push(piece.length);
    expect(sizes).toEqual([262_144, 262_144, 75_712]);
    const into = Buffer.alloc(1000);
    for await (const piece of file.pieces({ into, range: { offset: 500, size: 1500 } })) {
      sizes.push(piece.length);
      expect(piece.buffer).toBe(into.buffer);
    }
    expect(sizes.slice(3)).toEqual([500, 500, 500]);
    expect(into.equals(Buffer.concat([CONTENT.subarray(1500, 2000), CONTENT.subarray(1000, 1500)]))).toBe(true);
    expect((await file.readAll()).equals(CONTENT)).toBe(true);
    await file.verify();
  });

  test("that shrinks while it is read is an error, and one that is not read to its end is closed", async () => {
    const { cassette, root } = createLayout();
    const file = openSidecar(cassette, createRef("run/a.bin"));
    for await (const _ of file.pieces()) break;
    const pieces = file.pieces()[Symbol.asyncIterator]();
    await pieces.next();
    truncateSync(join(root, "cassettes/run/a.bin"), 1000);
    const error = await catchError(async () => {
      while ((await pieces.next()).done !== true);
    });
    expect(error).toMatchObject({ code: "WHALESONG_SIDECAR_SIZE" });
  });

  test("may be read while nothing may be written", async () => {
    const { cassette, root } = createLayout();
    chmodSync(join(root, "cassettes/run/a.bin"), 0o444);
    const file = openSidecar(cassette, createRef("run/a.bin"));
    await file.verify();
    expect(readdirSync(join(root, "cassettes/run"))).toEqual(["a.bin"]);
  });

  test("that was changed is named with both digests", async () => {
    const { cassette, root } = createLayout();
    const ref = createRef("run/a.bin");
    writeFileSync(join(root, "cassettes/run/a.bin"), Buffer.alloc(CONTENT.length));
    const found = createHash("sha256").update(Buffer.alloc(CONTENT.length)).digest("hex");
    for (const use of [() => openSidecar(cassette, ref).verify(), () => openSidecar(cassette, ref).readAll()]) {
      const error = await catchError(use);
      expect(error).toMatchObject({ code: "WHALESONG_SIDECAR_DIGEST", name: "CassetteError" });
      expect(error.message).toContain(ref.sha256);
      expect(error.message).toContain(found);
    }
  });

  test("that was cut short is found out before the first byte is passed on", async () => {
    const { cassette, root } = createLayout();
    truncateSync(join(root, "cassettes/run/a.bin"), 5);
    const error = await catchError(async () => {
      for await (const _ of openSidecar(cassette, createRef("run/a.bin")).pieces()) throw new Error("a piece came");
    });
    expect(error.code).toBe("WHALESONG_SIDECAR_SIZE");
    expect(error.message).toContain("has 5 bytes, the cassette says 600000");
  });

  test("that is missing is missed when it is read, not before", async () => {
    const file = openSidecar(createLayout().cassette, createRef("run/none.bin"));
    expect((await catchError(() => file.verify())).code).toBe("WHALESONG_SIDECAR_MISSING");
  });
});

describe("a path that leaves the cassette's folder is refused", () => {
  test.each(["../outside/secret", "run/../../outside/secret", "/etc/passwd", "..", ".", ""])("`%s`", async (path) => {
    expect((await catchError(() => openSidecar(createLayout().cassette, createRef(path)))).code).toBe(
      "WHALESONG_SIDECAR_PATH",
    );
  });

  test.each([
    ["a link to a file", "../../outside/secret", "run/link", "run/link"],
    ["a link to a folder", "../outside", "away", "away/secret"],
  ])("through %s", async (_, target, link, path) => {
    const { cassette, root } = createLayout();
    symlinkSync(target, join(root, "cassettes", link));
    expect((await catchError(() => openSidecar(cassette, createRef(path)))).code).toBe("WHALESONG_SIDECAR_PATH");
  });

  test("through a link that is made later", async () => {
    const { cassette, root } = createLayout();
    const file = openSidecar(cassette, createRef("run/late"));
    symlinkSync("../../outside/secret", join(root, "cassettes/run/late"));
    expect((await catchError(() => file.readAll())).code).toBe("WHALESONG_SIDECAR_PATH");
  });

  test("but links within the folder, or to the folder itself, are fine", async () => {
    const { root } = createLayout();
    symlinkSync("a.bin", join(root, "cassettes/run/link"));
    symlinkSync("cassettes", join(root, "alias"));
    await openSidecar(join(root, "alias/run.yaml"), createRef("run/link")).verify();
  });
});

describe("a cassette", () => {
  test("that does not exist is missed, and an unfinished recording is pointed at", async () => {
    const { cassette } = createLayout();
    const error = await catchError(() => readCassette(cassette));
    expect(error).toMatchObject({ code: "WHALESONG_NO_CASSETTE", name: "UsageError" });
    expect(error.message).not.toContain(".recording");
    writeFileSync(`${cassette}.recording`, "");
    expect((await catchError(() => readCassette(cassette))).message).toContain(`${cassette}.recording`);
  });

  test("that is a folder is no cassette", async () => {
    expect((await catchError(() => readCassette(createTemporaryFolder()))).code).toBe("WHALESONG_DISK");
  });

  test("is opened by the path in its text", () => {
    const { cassette } = createLayout();
    writeFileSync(cassette, "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n");
    expect(readCassette(cassette).entries).toHaveLength(1);
  });
});
