/** Plays the events of one recorded stream, in order: says what the daemon said, waits for what it waited for. */
import type { EofEvent, Exchange, FileEvent, StdinEvent, StreamEvent, WebsocketEvent } from "../../cassette/model.ts";
import { roleOf } from "../../match/resources.ts";
import type { Call } from "../../session/call.ts";
import { encodeChunk, encodeLastChunk } from "../../wire/body.ts";
import { encodeWebsocketFrame } from "../../wire/websocket.ts";
import type { Cues } from "./cues.ts";
import { Chunker, spokenBytes, websocketBytes } from "./encode.ts";
import type { OnAnswered, Score } from "./score.ts";
import { Stage } from "./stage.ts";
import { hearStdin } from "./stdin.ts";
import { pause, tempoOfLeft } from "./tempo.ts";
import { eventToday, type Words } from "./translate.ts";
import type { Complaint } from "./vigil.ts";
import { WebsocketEar } from "./websocket.ts";

/** A daemon's process takes longer than this from its last word to its exit code. */
const HEARING_MS = 20;

/** What a client that is told half of something goes without; it stays on the list, for nobody can bring it. */
const THE_REST = "what was not recorded: its recording was stopped here";

/** How what is said is wrapped: in chunks, not at all, past HTTP, or (nothing is ever said) none. */
export type Wrapping = "chunked" | "plain" | "hijack" | "none";

/** `end`: the daemon has closed its half, or broken off; nothing may follow. */
type Outcome = "go-on" | "end";

export async function playStream(
  call: Call,
  exchange: Exchange,
  score: Score,
  wrapping: Wrapping,
  onAnswered: OnAnswered = () => undefined,
): Promise<void> {
  const events = exchange.stream ?? [];
  const performance = new Performance(new Stage(call), exchange, score, wrapping);
  try {
    if ((await performAll(events, performance, onAnswered)) === "end") return;
    onAnswered();
    await performance.close();
  } finally {
    // Whoever waits for this stream must not wait for what its client will never hear.
    for (const event of events) if (event.kind === "mark") score.marks.fire(event.name);
    score.sessions.spoken(call);
  }
}

async function performAll(
  events: readonly StreamEvent[],
  performance: Performance,
  onAnswered: OnAnswered,
): Promise<Outcome> {
  for (const [at, event] of events.entries()) {
    if (event.kind === "eof" && event.side === "daemon") onAnswered();
    if (event.kind === "repeat") return performance.repeat(events.slice(0, at), event.ms);
    if ((await performance.perform(eventToday(event, performance.words))) === "end" || performance.isOver) return "end";
  }
  return "go-on";
}

/** What the daemon says, and the pauses that it makes. */
function isSaid({ kind }: StreamEvent): boolean {
  return kind === "frames" || kind === "message" || kind === "bytes" || kind === "file" || kind === "wait";
}

class Performance {
  readonly #stage: Stage;
  readonly #exchange: Exchange;
  readonly #score: Score;
  readonly #wrapping: Wrapping;
  readonly #chunker: Chunker = new Chunker();
  readonly #leaving: AbortController = new AbortController();
  /** Resolves when nobody listens any more; made once, for a stream may wait for many things. */
  readonly #left: Promise<void>;
  readonly #isLeft: boolean;
  readonly #ear: WebsocketEar = new WebsocketEar();

  constructor(stage: Stage, exchange: Exchange, score: Score, wrapping: Wrapping) {
    this.#stage = stage;
    this.#exchange = exchange;
    this.#score = score;
    this.#wrapping = wrapping;
    this.#isLeft =
      wrapping !== "hijack" && (exchange.stream ?? []).some((event) => event.kind === "eof" && event.side === "client");
    this.#left = new Promise((resolve) => {
      this.#leaving.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    void stage.gone.then(() => this.#leaving.abort());
    // Past HTTP a client's closing is half a closing; within it, nobody reads the answer any more.
    if (wrapping !== "hijack") void stage.call.reader.ended.then(() => this.#leaving.abort());
  }

  get words(): Words {
    return this.#score.words;
  }

  /** The client cannot be reached any more. */
  get isOver(): boolean {
    return this.#stage.isGone;
  }

  async perform(event: StreamEvent): Promise<Outcome> {
    if (event.kind === "frames" || event.kind === "message" || event.kind === "bytes") {
      const full = this.#stage.say(this.#wrapping === "chunked" ? this.#chunker.chunks(event) : spokenBytes(event));
      if (full !== undefined) await full;
      return "go-on";
    }
    if (event.kind === "file") await this.#sayFile(event);
    else await this.#stage.flush();
    return this.#performWaiting(event);
  }

  /** Says the same again and again, until the client leaves. */
  async repeat(events: readonly StreamEvent[], pauseMs: number): Promise<Outcome> {
    const said = events.filter(isSaid);
    this.#stage.call.afterwards = "close";
    for (;;) {
      await this.#stage.flush();
      await this.#score.clock.sleep(pauseMs, this.#leaving.signal);
      if (this.#leaving.signal.aborted) return "end";
      for (const event of said) await this.perform(eventToday(event, this.words));
    }
  }

  /** The end that nothing was said about: the body's last chunk, or our half of a hijack. */
  async close(): Promise<void> {
    if (this.#wrapping === "chunked") {
      await this.#stage.say(this.#chunker.close());
      await this.#stage.say(encodeLastChunk(this.#exchange.response?.trailers ?? []));
    }
    await this.#stage.flush();
    if (this.#wrapping === "plain") this.#stage.call.afterwards = "close";
  }

  async #performWaiting(event: StreamEvent): Promise<Outcome> {
    switch (event.kind) {
      case "wait":
        await this.#wait(event.ms);
        return "go-on";
      case "cue":
        return (await this.#await(this.#score.cues, event.name)) ? "go-on" : "end";
      case "mark":
        this.#score.marks.fire(event.name);
        return "go-on";
      case "until":
        return this.#awaitMark(event.name);
      case "stdin":
        return this.#hear(event);
      case "ws":
        return this.#websocketEvent(event);
      case "eof":
        return this.#end(event);
      case "reset":
        this.#stage.call.afterwards = "reset";
        return "end";
      case "hold":
        await this.#stage.untilClientEnds();
        this.#stage.call.afterwards = "close";
        return "end";
      case "cut":
        return this.#cutShort();
      default:
        return "go-on";
    }
  }

  async #wait(ms: number): Promise<void> {
    const { tempo, clock } = this.#score;
    await pause(ms, this.#isLeft ? tempoOfLeft(tempo) : tempo, clock, this.#leaving.signal);
  }

  /** What was said elsewhere is on its way on another connection: the client is given time to hear it. */
  async #awaitMark(name: string): Promise<Outcome> {
    if (!(await this.#await(this.#score.marks, name))) return "end";
    await this.#score.clock.sleep(HEARING_MS, this.#leaving.signal);
    return "go-on";
  }

  async #await(cues: Cues, name: string): Promise<boolean> {
    if (cues.hasFired(name)) return true;
    return this.#watch(`\`${name}\``, () => cues.wait(name, this.#left));
  }

  async #hear(event: StdinEvent): Promise<Outcome> {
    const complaint = await this.#watch("the client's bytes", () => hearStdin(this.#stage, event.content, this.#score));
    return this.#judge(complaint, (text) => spokenBytes({ kind: "frames", stream: "systemerr", payload: text }));
  }

  async #websocketEvent(event: WebsocketEvent): Promise<Outcome> {
    if (event.from === "daemon") await this.#stage.say(websocketBytes(event));
    else return this.#hearWebsocket(event);
    await this.#stage.flush();
    return "go-on";
  }

  async #hearWebsocket(event: WebsocketEvent): Promise<Outcome> {
    const complaint = await this.#watch("a websocket message", () => this.#ear.hear(this.#stage, event));
    return this.#judge(complaint, (text) => encodeWebsocketFrame("text", text));
  }

  /** A client that says something else than it said then is told so, and let go. */
  async #judge(complaint: Complaint | undefined, wrap: (text: Buffer) => Buffer): Promise<Outcome> {
    if (complaint === undefined) return "go-on";
    this.#score.vigil.complain(this.#exchange, complaint);
    await this.#stage.say(wrap(Buffer.from(`${complaint.message}\n`)));
    await this.#stage.flush();
    this.#stage.call.afterwards = "close";
    return "end";
  }

  async #end({ side }: EofEvent): Promise<Outcome> {
    if (side === "client") {
      this.#score.sessions.spoken(this.#stage.call);
      await this.#watch("the client to close", () => this.#stage.untilClientEnds());
      return "go-on";
    }
    this.#stage.call.afterwards = "close";
    this.#stage.call.connection.end();
    return "end";
  }

  /**
   * The recording ended, not the answer. Who follows something that may go on for ever leaves by himself; who waits
   * for an end would wait for ever, and is let go as the recorder let him go.
   */
  async #cutShort(): Promise<Outcome> {
    const { call } = this.#stage;
    const goesOn = this.#wrapping === "hijack" || roleOf(call.head.method, call.operation) === "long";
    if (goesOn) await this.#stage.untilClientEnds();
    else if (!this.#stage.isGone) this.#score.vigil.keep(this.#exchange, THE_REST);
    call.afterwards = "close";
    return "end";
  }

  async #sayFile({ file }: FileEvent): Promise<void> {
    await this.#stage.say(this.#chunker.close());
    await this.#stage.flush();
    for await (const piece of this.#score.pieces(file)) {
      if (this.#stage.isGone) return;
      await this.#stage.call.connection.write(this.#wrapping === "chunked" ? encodeChunk(piece) : Buffer.from(piece));
    }
  }

  /** Waits for something that may never come, where it can be seen who waits for what. */
  async #watch<T>(what: string, wait: () => Promise<T>): Promise<T> {
    const dismiss = this.#score.vigil.keep(this.#exchange, what);
    try {
      return await wait();
    } finally {
      dismiss();
    }
  }
}
