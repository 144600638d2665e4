/**
 * Watches an HTTP/2 connection (RFC 9113) and tells what passes. It is no endpoint: it answers nothing, keeps no
 * windows and no states of streams. Of either direction it holds one unfinished frame, one unfinished header block
 * and HPACK's table.
 */
import type { WireError } from "../../base/errors.ts";
import { DirectionDecoder } from "./direction-decoder.ts";
import { createHttp2Error } from "./http2-error.ts";
import type { Http2Event, Http2Side } from "./http2-event.ts";
import { HEADER_TABLE_SIZE, MAX_FRAME_SIZE } from "./read-frame.ts";

export class Http2Decoder {
  readonly #directions: Readonly<Record<Http2Side, DirectionDecoder>> = {
    client: new DirectionDecoder("client"),
    daemon: new DirectionDecoder("daemon"),
  };
  #failure: WireError | undefined;

  /** The side that began with the preface and makes the requests; undefined before its first byte. */
  get http2Client(): Http2Side | undefined {
    if (this.#directions.client.hasPreface || this.#directions.daemon.hasPreface === false) return "client";
    return this.#directions.daemon.hasPreface || this.#directions.client.hasPreface === false ? "daemon" : undefined;
  }

  /**
   * What the bytes that `side` sent complete, in the order of the wire. PRIORITY, PING, WINDOW_UPDATE and frames of
   * unknown types make no event. After an error each push throws it again.
   * @throws WireError `WHALESONG_BAD_HTTP2`, `WHALESONG_BAD_HPACK`
   */
  push(side: Http2Side, bytes: Buffer): Http2Event[] {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#decode(side, bytes);
    } catch (error) {
      this.#failure = error as WireError;
      throw error;
    }
  }

  /** `side` has closed its half, or the connection broke. */
  end(side: Http2Side): Http2Event[] {
    return [{ kind: "end", side, isWhole: this.#directions[side].isWhole }];
  }

  #decode(side: Http2Side, bytes: Buffer): Http2Event[] {
    const events: Http2Event[] = [];
    const direction = this.#directions[side];
    direction.push(bytes);
    this.#checkRoles();
    for (let found = direction.readNext(); found !== undefined; found = direction.readNext()) {
      if (found.kind === "nothing") continue;
      if (found.kind === "settings") this.#apply(found.settings, this.#directions[toOtherSide(side)]);
      events.push(found);
    }
    return events;
  }

  #checkRoles(): void {
    const { client, daemon } = this.#directions;
    if (client.hasPreface && daemon.hasPreface)
      throw createHttp2Error("a preface from both sides", "one HTTP/2 client");
    if (client.hasPreface === false && daemon.hasPreface === false)
      throw createHttp2Error("no preface", "one HTTP/2 client");
  }

  /** What one side announces is what the other may send. */
  #apply(settings: readonly (readonly [number, number])[], writer: DirectionDecoder): void {
    for (const [identifier, value] of settings) {
      if (identifier === HEADER_TABLE_SIZE) writer.allowTableSize(value);
      if (identifier === MAX_FRAME_SIZE) writer.allowFrameSize(value);
    }
  }
}

function toOtherSide(side: Http2Side): Http2Side {
  return side === "client" ? "daemon" : "client";
}
