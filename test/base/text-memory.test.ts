import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GrowingText, TextMemory } from "../../src/base/text-memory.ts";

describe("a growing text", () => {
  it("has the bytes of all that was appended, however long", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.nat(9000))), (parts) => {
        const text = new GrowingText();
        const pieces = parts.map(([piece, count]) => piece.repeat(count / Math.max(1, piece.length)));
        for (const piece of pieces) text.append(piece);
        expect(text.bytes.equals(Buffer.from(pieces.join("")))).toBe(true);
      }),
    );
  });
});

describe("the memory of texts", () => {
  it("is used again once it is given back", () => {
    const memory = new TextMemory();
    const first = memory.take();
    first.append("first");
    memory.giveBack(first);
    const second = memory.take();
    expect(second.bytes.length).toBe(0);
    second.append("other");
    expect(second.bytes.buffer).toBe(first.bytes.buffer);
  });

  it("is not shared by texts that are alive at the same time", () => {
    const memory = new TextMemory();
    const [one, other] = [memory.take(), memory.take()];
    one.append("one");
    other.append("other");
    expect(one.bytes.toString()).toBe("one");
    memory.giveBack(one);
    memory.giveBack(other);
    expect(memory.take()).toBe(other);
  });

  it("is not kept where a text was larger than 16 MB", () => {
    const memory = new TextMemory();
    const text = memory.take();
    text.append("x".repeat(6 * 1024 * 1024));
    memory.giveBack(text);
    expect(memory.take()).not.toBe(text);
  });
});
