/** A recorded call, and the call of today's client that takes its place. Either may come first. */
import { joinBytes } from "../../base/bytes.ts";
import type { ClientCall, DaemonAnswer } from "./build-script.ts";
import type { LiveCall } from "./live-call.ts";

export class CallSlot {
  readonly call: ClientCall;
  /** Resolves when the client has made the call. */
  readonly arrived: Promise<void>;
  /** Whether the call was answered to its end. */
  isEnded = false;
  #live: LiveCall | undefined;
  #resolveArrived: () => void = () => undefined;
  /** Answers whose turn has come, in order. */
  readonly #due: DaemonAnswer[] = [];
  #sending: Promise<void> = Promise.resolve();
  readonly #rewrite: (bytes: Buffer) => Buffer;

  /** @param rewrite recorded bytes into today's */
  constructor(call: ClientCall, rewrite: (bytes: Buffer) => Buffer) {
    this.call = call;
    this.#rewrite = rewrite;
    this.arrived = new Promise((resolve) => {
      this.#resolveArrived = resolve;
    });
  }

  get live(): LiveCall | undefined {
    return this.#live;
  }

  /** The client has made the call. */
  attach(live: LiveCall): void {
    this.#live = live;
    this.#resolveArrived();
  }

  /** The turn of an answer has come. */
  answer(answer: DaemonAnswer): Promise<void> {
    this.#due.push(answer);
    return this.#live === undefined ? Promise.resolve() : this.sendDue();
  }

  /** Ends the call otherwise than recorded. */
  finish(end: (live: LiveCall) => void): void {
    if (this.#live === undefined || this.isEnded) return;
    this.isEnded = true;
    end(this.#live);
  }

  /** Sends the answers whose turn has passed: a call that comes late hangs nothing. */
  sendDue(): Promise<void> {
    const sent = this.#sending.then(() => this.#send());
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  async #send(): Promise<void> {
    for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift()) await this.#sendAnswer(next);
  }

  async #sendAnswer(answer: DaemonAnswer): Promise<void> {
    const live = this.#live;
    if (live === undefined || this.isEnded) return;
    if (answer.kind === "head") live.sendHead();
    else if (answer.kind === "status") this.finish((call) => call.end(answer.status));
    else await live.send(this.#rewrite(await loadBytes(answer.bytes)));
  }
}

/** The bytes of a message. */
export function loadBytes(bytes: (DaemonAnswer & { kind: "message" })["bytes"]): Promise<Buffer> | Buffer {
  return Buffer.isBuffer(bytes) ? bytes : joinBytes(bytes.read());
}
