import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WireError } from "../../../../src/base/errors.ts";
import { FileObserver } from "../../../../src/wire/buildkit/files/file-observer.ts";
import {
  decodeFilePacket,
  encodeFilePacket,
  type FilePacket,
  isFilePacket,
} from "../../../../src/wire/buildkit/files/file-packet.ts";
import { FileReceiver } from "../../../../src/wire/buildkit/files/file-receiver.ts";
import { FileSender, toFilePackets } from "../../../../src/wire/buildkit/files/file-sender.ts";
import { type FileStat, hasContent, readFileType, toUnixMode } from "../../../../src/wire/buildkit/files/file-stat.ts";
import { catchError } from "../../deliveries.ts";

const DIRECTORY = 2 ** 31 + 0o755;
const SYMLINK = 2 ** 27 + 0o777;

function stat(path: string, fields: Partial<FileStat> = {}): FileStat {
  const zeros = { uid: 0, gid: 0, size: 0, modTime: 0n, linkname: "", devmajor: 0, devminor: 0, xattrs: {} };
  return { path, mode: 0o644, ...zeros, ...fields };
}

const TREE: Readonly<Record<string, string>> = {
  "app.txt": "app\n",
  big: "x".repeat(70_000),
  "src/f1": "",
  "src/f2": "two",
};
const STATS: readonly FileStat[] = [
  stat("app.txt", { size: 4, modTime: 1_795_851_068_746_699_766n, uid: 1000 }),
  stat("big", { size: 70_000 }),
  stat("src", { mode: DIRECTORY }),
  stat("src/f1"),
  stat("src/f2", { size: 3, xattrs: { "user.a": Buffer.from([1, 2]) } }),
  stat("src/hard", { size: 3, linkname: "src/f2" }),
  stat("src/link", { mode: SYMLINK, size: 2, linkname: "f1" }),
];

interface Transfer {
  readonly events: string[];
  readonly contents: Map<string, string>;
  readonly observer: FileObserver;
  readonly isDone: boolean;
}

/** A sender and a receiver speak through encoded packets, watched by an observer. */
function transfer(stats: readonly FileStat[], isChosen: (stat: FileStat) => boolean): Transfer {
  const receiver = new FileReceiver(isChosen);
  const sender = new FileSender(stats);
  const observer = new FileObserver();
  const queue: ["sender" | "receiver", Buffer][] = [...sender.list()].map((packet) => [
    "sender",
    encodeFilePacket(packet),
  ]);
  const events: string[] = [];
  const pieces = new Map<number, Buffer[]>();
  let isDone = false;
  const receive = (packet: FilePacket): FilePacket[] => {
    const step = receiver.push(packet);
    for (const event of step.events) {
      if (event.kind === "data") pieces.set(event.id, [...(pieces.get(event.id) ?? []), event.bytes]);
      else
        events.push(event.kind === "stat" || event.kind === "file" ? `${event.kind} ${event.stat.path}` : event.kind);
    }
    return [...step.replies];
  };
  const send = (packet: FilePacket): FilePacket[] => {
    const step = sender.push(packet);
    return step.events.flatMap((event) => {
      if (event.kind === "request") return [...toFilePackets(event.id, Buffer.from(TREE[event.stat.path] ?? ""))];
      isDone ||= event.kind === "done";
      return [...step.replies];
    });
  };
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [side, bytes] = next;
    const packet = decodeFilePacket(bytes);
    observer.push(side, packet);
    const answers = side === "sender" ? receive(packet) : send(packet);
    const other = side === "sender" ? "receiver" : "sender";
    for (const answer of answers) queue.push([other, encodeFilePacket(answer)]);
  }
  const contents = new Map(
    [...pieces].map(([id, parts]) => [receiver.stats[id]?.path ?? "", Buffer.concat(parts).toString()]),
  );
  return { events, contents, observer, isDone };
}

describe("a sender and a receiver", () => {
  it("carry a tree over, with the content of its regular files", () => {
    const { events, contents, isDone } = transfer(STATS, () => true);
    expect(events).toEqual([
      ...STATS.map(({ path }) => `stat ${path}`),
      "listed",
      ...["app.txt", "big", "src/f1", "src/f2"].map((path) => `file ${path}`),
      "received",
      "done",
    ]);
    expect([...contents.keys()]).toEqual(["app.txt", "big", "src/f2"]);
    for (const [path, content] of contents) expect(content).toBe(TREE[path]);
    expect(isDone).toBe(true);
  });

  it("carry over what was chosen only", () => {
    const { events, observer } = transfer(STATS, ({ path }) => path === "src/f2");
    expect(events.filter((event) => event.startsWith("file"))).toEqual(["file src/f2"]);
    expect(observer.transfer.files).toEqual([{ id: 4, stat: STATS[4], size: 3, isComplete: true }]);
    expect(observer.transfer.isComplete).toBe(true);
  });

  it.each([
    ["an empty tree", []],
    ["directories only", [stat("a", { mode: DIRECTORY })]],
  ])("finish with %s", (_, stats) => {
    const { events, isDone, observer } = transfer(stats, () => true);
    expect(events.slice(-3)).toEqual(["listed", "received", "done"]);
    expect(isDone).toBe(true);
    expect(observer.transfer).toEqual({ stats, isListed: true, files: [], isComplete: true, error: undefined });
  });
});

describe("a packet", () => {
  const packet = fc.oneof(
    fc.record({ kind: fc.constant("request" as const), id: fc.nat() }),
    fc.record({
      kind: fc.constant("data" as const),
      id: fc.nat(),
      bytes: fc.uint8Array().map((one) => Buffer.from(one)),
    }),
    fc.record({ kind: fc.constant("error" as const), message: fc.string({ unit: "grapheme" }) }),
    fc.constantFrom<FilePacket>({ kind: "fin" }, { kind: "list-end" }),
    fc.constantFrom(...STATS).map((one): FilePacket => ({ kind: "stat", stat: one })),
  );

  it("is what it was when decoded", () => {
    fc.assert(
      fc.property(packet, (one) => {
        expect(decodeFilePacket(encodeFilePacket(one))).toEqual(one);
      }),
    );
  });

  it.each<[string, FilePacket, string]>([
    ["the end of the list", { kind: "list-end" }, ""],
    ["REQ 0", { kind: "request", id: 0 }, "0801"],
    ["REQ 3", { kind: "request", id: 3 }, "08011803"],
    ["the end of the file 3", { kind: "data", id: 3, bytes: Buffer.alloc(0) }, "08021803"],
    ["FIN", { kind: "fin" }, "0803"],
    ["a directory", { kind: "stat", stat: stat("d", { mode: DIRECTORY }) }, "12090a016410ed83808008"],
  ])("has the bytes that Go writes: %s", (_, one, hex) => {
    expect(encodeFilePacket(one).toString("hex")).toBe(hex);
  });

  it("of an unknown type is refused", () => {
    expect(() => decodeFilePacket(Buffer.from("0809", "hex"))).toThrow("got a packet of type 9");
  });

  it("tells a tree from a tar", () => {
    expect(isFilePacket(Buffer.alloc(0))).toBe(true);
    expect(isFilePacket(encodeFilePacket({ kind: "stat", stat: stat("a") }))).toBe(true);
    expect(isFilePacket(Buffer.from("0a01ff", "hex"))).toBe(false);
  });
});

describe("what no peer may say is refused:", () => {
  const receiver = (): FileReceiver => new FileReceiver(() => true);
  const listed = (): FileReceiver => {
    const one = receiver();
    one.push({ kind: "list-end" });
    return one;
  };
  const bytes = Buffer.from("x");
  it.each<[string, () => unknown]>([
    ["DATA that was not asked for", () => receiver().push({ kind: "data", id: 0, bytes })],
    ["REQ of a sender", () => receiver().push({ kind: "request", id: 0 })],
    ["STAT behind the list", () => listed().push({ kind: "stat", stat: stat("a") })],
    ["REQ of a file that is not listed", () => new FileSender([]).push({ kind: "request", id: 0 })],
    ["REQ of a directory", () => new FileSender(STATS).push({ kind: "request", id: 2 })],
    ["REQ of a hard link", () => new FileSender(STATS).push({ kind: "request", id: 5 })],
    ["STAT of a receiver", () => new FileSender([]).push({ kind: "list-end" })],
    ["DATA of a receiver", () => new FileSender(STATS).push({ kind: "data", id: 0, bytes })],
    ["DATA of a receiver, observed", () => new FileObserver().push("receiver", { kind: "data", id: 0, bytes })],
    ["REQ of a sender, observed", () => new FileObserver().push("sender", { kind: "request", id: 0 })],
    ["DATA of no file, observed", () => new FileObserver().push("sender", { kind: "data", id: 0, bytes })],
  ])("%s", (_, act) => {
    const error = catchError(act);
    expect(error).toBeInstanceOf(WireError);
    expect(error.code).toBe("WHALESONG_BAD_FILE_TRANSFER");
  });

  it("REQ of one file twice", () => {
    const sender = new FileSender(STATS);
    sender.push({ kind: "request", id: 0 });
    expect(() => sender.push({ kind: "request", id: 0 })).toThrow("that was not asked for yet");
  });
});

describe("a side that gives up", () => {
  it("is heard by the other one", () => {
    const failure = { kind: "error", message: "no space left" } as const;
    const events = [{ kind: "failed", message: "no space left" }];
    expect(new FileReceiver(() => true).push(failure)).toEqual({ events, replies: [] });
    expect(new FileSender([]).push(failure)).toEqual({ events, replies: [] });
    const observer = new FileObserver();
    observer.push("receiver", failure);
    expect(observer.transfer).toMatchObject({ error: "no space left", isComplete: false });
  });
});

describe("an observer", () => {
  it("knows what had come when the transfer broke off", () => {
    const observer = new FileObserver();
    for (const one of STATS.slice(0, 2)) observer.push("sender", { kind: "stat", stat: one });
    // Seen out of order: the sides' bytes pass on two ways.
    observer.push("sender", { kind: "data", id: 0, bytes: Buffer.from("ap") });
    observer.push("receiver", { kind: "request", id: 0 });
    observer.push("receiver", { kind: "request", id: 1 });
    const files = [
      { id: 0, stat: STATS[0], size: 2, isComplete: false },
      { id: 1, stat: STATS[1], size: 0, isComplete: false },
    ];
    expect(observer.transfer).toMatchObject({ isListed: false, isComplete: false, files });
  });
});

describe("Go's file modes", () => {
  it.each([
    [0o644, "file", 0o644],
    [2 ** 31 + 0o755, "directory", 0o755],
    [2 ** 31 + 2 ** 20 + 0o777, "directory", 0o1777],
    [2 ** 27 + 0o777, "symlink", 0o777],
    [2 ** 23 + 0o755, "file", 0o4755],
    [2 ** 22 + 0o755, "file", 0o2755],
    [2 ** 26 + 0o660, "device", 0o660],
    [2 ** 26 + 2 ** 21 + 0o666, "character-device", 0o666],
    [2 ** 25 + 0o600, "fifo", 0o600],
    [2 ** 24 + 0o600, "socket", 0o600],
  ] as const)("%d is a %s", (mode, type, unix) => {
    expect(readFileType(mode)).toBe(type);
    expect(toUnixMode(mode)).toBe(unix);
    expect(hasContent(stat("a", { mode }))).toBe(type === "file");
  });
});
