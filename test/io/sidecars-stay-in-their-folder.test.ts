import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SidecarRef } from "../../src/cassette/model.ts";
import { readCassette, openSidecar } from "../../src/io/disk/read-cassette.ts";
import { errorOf, temporaryFolder } from "./temporary.ts";

const CONTENT = Buffer.from("0123456789".repeat(60_000));

function refTo(path: string): SidecarRef {
  return { path, size: CONTENT.length, sha256: createHash("sha256").update(CONTENT).digest("hex") };
}

/** `<root>/cassettes/run.yaml`, a sidecar in `run/`, and a file outside at `<root>/outside/secret`. */
function layout(): { readonly root: string; readonly cassette: string } {
  const root = temporaryFolder();
  for (const folder of ["cassettes/run", "outside"]) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ["cassettes/run/a.bin", "outside/secret"]) writeFileSync(join(root, file), CONTENT);
  return { root, cassette: join(root, "cassettes", "run.yaml") };
}

describe("a sidecar", () => {
  test("is read in pieces of 256 KiB, or of the size asked for", async () => {
    const file = openSidecar(layout().cassette, refTo("run/a.bin"));
    const sizes: number[] = [];
    for await (const piece of file.pieces()) sizes.push(piece.length);
    expect(sizes).toEqual([262_144, 262_144, 75_712]);
    for await (const piece of file.pieces(1000)) {
      expect(piece.equals(CONTENT.subarray(0, 1000))).toBe(true);
      break;
    }
    expect((await file.readAll()).equals(CONTENT)).toBe(true);
    await file.verify();
  });

  test("may be read while nothing may be written", async () => {
    const { cassette, root } = layout();
    chmodSync(join(root, "cassettes/run/a.bin"), 0o444);
    const file = openSidecar(cassette, refTo("run/a.bin"));
    await file.verify();
    expect(readdirSync(join(root, "cassettes/run"))).toEqual(["a.bin"]);
  });

  test("that was changed is named with both digests", async () => {
    const { cassette, root } = layout();
    const ref = refTo("run/a.bin");
    writeFileSync(join(root, "cassettes/run/a.bin"), Buffer.alloc(CONTENT.length));
    const found = createHash("sha256").update(Buffer.alloc(CONTENT.length)).digest("hex");
    for (const use of [() => openSidecar(cassette, ref).verify(), () => openSidecar(cassette, ref).readAll()]) {
      const error = await errorOf(use);
      expect(error).toMatchObject({ code: "WHALESONG_SIDECAR_DIGEST", name: "CassetteError" });
      expect(error.message).toContain(ref.sha256);
      expect(error.message).toContain(found);
    }
  });

  test("that was cut short is found out before the first byte is passed on", async () => {
    const { cassette, root } = layout();
    truncateSync(join(root, "cassettes/run/a.bin"), 5);
    const error = await errorOf(async () => {
      for await (const _ of openSidecar(cassette, refTo("run/a.bin")).pieces()) throw new Error("a piece came");
    });
    expect(error.code).toBe("WHALESONG_SIDECAR_SIZE");
    expect(error.message).toContain("has 5 bytes, the cassette says 600000");
  });

  test("that is missing is missed when it is read, not before", async () => {
    const file = openSidecar(layout().cassette, refTo("run/none.bin"));
    expect((await errorOf(() => file.verify())).code).toBe("WHALESONG_SIDECAR_MISSING");
  });
});

describe("a path that leaves the cassette's folder is refused", () => {
  test.each(["../outside/secret", "run/../../outside/secret", "/etc/passwd", "..", ".", ""])("`%s`", async (path) => {
    expect((await errorOf(() => openSidecar(layout().cassette, refTo(path)))).code).toBe("WHALESONG_SIDECAR_PATH");
  });

  test.each([
    ["a link to a file", "../../outside/secret", "run/link", "run/link"],
    ["a link to a folder", "../outside", "away", "away/secret"],
  ])("through %s", async (_, target, link, path) => {
    const { cassette, root } = layout();
    symlinkSync(target, join(root, "cassettes", link));
    expect((await errorOf(() => openSidecar(cassette, refTo(path)))).code).toBe("WHALESONG_SIDECAR_PATH");
  });

  test("through a link that is made later", async () => {
    const { cassette, root } = layout();
    const file = openSidecar(cassette, refTo("run/late"));
    symlinkSync("../../outside/secret", join(root, "cassettes/run/late"));
    expect((await errorOf(() => file.readAll())).code).toBe("WHALESONG_SIDECAR_PATH");
  });

  test("but links within the folder, or to the folder itself, are fine", async () => {
    const { root } = layout();
    symlinkSync("a.bin", join(root, "cassettes/run/link"));
    symlinkSync("cassettes", join(root, "alias"));
    await openSidecar(join(root, "alias/run.yaml"), refTo("run/link")).verify();
  });
});

describe("a cassette", () => {
  test("that does not exist is missed, and an unfinished recording is pointed at", async () => {
    const { cassette } = layout();
    const error = await errorOf(() => readCassette(cassette));
    expect(error).toMatchObject({ code: "WHALESONG_NO_CASSETTE", name: "UsageError" });
    expect(error.message).not.toContain(".recording");
    writeFileSync(`${cassette}.recording`, "");
    expect((await errorOf(() => readCassette(cassette))).message).toContain(`${cassette}.recording`);
  });

  test("that is a folder is no cassette", async () => {
    expect((await errorOf(() => readCassette(temporaryFolder()))).code).toBe("WHALESONG_DISK");
  });

  test("is opened as its text says", () => {
    const { cassette } = layout();
    writeFileSync(cassette, "whalesong: 1\n---\nrequest: GET /_ping\nresponse: 200 OK\n");
    expect(readCassette(cassette).entries).toHaveLength(1);
  });
});
