/**
 * One end of a connection, as a playbook has it: says bytes, hears exactly the bytes it should, or nothing. All that
 * comes in is read at once and kept until the playbook asks for it.
 */
import { expect } from "vitest";
import type { Connection } from "../../src/session/connection.ts";
import { waitForQuiet, waitSoon } from "./quiet.ts";

export type Bytes = string | Buffer;

export class Peer {
  readonly connection: Connection;
  readonly #read: Promise<void>;
  #unheard: Buffer = Buffer.alloc(0);
  #hasEnded = false;
  #arrived: () => void = () => undefined;

  constructor(connection: Connection) {
    this.connection = connection;
    this.#read = this.#pump();
  }

  async sends(...pieces: readonly Bytes[]): Promise<void> {
    for (const piece of pieces) {
      const full = this.connection.write(toBytes(piece));
      if (full !== undefined) await full;
    }
  }

  /** Hears these bytes, in whatever pieces, before any others. */
  async hears(...pieces: readonly Bytes[]): Promise<void> {
    const expected = Buffer.concat(pieces.map(toBytes));
    while (this.#unheard.length < expected.length && !this.#hasEnded) await this.#more(expected.length);
    const heard = this.#unheard.subarray(0, expected.length);
    this.#unheard = this.#unheard.subarray(heard.length);
    if (!heard.equals(expected)) expect(quoteBytes(heard)).toBe(quoteBytes(expected));
  }

  /** Hears up to and with `mark`; gives back what it heard, as latin1. */
  async hearsUpTo(mark: string): Promise<string> {
    while (!this.#unheard.includes(mark) && !this.#hasEnded) await this.#more(this.#unheard.length + 1);
    const at = this.#unheard.indexOf(mark);
    if (at === -1) expect(quoteBytes(this.#unheard), "ended before").toContain(mark);
    const heard = this.#unheard.subarray(0, at + mark.length);
    this.#unheard = this.#unheard.subarray(heard.length);
    return heard.toString("latin1");
  }

  /** Hears everything up to the end of the other's half; gives it back, as latin1. */
  async hearsAll(): Promise<string> {
    await waitSoon(this.#read, () => "the other side to end");
    const heard = this.#unheard.toString("latin1");
    this.#unheard = Buffer.alloc(0);
    return heard;
  }

  /** Neither bytes nor an end have come when everything that can go on has gone on. */
  async hearsNothing(): Promise<void> {
    await waitForQuiet();
    expect(quoteBytes(this.#unheard)).toBe("");
    expect(this.#hasEnded, "the other side has ended").toBe(false);
  }

  /** The other side closes its half, and says nothing before. */
  async hearsEnd(): Promise<void> {
    expect(await this.hearsAll()).toBe("");
    expect(this.connection.isBroken, "broken off").toBe(false);
  }

  /** The other side breaks off, and says nothing before. */
  async hearsReset(): Promise<void> {
    expect(await this.hearsAll()).toBe("");
    expect(this.connection.isBroken, "broken off").toBe(true);
  }

  async closesItsHalf(): Promise<void> {
    this.connection.end();
    await waitForQuiet();
  }

  async breaksOff(): Promise<void> {
    this.connection.reset();
    await waitForQuiet();
  }

  async #more(wanted: number): Promise<void> {
    const arrival = new Promise<void>((resolve) => {
      this.#arrived = resolve;
    });
    await waitSoon(arrival, () => `${wanted} bytes, heard ${this.#unheard.length}: ${quoteBytes(this.#unheard)}`);
  }

  async #pump(): Promise<void> {
    for (let bytes = await this.connection.read(); bytes !== undefined; bytes = await this.connection.read()) {
      this.#unheard = this.#unheard.length === 0 ? bytes : Buffer.concat([this.#unheard, bytes]);
      this.#arrived();
    }
    this.#hasEnded = true;
    this.#arrived();
  }
}

export function toBytes(piece: Bytes): Buffer {
  return typeof piece === "string" ? Buffer.from(piece, "latin1") : piece;
}

/** Bytes as a failing test can show them. */
function quoteBytes(bytes: Buffer): string {
  return bytes.length > 4000
    ? `${bytes.length} bytes of ${bytes.toString("latin1", 0, 4000)}`
    : bytes.toString("latin1");
}
