/** A connection from one simulated process to another: two pipes. */
import type { Connection } from "../../../session/connection.ts";
import { Pipe } from "../process/pipe.ts";

/** Both ends of a new line. */
export function lineOfTwo(): readonly [Connection, Connection] {
  const [there, back] = [new Pipe(), new Pipe()];
  const line = new Line();
  return [new End(line, back, there), new End(line, there, back)];
}

/** What both ends share: when it is over. */
class Line {
  readonly closed: Promise<void>;
  isGone = false;
  wasCut = false;
  #openHalves = 2;
  #close: () => void = () => undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  endHalf(): void {
    this.#openHalves -= 1;
    if (this.#openHalves === 0) this.#over();
  }

  cut(): void {
    this.wasCut = !this.isGone;
    this.#over();
  }

  #over(): void {
    this.isGone = true;
    this.#close();
  }
}

class End implements Connection {
  readonly #line: Line;
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;
  #isEnded = false;

  constructor(line: Line, incoming: Pipe, outgoing: Pipe) {
    this.#line = line;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  get closed(): Promise<void> {
    return this.#line.closed;
  }

  get isGone(): boolean {
    return this.#line.isGone;
  }

  get isBroken(): boolean {
    return this.#line.wasCut;
  }

  read(): Promise<Buffer | undefined> {
    return this.#incoming.read();
  }

  write(bytes: Buffer): Promise<void> {
    return this.#outgoing.write(bytes).then(() => undefined);
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#outgoing.end();
    this.#line.endHalf();
  }

  reset(): void {
    this.#line.cut();
    for (const pipe of [this.#incoming, this.#outgoing]) {
      pipe.abandon();
      pipe.end();
    }
  }
}
