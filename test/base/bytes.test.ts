import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteQueue, decodeUtf8 } from "../../src/base/bytes.ts";
import { countTries } from "../playbook/seed.ts";

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const count = fc.nat({ max: 60 });

/** One thing done to a queue and to a plain buffer that stands for it; returns what the queue and the buffer said. */
type Step = (queue: ByteQueue, model: Buffer) => { said: unknown; expected: unknown; model: Buffer };

const steps: fc.Arbitrary<Step> = fc.oneof(
  bytes.map(
    (more): Step =>
      (queue, model) => {
        queue.push(more);
        return { said: 0, expected: 0, model: Buffer.concat([model, more]) };
      },
  ),
  bytes.map(
    (back): Step =>
      (queue, model) => {
        queue.putBack(back);
        return { said: 0, expected: 0, model: Buffer.concat([back, model]) };
      },
  ),
  count.map(
    (n): Step =>
      (queue, model) => {
        const expected = model.subarray(0, n);
        return { said: queue.take(n).toString("hex"), expected: expected.toString("hex"), model: model.subarray(n) };
      },
  ),
  count.map(
    (n): Step =>
      (queue, model) => {
        return { said: queue.peek(n).toString("hex"), expected: model.subarray(0, n).toString("hex"), model };
      },
  ),
  count.map(
    (n): Step =>
      (queue, model) => {
        queue.drop(n);
        return { said: 0, expected: 0, model: model.subarray(n) };
      },
  ),
  count.map(
    (n): Step =>
      (queue, model) => {
        const said = queue.takePiece(n);
        return {
          said: said.equals(model.subarray(0, said.length)),
          expected: true,
          model: model.subarray(said.length),
        };
      },
  ),
  bytes.map(
    (needle): Step =>
      (queue, model) => {
        return { said: queue.indexOf(needle), expected: model.indexOf(needle), model };
      },
  ),
);

describe("a queue of bytes", () => {
  it("behaves as one buffer would, whatever is done to it", () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 120 }), (sequence) => {
        const queue = new ByteQueue();
        let model: Buffer = Buffer.alloc(0);
        for (const step of sequence) {
          const { said, expected, model: next } = step(queue, model);
          model = next;
          expect(said).toEqual(expected);
          expect(queue.length).toBe(model.length);
        }
        expect(queue.peek().equals(model)).toBe(true);
      }),
      countTries(300),
    );
  });

  it("gives back all pieces as Buffer.concat joins them", () => {
    fc.assert(
      fc.property(fc.array(bytes), (pieces) => {
        const queue = new ByteQueue();
        for (const piece of pieces) queue.push(piece);
        expect(queue.take().equals(Buffer.concat(pieces))).toBe(true);
        expect(queue.length).toBe(0);
      }),
    );
  });

  it("copies nothing where a take stays within a piece", () => {
    const queue = new ByteQueue();
    const piece = Buffer.from("abcdef");
    queue.push(piece);
    const taken = queue.take(3);
    expect(taken.buffer).toBe(piece.buffer);
    expect(taken.byteOffset).toBe(piece.byteOffset);
  });

  it("gives whole pieces one at a time", () => {
    const queue = new ByteQueue();
    queue.push(Buffer.from("abc"));
    queue.push(Buffer.from("de"));
    expect([queue.takePiece(2), queue.takePiece(), queue.takePiece(), queue.takePiece()].map(String)).toEqual([
      "ab",
      "c",
      "de",
      "",
    ]);
  });
});

describe("the text that bytes spell", () => {
  it.each([
    ["plain text", Buffer.from("hello\r\n")],
    ["nothing", Buffer.alloc(0)],
    ["a byte order mark", Buffer.from([0xef, 0xbb, 0xbf, 0x61])],
    ["four-byte characters", Buffer.from("🐋")],
    ["NUL", Buffer.from([0])],
  ])("is found in %s, and spells the same bytes again", (_, input) => {
    expect(Buffer.from(decodeUtf8(input) as string)).toEqual(input);
  });

  it.each([
    ["a lone continuation byte", [0x80]],
    ["a cut character", [0xe2, 0x82]],
    ["an overlong form", [0xc0, 0x80]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a byte that UTF-8 never uses", [0x61, 0xff]],
  ])("is not found in %s", (_, input) => {
    expect(decodeUtf8(Buffer.from(input))).toBeUndefined();
  });

  it("is never anything that would be written otherwise", () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const text = decodeUtf8(input);
        if (text !== undefined) expect(Buffer.from(text)).toEqual(input);
        else expect(Buffer.from(input.toString())).not.toEqual(input);
      }),
    );
  });
});
