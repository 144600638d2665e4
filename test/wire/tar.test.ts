import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/base/errors.ts";
import { readTreeTar } from "../../src/cassette/tree-tar.ts";
import { readTarThings } from "../../src/userland/files/read-tar.ts";
import { readImageArchive } from "../../src/wire/archive/image-archive.ts";
import { digestTar, formatTarListing, readTar, type TarEntry } from "../../src/wire/archive/tar.ts";
import { measureHeldMemory } from "../playbook/held-memory.ts";
import { listDeliveries, toLatin1 } from "./deliveries.ts";

type Member = Partial<Header> & { name: string; content?: string | Buffer };

async function tarOf(members: readonly Member[]): Promise<Buffer> {
  const packed = pack();
  for (const { content = "", ...header } of members) packed.entry(header, content);
  packed.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of packed) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function* from(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

async function readEntries(members: readonly Member[]): Promise<TarEntry[]> {
  return readTar(from([await tarOf(members)]));
}

async function digestOf(...members: Member[]): Promise<string> {
  return digestTar(await readEntries(members));
}

async function catchRefusal(pieces: AsyncIterable<Buffer>): Promise<Error & { code?: string; cause?: unknown }> {
  return readTar(pieces).then(
    () => expect.fail("it was taken for a tar"),
    (error) => error,
  );
}

const HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const CONTEXT: Member[] = [
  { name: "Dockerfile", content: "hello", mode: 0o644 },
  { name: "bin/", type: "directory", mode: 0o755 },
  { name: "bin/run", type: "symlink", linkname: "../Dockerfile", mode: 0o777 },
  { name: `deep/${"x".repeat(150)}`, content: Buffer.alloc(1000), mode: 0o4755 },
];

describe("reading a tar", () => {
  it("gives name, type, mode, size, link and digest of each entry, in order", async () => {
    const entries = await readEntries(CONTEXT);
    expect(entries.slice(0, 3)).toEqual([
      { name: "Dockerfile", type: "file", mode: 0o644, size: 5, sha256: HELLO },
      { name: "bin/", type: "directory", mode: 0o755, size: 0, sha256: EMPTY },
      { name: "bin/run", type: "symlink", mode: 0o777, size: 0, linkname: "../Dockerfile", sha256: EMPTY },
    ]);
    expect(entries[3]).toMatchObject({ name: `deep/${"x".repeat(150)}`, mode: 0o4755, size: 1000 });
  });

  it("gives the same however the bytes come, and out of a gzip wrapper", async () => {
    const plain = await tarOf(CONTEXT);
    const entries = await readTar(from([plain]));
    for (const bytes of [plain, gzipSync(plain)]) {
      for (const { pieces } of listDeliveries(bytes)) expect(await readTar(from(pieces))).toEqual(entries);
    }
  });

  it("takes a tar without entries, and no bytes, for what they are", async () => {
    expect(await readEntries([])).toEqual([]);
    expect(await readTar(from([]))).toEqual([]);
    expect(await readTar(from([Buffer.alloc(0)]))).toEqual([]);
  });

  it("holds no more than a piece of what passes through", async () => {
    const size = 96 * 1024 * 1024;
    const header = (await tarOf([{ name: "large", content: "" }])).subarray(0, 512);
    const sized = createHeader(header, size);
    const limit = (await measureHeldMemory()) + 16 * 1024 * 1024;
    let most = 0;
    const measured = async function* (): AsyncGenerator<Buffer> {
      let pieces = 0;
      for await (const piece of createZeros(sized, size)) {
        yield piece;
        pieces += 1;
        if (pieces % 512 === 0) most = Math.max(most, await measureHeldMemory(limit));
      }
    };
    const [entry] = await readTar(measured());
    expect(entry).toMatchObject({ name: "large", size });
    expect(most).toBeLessThan(limit);
  });
});

/** The header with another size (and another first byte of it), and its sum of bytes put right. */
function createHeader(header: Buffer, size: number, firstByte = 0x30): Buffer {
  const sized = Buffer.from(header);
  sized.write(`${size.toString(8).padStart(11, "0")} `, 124, "latin1");
  sized[124] = firstByte;
  sized.write("        ", 148, "latin1");
  const sum = sized.reduce((total, byte) => total + byte, 0);
  sized.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return sized;
}

async function* createZeros(header: Buffer, size: number): AsyncGenerator<Buffer> {
  yield header;
  const piece = Buffer.alloc(64 * 1024);
  for (let sent = 0; sent < size; sent += piece.length) yield piece;
  yield Buffer.alloc(1024);
}

describe("a tar that ends with the last byte of its last file, as `docker build -f -` sends it", () => {
  const members = [...CONTEXT, { name: "last", content: "the last words" }];

  it("is read like one that is filled up", async () => {
    const whole = await tarOf(members);
    const size = whole.indexOf("the last words") + "the last words".length;
    for (const { pieces } of listDeliveries(whole.subarray(0, size))) {
      expect(await readTar(from(pieces))).toEqual(await readEntries(members));
    }
  });

  it("is refused where a byte of that file is missing", async () => {
    const whole = await tarOf(members);
    const size = whole.indexOf("the last words") + "the last words".length - 1;
    expect((await catchRefusal(from([whole.subarray(0, size)]))).code).toBe("WHALESONG_BAD_TAR");
  });
});

describe("a header that says what cannot be", () => {
  const readers: [string, (source: AsyncIterable<Buffer>) => Promise<readonly unknown[]>][] = [
    ["a request's tar", readTar],
    ["an image's archive", readImageArchive],
    ["a container's tar", readTarThings],
    ["a build's context", readTreeTar],
  ];

  it.each(readers)("ends as a folder without content where a folder names a size: %s", async (_, read) => {
    const folder = (await tarOf([{ name: "d/", type: "directory" }])).subarray(0, 512);
    expect(await read(from([createHeader(folder, 36), Buffer.alloc(1024)]))).toHaveLength(1);
  });

  it.each(readers)("is refused where its size is of another base than 8 and 256: %s", async (_, read) => {
    const header = (await tarOf([{ name: "a", content: "" }])).subarray(0, 512);
    const odd = createHeader(header, 36, 0xa9);
    await expect(read(from([odd, Buffer.alloc(1536)]))).rejects.toThrow(/invalid tar header/i);
  });
});

describe("an image's archive", () => {
  it("ends where its index leads to itself", async () => {
    const index = JSON.stringify({ manifests: [{ digest: "sha256:a" }, { digest: "sha256:a" }] });
    const archive = await tarOf([
      { name: "index.json", content: index },
      { name: "blobs/sha256/a", content: index },
    ]);
    expect(await readImageArchive(from([archive]))).toHaveLength(2);
  });
});

describe("what is no tar", () => {
  it.each([
    ["text", toLatin1("hello")],
    ["long text", Buffer.alloc(2000, "hello")],
    ["one byte", toLatin1("x")],
    ["gzip that is cut off", gzipSync(Buffer.alloc(2048)).subarray(0, 15)],
    ["gzip of something else", gzipSync(Buffer.alloc(2000, "hello"))],
    ["only gzip's first bytes", Buffer.of(0x1f, 0x8b)],
    ["another compression", Buffer.concat([toLatin1("BZh9"), Buffer.alloc(2000, 7)])],
  ])("is told from %s", async (_, bytes) => {
    for (const { pieces } of listDeliveries(bytes)) {
      const error = await catchRefusal(from(pieces));
      expect(error).toBeInstanceOf(WireError);
      expect(error.code).toBe("WHALESONG_BAD_TAR");
      expect(error.cause).toBeInstanceOf(Error);
    }
  });

  it("is told from a tar that is cut off", async () => {
    const whole = await tarOf(CONTEXT);
    for (const size of [100, 500, 512 + 3, 1024 + 76]) {
      expect((await catchRefusal(from([whole.subarray(0, size)]))).code).toBe("WHALESONG_BAD_TAR");
    }
  });

  it.each([
    ["text", Buffer.alloc(2000, "hello")],
    ["gzip of something else", gzipSync(randomBytes(2000))],
    ["gzip with a damaged end", Buffer.concat([gzipSync(randomBytes(2000)).subarray(0, -8), Buffer.alloc(2000)])],
  ])("has its source closed (%s)", async (_, bytes) => {
    let closings = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield bytes;
      } finally {
        closings += 1;
      }
    }
    await catchRefusal(endless());
    await expect.poll(() => closings).toBe(1);
  });

  it("is not blamed for the error of the source", async () => {
    const cause = new Error("the body was cut off");
    const start = (await tarOf(CONTEXT)).subarray(0, 600);
    async function* failing(first: readonly Buffer[]): AsyncGenerator<Buffer> {
      yield* first;
      throw cause;
    }
    expect(await catchRefusal(failing([]))).toBe(cause);
    expect(await catchRefusal(failing([start]))).toBe(cause);
    expect(await catchRefusal(failing([gzipSync(start).subarray(0, 20)]))).toBe(cause);
  });
});

describe("the digest of a tar", () => {
  const file: Member = { name: "a", content: "hello", mode: 0o644 };

  it.each<[string, Member[], Member[]]>([
    ["times", [{ ...file, mtime: new Date(0) }], [{ ...file, mtime: new Date(1e12) }]],
    ["owners", [{ ...file, uid: 0, uname: "root" }], [{ ...file, uid: 1000, uname: "me" }]],
    ["order", [file, { name: "b", content: "x" }], [{ name: "b", content: "x" }, file]],
    ["the mode's type bits", [{ ...file, mode: 0o100644 }], [file]],
    ["a slash behind a directory", [{ name: "d/", type: "directory" }], [{ name: "d", type: "directory" }]],
    ["`./` before a name", [{ ...file, name: "./a" }], [file]],
  ])("sets %s aside", async (_, some, others) => {
    expect(await digestOf(...some)).toBe(await digestOf(...others));
  });

  it.each<[string, Member]>([
    ["name", { ...file, name: "b" }],
    ["content", { ...file, content: "hallo" }],
    ["permissions", { ...file, mode: 0o755 }],
    ["sticky bit", { ...file, mode: 0o1644 }],
    ["type", { name: "a", type: "symlink", linkname: "b", mode: 0o644 }],
  ])("minds the %s", async (_, other) => {
    expect(await digestOf(other)).not.toBe(await digestOf(file));
  });

  it("minds where a link leads", async () => {
    const link = { name: "l", type: "symlink", linkname: "a" } as const;
    expect(await digestOf(link)).not.toBe(await digestOf({ ...link, linkname: "b" }));
  });

  it("minds which of two entries of one name comes last", async () => {
    const other = { ...file, content: "other" };
    expect(await digestOf(file, other)).not.toBe(await digestOf(other, file));
  });

  it("does not change from one version of whalesong to the next", async () => {
    expect(digestTar([])).toBe(EMPTY);
    expect(await digestOf(file)).toBe("3fdc7a4def5d9ae72e922f44ed7dbdcdfe291927b0a7ec958f3481dbbf2168cf");
  });
});

describe("the listing of a tar", () => {
  it("reads like tar -tv, with sizes in a column", async () => {
    const hard: Member = { name: "hard", type: "link", linkname: "Dockerfile" };
    const listed = formatTarListing(await readEntries([...CONTEXT.slice(0, 3), hard]));
    expect(listed).toEqual([
      "-rw-r--r--  5  Dockerfile",
      "drwxr-xr-x  0  bin/",
      "lrwxrwxrwx  0  bin/run -> ../Dockerfile",
      "hrw-r--r--  0  hard link to Dockerfile",
    ]);
  });

  it("aligns sizes to the right", () => {
    const entry = { type: "file", mode: 0o600, sha256: EMPTY };
    const listed = formatTarListing([
      { ...entry, name: "a", size: 5 },
      { ...entry, name: "b", size: 1234 },
    ]);
    expect(listed).toEqual(["-rw-------     5  a", "-rw-------  1234  b"]);
  });

  it.each([
    ["file", 0o4755, "-rwsr-xr-x"],
    ["file", 0o6644, "-rwSr-Sr--"],
    ["directory", 0o1777, "drwxrwxrwt"],
    ["directory", 0o1776, "drwxrwxrwT"],
    ["fifo", 0o100, "p--x------"],
    ["character-device", 0o100666, "crw-rw-rw-"],
    ["block-device", 0, "b---------"],
    ["contiguous-file", 0o444, "-r--r--r--"],
  ])("shows a %s of mode %i as %s", (type, mode, shown) => {
    expect(formatTarListing([{ name: "a", type, mode, size: 0, sha256: EMPTY }])).toEqual([`${shown}  0  a`]);
  });

  it("keeps an entry on one line, and says where a hard link leads", () => {
    const entry = { name: "a\nb\x7f é", type: "link", linkname: "c\td", mode: 0o644, size: 0, sha256: EMPTY };
    expect(formatTarListing([entry])).toEqual(["hrw-r--r--  0  a\\x0ab\\x7f é link to c\\x09d"]);
  });

  it("stops where it is told to, and says how many are left", () => {
    const entries = Array.from({ length: 25 }, (_, at) => ({
      name: `${at}`,
      type: "file",
      mode: 0,
      size: 0,
      sha256: EMPTY,
    }));
    expect(formatTarListing(entries)).toHaveLength(21);
    expect(formatTarListing(entries).at(-1)).toBe("... and 5 more");
    expect(formatTarListing(entries, 1)).toEqual(["----------  0  0", "... and 24 more"]);
    expect(formatTarListing(entries, 25)).toHaveLength(25);
    expect(formatTarListing([])).toEqual([]);
  });
});
