/**
 * Plays the events of one recorded stream in order: writes the daemon's output, compares the client's input, waits for
 * cues, marks and pauses. `#playEvent` is the one place that tells the kinds of events apart.
 */
import type { EofEvent, FileEvent, StreamEvent, WebsocketEvent } from "../../cassette/model.ts";
import { toRole } from "../../match/resources.ts";
import type { Call } from "../../session/call.ts";
import { encodeChunk, encodeLastChunk } from "../../wire/http/body.ts";
import type { CueBoard } from "../run/cue-board.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import { formatMismatch, type StdinMismatch } from "../run/stdin-mismatch.ts";
import { type OutputEvent, substituteInFields, substituteInMessage, substituteInOutput } from "../run/substitution.ts";
import { ClientStream } from "./client-stream.ts";
import { Chunker, encodeOutput, encodeWebsocketEvent } from "./encode.ts";
import { giveTimeToRead } from "./give-time-to-read.ts";
import { InputComparison } from "./input-comparison.ts";
import { pauseLeftStream } from "./pause-left-stream.ts";
import type { OnAnswered, PlaybackContext } from "./playback-context.ts";
import { selectRepeated } from "./repeated-events.ts";
import type { StreamPlayerOptions, Wrapping } from "./stream-player-options.ts";
import { pause } from "./tempo.ts";
import { UNRECORDED_REST, waitAtCut } from "./wait-at-cut.ts";
import { waitForOutput } from "./wait-for-output.ts";
import { isOutputMark, MARK_DELAY_MS, waitUntilTold } from "./wait-until-told.ts";

/** `end`: the daemon has closed its half, or has broken off. Nothing may follow. */
type AfterEvent = "continue" | "end";

/** Resolves when the stream has ended, or when its client cannot be reached any more. */
export async function playStream(options: StreamPlayerOptions): Promise<void> {
  const { call, live, context } = options;
  try {
    await new StreamPlayer(options).play();
  } finally {
    // Another stream must not wait for a mark that this client will never reach.
    for (const event of live.exchange.stream ?? []) if (event.kind === "mark") context.run.marks.fire(event.name);
    context.run.buildKitSessions.markFinished(call);
  }
}

class StreamPlayer {
  readonly #stream: ClientStream;
  readonly #live: LiveExchange;
  readonly #context: PlaybackContext;
  readonly #wrapping: Wrapping;
  readonly #onAnswered: OnAnswered;
  readonly #chunker: Chunker = new Chunker();
  readonly #input: InputComparison;
  /** In the recording, the client ended the stream. */
  readonly #isLeftByClient: boolean;

  constructor({ call, live, context, wrapping, onAnswered }: StreamPlayerOptions) {
    this.#stream = new ClientStream(call, wrapping === "hijack");
    this.#live = live;
    this.#context = context;
    this.#input = new InputComparison(this.#stream, live, context);
    this.#wrapping = wrapping;
    this.#onAnswered = onAnswered;
    this.#isLeftByClient =
      wrapping !== "hijack" &&
      (live.exchange.stream ?? []).some((event) => event.kind === "eof" && event.side === "client");
  }

  async play(): Promise<void> {
    for (let event = this.#live.advance(); event !== undefined; event = this.#live.advance()) {
      if ((await this.#playEvent(event)) === "end" || this.#stream.isGone) return;
    }
    await this.#finishAnswer();
    await this.#close();
  }

  /** What was said so far leaves before the end waits for anything. */
  async #finishAnswer(): Promise<void> {
    const waiting = this.#onAnswered(this.#stream.left);
    if (waiting === undefined) return;
    await this.#stream.flush();
    await waiting;
  }

  /** All but output first writes what was gathered, so that the client has it while the stream waits. */
  #playEvent(event: StreamEvent): Promise<AfterEvent> {
    switch (event.kind) {
      case "frames":
      case "message":
      case "bytes":
        return this.#writeOutput(event);
      case "file":
        return this.#writeFile(event);
      case "ws":
        if (event.from === "daemon") return this.#writeMessage(event);
        return this.#checkInput(() => this.#input.compareMessage(event));
      case "stdin":
        return this.#checkInput(() => this.#input.compareBytes(event));
      case "wait":
        return this.#pause(event.ms);
      case "cue":
        return this.#waitForCue(event.name);
      case "mark":
        return this.#fireMark(event.name);
      case "until":
        return this.#waitForMark(event.name);
      case "eof":
        return event.side === "daemon" ? this.#endHalf() : this.#waitForClientEnd(event);
      case "repeat":
        return this.#repeatOutput(event.ms);
      case "reset":
        return this.#endWith("reset");
      case "hold":
        return this.#hold();
      case "cut":
        return this.#cutShort();
      default:
        return event satisfies never;
    }
  }

  async #writeOutput(event: OutputEvent): Promise<AfterEvent> {
    const waiting = waitForOutput(event, this.#live, this.#context, this.#stream.left);
    if (waiting !== undefined) {
      await this.#stream.flush();
      await waiting;
    }
    const output = substituteInOutput(event, this.#context.substitution);
    const full = this.#stream.write(this.#wrapping === "chunked" ? this.#chunker.encode(output) : encodeOutput(output));
    if (full !== undefined) await full;
    return "continue";
  }

  async #writeFile({ file }: FileEvent): Promise<AfterEvent> {
    await this.#stream.write(this.#chunker.close());
    await this.#stream.flush();
    for await (const piece of this.#context.run.pieces(file)) {
      if (this.#stream.isGone) return "continue";
      const bytes = this.#wrapping === "chunked" ? encodeChunk(piece) : Buffer.from(piece);
      await this.#stream.call.connection.write(bytes);
    }
    return "continue";
  }

  async #writeMessage(event: WebsocketEvent): Promise<AfterEvent> {
    await this.#stream.flush();
    await this.#stream.write(encodeWebsocketEvent(substituteInMessage(event, this.#context.substitution)));
    await this.#stream.flush();
    return "continue";
  }

  /** If its input differs from the recording, the client gets the difference as output, and the stream ends. */
  async #checkInput(compare: () => Promise<StdinMismatch | undefined>): Promise<AfterEvent> {
    await this.#stream.flush();
    const mismatch = await compare();
    if (mismatch === undefined) return "continue";
    const message = formatMismatch(mismatch, `${this.#context.run.file}:${this.#live.placed.entry.line}`);
    this.#context.run.mismatches.push(message);
    await this.#stream.write(this.#input.encodeText(`${message}\n`));
    return this.#endWith("close");
  }

  async #pause(ms: number): Promise<AfterEvent> {
    await this.#stream.flush();
    const { tempo, clock } = this.#context;
    const { leaving } = this.#stream;
    if (this.#isLeftByClient && tempo.scale === 0) await pauseLeftStream(ms, this.#live, leaving, this.#context);
    else await pause(ms, tempo, clock, leaving);
    return "continue";
  }

  async #waitForCue(name: string): Promise<AfterEvent> {
    await this.#stream.flush();
    return (await this.#waitFor(this.#context.run.cues, name)) ? "continue" : "end";
  }

  async #fireMark(name: string): Promise<AfterEvent> {
    await this.#stream.flush();
    this.#context.run.marks.fire(name, this.#context.clock.now());
    return "continue";
  }

  /** The output before the mark is on its way on another connection: the client gets time to read it. */
  async #waitForMark(name: string): Promise<AfterEvent> {
    await this.#stream.flush();
    if (!isOutputMark(name, this.#live, this.#context.run)) {
      await waitUntilTold(name, { live: this.#live, context: this.#context, gone: this.#stream.left });
      return "continue";
    }
    if (!(await this.#waitFor(this.#context.run.marks, name))) return "end";
    await giveTimeToRead(this.#context.clock, { delayMs: MARK_DELAY_MS, gone: this.#stream.leaving });
    return "continue";
  }

  /** Meanwhile the stream may turn out to be another one, which waits for another name. */
  async #waitFor(board: CueBoard, name: string): Promise<boolean> {
    for (let awaited = name; !board.hasFired(awaited); awaited = this.#live.readAwaitedName(awaited)) {
      const hasFired = await this.#logWait(`\`${awaited}\``, () => board.waitFor(awaited, this.#stream.left));
      if (!hasFired) return false;
    }
    return true;
  }

  #waitForClientEnd(event: EofEvent): Promise<AfterEvent> {
    return this.#checkInput(() => {
      this.#context.run.buildKitSessions.markFinished(this.#stream.call);
      return this.#input.waitForEnd(event);
    });
  }

  async #endHalf(): Promise<AfterEvent> {
    await this.#finishAnswer();
    const after = await this.#endWith("close");
    this.#stream.call.connection.end();
    return after;
  }

  async #endWith(fate: Call["connectionFate"]): Promise<AfterEvent> {
    await this.#stream.flush();
    this.#stream.call.connectionFate = fate;
    return "end";
  }

  async #hold(): Promise<AfterEvent> {
    await this.#stream.flush();
    await this.#stream.waitForClientEnd();
    return this.#endWith("close");
  }

  /**
   * The recording ended, not the response. A client that follows an endless stream leaves by itself. Any other client
   * would wait for an end that was not recorded: the connection is closed, as the recorder closed it.
   */
  async #cutShort(): Promise<AfterEvent> {
    await this.#stream.flush();
    const { call } = this.#stream;
    const isEndless = this.#wrapping === "hijack" || toRole(call.head.method, call.operation) === "long";
    if (isEndless) await waitAtCut(this.#stream, this.#live, this.#context);
    // It stays on the list: nothing can bring it.
    else if (!this.#stream.isGone) this.#context.run.waits.add(this.#live.exchange, UNRECORDED_REST);
    return this.#endWith("close");
  }

  /** Plays the output so far again and again, until the client leaves. */
  async #repeatOutput(pauseMs: number): Promise<AfterEvent> {
    const output = selectRepeated(this.#live.exchange.stream ?? []);
    for (;;) {
      await this.#stream.flush();
      await this.#context.clock.sleep(pauseMs, this.#stream.leaving);
      if (this.#stream.leaving.aborted) return this.#endWith("close");
      for (const event of output) await this.#playEvent(event);
    }
  }

  /** The end that no event tells: the body's last chunk, or our half of a hijack. */
  async #close(): Promise<void> {
    if (this.#wrapping === "chunked") {
      await this.#stream.write(this.#chunker.close());
      const trailers = this.#live.exchange.response?.trailers ?? [];
      await this.#stream.write(encodeLastChunk(substituteInFields(trailers, this.#context.substitution)));
    }
    await this.#stream.flush();
    if (this.#wrapping === "plain") this.#stream.call.connectionFate = "close";
  }

  #logWait<T>(what: string, wait: () => Promise<T>): Promise<T> {
    return this.#context.run.waits.during(this.#live.exchange, what, wait);
  }
}
