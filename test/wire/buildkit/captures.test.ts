/** What docker CLI 28.5 and Engine 28.5.2 said to each other in five builds, read by our decoders. */
import { describe, expect, it } from "vitest";
import { BUILDKIT_SCHEMA, BUILDKIT_TABLES } from "../../../src/wire/buildkit/buildkit-schema.ts";
import { FileObserver } from "../../../src/wire/buildkit/files/file-observer.ts";
import { decodeFilePacket, encodeFilePacket, isFilePacket } from "../../../src/wire/buildkit/files/file-packet.ts";
import { FileReceiver } from "../../../src/wire/buildkit/files/file-receiver.ts";
import { BUILDKIT_METHODS } from "../../../src/wire/buildkit/services.ts";
import { decodeMessage } from "../../../src/wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../src/wire/protobuf/encode-message.ts";
import { toJsonMessage } from "../../../src/wire/protobuf/json-message.ts";
import type { ProtobufMessage, ProtobufValue } from "../../../src/wire/protobuf/protobuf-value.ts";
import { CAPTURES, type CapturedCall, type CaptureName, callsOf, messagesOf, readCapture } from "./captures.ts";

const FILE_METHODS = ["/moby.filesync.v1.FileSync/DiffCopy", "/moby.filesync.v1.FileSend/DiffCopy"];

const readCalls = (name: CaptureName): CapturedCall[] => readCapture(name).flatMap(callsOf);
const pick = (calls: readonly CapturedCall[], end: string): CapturedCall[] =>
  calls.filter(({ path }) => path.endsWith(end));

/** Each message with the name of its type; those of unknown types are left out. */
function typedMessages({ path, caller, events }: CapturedCall): { type: string; bytes: Buffer }[] {
  const shape = BUILDKIT_METHODS.get(path);
  return messagesOf(events).flatMap(([side, bytes]) => {
    const type = path === FILE_METHODS[1] && isFilePacket(bytes) ? "fsutil.types.Packet" : undefined;
    const named = type ?? (side === caller ? shape?.request : shape?.response);
    return named === undefined ? [] : [{ type: named, bytes }];
  });
}

it("the tables have all types that they name", () => {
  for (const { package: home, messages } of BUILDKIT_TABLES)
    for (const name of Object.keys(messages))
      expect(BUILDKIT_SCHEMA.get(`${home}.${name}`)?.name).toBe(`${home}.${name}`);
});

describe.each(CAPTURES)("a recorded build, %s,", (name) => {
  const calls = readCalls(name);
  const messages = calls.flatMap(typedMessages);

  it("calls only methods that the service table has, from the side that it says", () => {
    expect(calls.length).toBeGreaterThan(8);
    for (const { path, caller } of calls) expect([path, BUILDKIT_METHODS.get(path)?.caller]).toEqual([path, caller]);
  });

  it("has messages that decode and encode to the same bytes, also by way of JSON", () => {
    expect(messages.length).toBeGreaterThan(40);
    for (const { type, bytes } of messages) {
      const message = decodeMessage(BUILDKIT_SCHEMA, type, bytes);
      expect([type, encodeMessage(BUILDKIT_SCHEMA, type, message).toString("hex")]).toEqual([
        type,
        bytes.toString("hex"),
      ]);
      const json = JSON.parse(JSON.stringify(toJsonMessage(message))) as ProtobufMessage;
      expect(encodeMessage(BUILDKIT_SCHEMA, type, json).equals(bytes)).toBe(true);
    }
  });

  it("has messages without unknown fields", () => {
    const unknown = messages.flatMap(({ type, bytes }) =>
      unknownFields(decodeMessage(BUILDKIT_SCHEMA, type, bytes)).map((field) => `${type} ${field}`),
    );
    expect(unknown).toEqual([]);
  });

  it("has file transfers that come to their end, and packets that are written as Go does", () => {
    const transfers = calls.filter(({ path }) => FILE_METHODS.includes(path)).map(observe);
    expect(transfers.length).toBeGreaterThan(1);
    for (const { transfer } of transfers) {
      expect(transfer).toMatchObject({ isListed: true, isComplete: true, error: undefined });
      for (const { stat, size, isComplete } of transfer.files) expect([size, isComplete]).toEqual([stat.size, true]);
    }
  });
});

function unknownFields(value: ProtobufValue): string[] {
  if (typeof value !== "object" || Buffer.isBuffer(value)) return [];
  const own = Object.keys(value).filter((field) => /^#\d+$/.test(field));
  return [...own, ...Object.values(value).flatMap((inner) => unknownFields(inner as ProtobufValue))];
}

/** The daemon sends in FileSend, the client in FileSync. */
function observe({ path, events }: CapturedCall): { transfer: FileObserver["transfer"]; contents: string[] } {
  const observer = new FileObserver();
  const sender = path === FILE_METHODS[1] ? "daemon" : "client";
  const contents: string[] = [];
  for (const [side, bytes] of messagesOf(events)) {
    const packet = decodeFilePacket(bytes);
    expect(encodeFilePacket(packet)).toEqual(bytes);
    for (const event of observer.push(side === sender ? "sender" : "receiver", packet)) {
      if (event.kind === "data") contents.push(event.bytes.toString());
    }
  }
  return { transfer: observer.transfer, contents };
}

describe("the recorded builds", () => {
  it("transfer the files that the Dockerfile copies, and none that .dockerignore names", () => {
    const transfers = pick(readCalls("plain"), "FileSync/DiffCopy").map(observe);
    const [dockerfile, ignore, context] = transfers.map(({ transfer }) => transfer.stats.map(({ path }) => path));
    expect(dockerfile).toEqual(["Dockerfile"]);
    expect(ignore).toEqual([".dockerignore"]);
    expect(context).toEqual(["app.txt", "src", "src/f1", "src/f2", "src/link"]);
    expect([...(transfers[2]?.contents ?? [])].sort()).toEqual(["app\n", "f1\n", "f2 is longer\n"]);
  });

  it("replay into a receiver that asks for what the daemon asked for", () => {
    const [call] = pick(readCalls("plain"), "FileSync/DiffCopy").slice(2);
    const packets = messagesOf(call?.events ?? []).map(([side, bytes]) => ({ side, packet: decodeFilePacket(bytes) }));
    const receiver = new FileReceiver(() => true);
    const replies = packets
      .filter(({ side }) => side === "client")
      .flatMap(({ packet }) => receiver.push(packet).replies);
    const spoken = packets.filter(({ side }) => side === "daemon").map(({ packet }) => packet);
    const byKind = (kind: string) => (packet: { kind: string }) => packet.kind === kind;
    expect(replies.filter(byKind("request"))).toEqual(expect.arrayContaining(spoken.filter(byKind("request"))));
    expect(replies).toHaveLength(spoken.length);
    expect(replies.at(-1)).toEqual({ kind: "fin" });
  });

  it("ask for a secret, which is in the answer only", () => {
    const calls = readCalls("secret");
    const answers = pick(calls, "Secrets/GetSecret").flatMap(typedMessages);
    expect(answers.map(({ type, bytes }) => toJsonMessage(decodeMessage(BUILDKIT_SCHEMA, type, bytes)))).toEqual([
      { ID: "tok" },
      { data: { text: "canary-secret-value\n" } },
    ]);
    const others = calls.filter(({ path }) => !path.endsWith("GetSecret")).flatMap(typedMessages);
    expect(others.filter(({ bytes }) => bytes.includes("canary"))).toEqual([]);
  });

  it("export a tree from the daemon", () => {
    const [exported] = pick(readCalls("local"), "FileSend/DiffCopy").map(observe);
    expect(exported?.transfer.stats.map(({ path }) => path)).toEqual(["big", "d", "d/link", "d/out.txt"]);
    expect(exported?.contents.join("")).toHaveLength(70_003);
  });

  it("tunnel the sessions of a bake", () => {
    const targets = readCapture("bake").filter((connection) =>
      callsOf(connection).some(({ caller }) => caller === "daemon"),
    );
    expect(targets.map(({ target }) => target)).toContain("tunnel");
  });

  it("end a failing build with its reason", () => {
    const ends = pick(readCalls("failing"), "Control/Solve").flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === "status" ? [event.status] : [])),
    );
    const reason = 'process "/bin/sh -c echo before && exit 7" did not complete successfully: exit code: 7';
    expect(ends.map(({ code }) => code).sort()).toEqual([0, 2]);
    expect(ends.find(({ code }) => code === 2)?.message).toBe(reason);
  });

  it("say what a step printed", () => {
    const statuses = pick(readCalls("plain"), "Control/Status").flatMap(typedMessages);
    const logs = statuses.flatMap(({ type, bytes }) => {
      const { logs: lines = [] } = decodeMessage(BUILDKIT_SCHEMA, type, bytes) as { logs?: { msg: Buffer }[] };
      return lines.map(({ msg }) => msg.toString());
    });
    expect(logs).toEqual(["app\n"]);
  });
});
