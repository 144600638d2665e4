/** Another thread makes the digest of a large sidecar while it is written. It may be late or missing, never wrong. */
import { createHash } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DigestFollower, FollowerSlot } from "../../src/io/disk/digest-follower.ts";
import { createDiskStore } from "../../src/io/disk/disk-store.ts";
import { DraftDigest } from "../../src/io/disk/draft-digest.ts";
import type { SidecarWriter } from "../../src/record/store.ts";
import { createCassettePath, createExisting, HEADER, UNFINISHED } from "./recordings.ts";

const MIB = 1024 * 1024;
/** So many bytes that a thread is started, and some that do not fill its last piece. */
const LARGE = 34 * MIB + 12_345;

/** Writes `size` bytes in pieces, no two of them alike; returns their digest. */
function fill(sidecars: readonly SidecarWriter[], size: number): string {
  const hash = createHash("sha256");
  for (let at = 0; at < size; ) {
    const piece = Buffer.alloc(Math.min(64 * 1024, size - at), `${at} `);
    hash.update(piece);
    for (const sidecar of sidecars) sidecar.write(piece);
    at += piece.length;
  }
  return hash.digest("hex");
}

describe("a large sidecar", () => {
  test("is named by its digest, also when it is one of several that are written at a time", () => {
    const store = createDiskStore(createCassettePath());
    store.begin(UNFINISHED);
    const sidecars = [store.sidecar(), store.sidecar()];
    const sha256 = fill(sidecars, LARGE);
    for (const [at, sidecar] of sidecars.entries())
      expect(sidecar.finish(`big${at}`, ".bin")).toEqual({
        path: `run/big${at}-${sha256.slice(0, 8)}.bin`,
        size: LARGE,
        sha256,
      });
    store.finish(HEADER, []);
  });

  test("that is forgotten leaves nothing, and the next one has its digest", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    const forgotten = store.sidecar();
    fill([forgotten], LARGE);
    forgotten.discard();
    expect(readdirSync(join(path, "../run"))).toEqual([]);
    const next = store.sidecar();
    const sha256 = fill([next], LARGE);
    expect(next.finish("next", ".bin").sha256).toBe(sha256);
    store.discard();
  });
});

describe("a thread that follows a file", () => {
  const text = "what is followed";
  const sha256 = createHash("sha256").update(text).digest("hex");

  test("has its digest", () => {
    const follower = new DigestFollower(createExisting(text), () => undefined);
    follower.advance(4);
    follower.advance(text.length);
    expect(follower.finish()).toBe(sha256);
  });

  test.each([
    ["that is gone", () => join(createCassettePath(), "gone"), text.length],
    ["that is shorter than what was written", () => createExisting(text), text.length + 1],
  ])("has none of a file %s", (_, createPath, size) => {
    let ended = 0;
    const follower = new DigestFollower(createPath(), () => {
      ended += 1;
    });
    follower.advance(size);
    expect([follower.finish(), ended]).toEqual([undefined, 1]);
  });

  test("is one for all files of a slot, until it has ended", () => {
    const slot = new FollowerSlot();
    const path = createExisting(text);
    const first = slot.follow(path);
    expect([first === undefined, slot.follow(path)]).toEqual([false, undefined]);
    first?.discard();
    const second = slot.follow(path);
    second?.advance(text.length);
    expect(second?.finish()).toBe(sha256);
  });

  test("and has failed leaves the file to who asks", () => {
    const path = createExisting("x".repeat(LARGE));
    const lost = { follow: () => new DigestFollower(join(path, "gone"), () => undefined) };
    const digest = new DraftDigest(path, lost);
    digest.push(Buffer.alloc(LARGE, "x"), LARGE);
    expect(digest.finish()).toBe(createHash("sha256").update("x".repeat(LARGE)).digest("hex"));
    rmSync(path);
  });
});
