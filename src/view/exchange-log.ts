/**
 * A cassette as a log of what happened: one line a request, repeated polls folded, and the lines of each stream behind
 * the request that let them pass.
 */
import { formatDuration } from "../base/duration.ts";
import { escapeToLine } from "../base/printable.ts";
import { createStyles, type OutputStyles } from "./colour.ts";
import type { ExchangeDigest } from "./digest/digest-exchange.ts";
import { shortenText } from "./digest/shorten-text.ts";
import type { StreamLane, StreamLine, StreamSegment } from "./digest/stream-line.ts";

export interface ExchangeLogOptions {
  readonly styles: OutputStyles;
  /** Whether nothing is folded or shortened. @default false */
  readonly isVerbose?: boolean;
  /** Only lines of these lanes, and no requests. @default all, and the requests */
  readonly lanes?: ReadonlySet<string>;
}

const WIDTH = { detail: 120, outcome: 160, line: 200 } as const;
/** Lines of one segment. */
const MOST_LINES = 40;
/** Reads that wait to be folded. */
const MOST_FOLDED = 50;
/** The end of a bold word would end the dim line that it stands in. */
const PLAIN = createStyles(false);
/** Waits below this say nothing. */
const LONG_WAIT_MS = 1000;

interface FoldedRead {
  readonly digest: ExchangeDigest;
  count: number;
  last: number;
}

interface OpenStream {
  readonly number: number;
  readonly segments: StreamSegment[];
}

export class ExchangeLog {
  readonly #options: ExchangeLogOptions;
  readonly #requested = new Set<string>();
  readonly #marks = new Set<string>();
  #streams: OpenStream[] = [];
  #reads: FoldedRead[] = [];

  constructor(options: ExchangeLogOptions) {
    this.#options = options;
  }

  /** The lines that `digest` completes. One that is not shown lets the streams of others pass all the same. */
  *add(digest: ExchangeDigest, isShown = true): Generator<string> {
    const hasLines = digest.segments.length > 0;
    if (!isShown) {
      yield* this.#pass(digest.name);
      return;
    }
    if (this.#isFoldable(digest)) {
      if (!this.#fold(digest)) yield* this.#flushReads();
      return;
    }
    yield* this.#flushReads();
    yield* this.#formatRequest(digest, "");
    if (hasLines) this.#streams.push({ number: digest.number, segments: [...digest.segments] });
    if (hasLines || digest.name !== undefined) yield* this.#pass(digest.name);
  }

  /** What is left: reads that were held back, and streams that waited in vain. */
  *end(): Generator<string> {
    yield* this.#flushReads();
    for (const { number, segments } of this.#streams) {
      for (const segment of segments) yield* this.#formatSegment(number, segment);
    }
    this.#streams = [];
  }

  #isFoldable({ role, segments, name }: ExchangeDigest): boolean {
    if (this.#options.isVerbose === true || segments.length > 0 || name !== undefined) return false;
    return role === "read" || role === "free";
  }

  /** Counts a read whose latest like had the same outcome. Returns whether there is room for further ones. */
  #fold(digest: ExchangeDigest): boolean {
    const like = this.#reads.findLast((read) => toTitle(read.digest) === toTitle(digest));
    if (like !== undefined && isSameOutcome(like.digest, digest)) {
      like.count += 1;
      like.last = digest.number;
    } else this.#reads.push({ digest, count: 1, last: digest.number });
    return this.#reads.length < MOST_FOLDED;
  }

  *#flushReads(): Generator<string> {
    for (const { digest, count, last } of this.#reads) {
      yield* this.#formatRequest(digest, count === 1 ? "" : `  (${count} times, ${digest.number}-${last})`);
    }
    this.#reads = [];
  }

  /** The segments that may pass now. A mark that one sets may let the next one pass. */
  *#pass(name: string | undefined): Generator<string> {
    if (name !== undefined) this.#requested.add(name);
    for (let hasPassed = true; hasPassed; ) {
      hasPassed = false;
      for (const stream of this.#streams) {
        const lines = [...this.#passStream(stream)];
        hasPassed ||= lines.length > 0;
        yield* lines.flat();
      }
    }
    this.#streams = this.#streams.filter(({ segments }) => segments.length > 0);
  }

  *#passStream({ number, segments }: OpenStream): Generator<string[]> {
    for (let next = segments[0]; next !== undefined && this.#mayPass(next); next = segments[0]) {
      segments.shift();
      for (const mark of next.marks) this.#marks.add(mark);
      yield [...this.#formatSegment(number, next)];
    }
  }

  #mayPass({ cues, untils }: StreamSegment): boolean {
    return cues.every((cue) => this.#requested.has(cue)) && untils.every((mark) => this.#marks.has(mark));
  }

  *#formatRequest(digest: ExchangeDigest, count: string): Generator<string> {
    if (this.#options.lanes !== undefined) return;
    const { number, method, status, hasFailed, role, waitMs } = digest;
    const { styles } = this.#options;
    const isQuiet = role === "free" && !hasFailed;
    const wait = waitMs >= LONG_WAIT_MS || (this.#options.isVerbose === true && waitMs > 0);
    const end = [
      (hasFailed ? styles.red : styles.green)(this.#toLine(status)),
      this.#shorten(digest.outcome, WIDTH.outcome),
      wait ? (isQuiet ? PLAIN : styles).dim(`after ${formatDuration(waitMs)}`) : "",
    ];
    const title = `${number}`.padStart(4);
    const text = `${method.padEnd(6)} ${this.#formatTitle(digest, isQuiet ? PLAIN : styles)} -> ${end.filter((part) => part !== "").join(" ")}`;
    yield `${styles.dim(title)} ${isQuiet ? styles.dim(text) : text}${styles.dim(count)}`;
  }

  #formatTitle({ verb, subject, detail }: ExchangeDigest, styles: OutputStyles): string {
    const title = `${styles.bold(this.#toLine(verb))}${subject === "" ? "" : ` ${styles.cyan(this.#toLine(subject))}`}`;
    return detail === "" ? title : `${title}  ${this.#shorten(detail, WIDTH.detail)}`;
  }

  *#formatSegment(number: number, { lines }: StreamSegment): Generator<string> {
    const { isVerbose = false, lanes } = this.#options;
    const chosen = lanes === undefined ? lines : lines.filter(({ lane }) => lanes.has(lane));
    if (isVerbose || lanes !== undefined || chosen.length <= MOST_LINES + 1) {
      for (const line of chosen) yield this.#formatLine(number, line);
      return;
    }
    const hidden = `... ${chosen.length - MOST_LINES} more lines: --exchange ${number} shows them`;
    const isScreen = chosen[0]?.lane === "tty";
    const shown = isScreen ? chosen.slice(-MOST_LINES) : chosen.slice(0, MOST_LINES);
    if (isScreen) yield this.#formatLine(number, { lane: "note", text: hidden });
    for (const line of shown) yield this.#formatLine(number, line);
    if (!isScreen) yield this.#formatLine(number, { lane: "note", text: hidden });
  }

  #formatLine(number: number, { lane, text }: StreamLine): string {
    const { styles } = this.#options;
    const line = this.#shorten(text, WIDTH.line);
    return `${styles.dim(`${`${number}`.padStart(10)} ${lane.padEnd(8)}`)} ${styleLane(styles, lane)(line)}`;
  }

  #shorten(text: string, width: number): string {
    const line = this.#toLine(text);
    return this.#options.isVerbose === true ? line : shortenText(line, width);
  }

  #toLine(text: string): string {
    return escapeToLine(text);
  }
}

function styleLane(styles: OutputStyles, lane: StreamLane): (text: string) => string {
  if (lane === "stdin") return styles.green;
  if (lane === "stderr") return styles.red;
  return lane === "note" || lane === "tar" ? styles.dim : (text) => text;
}

function toTitle({ method, verb, subject, detail }: ExchangeDigest): string {
  return [method, verb, subject, detail].join("\0");
}

function isSameOutcome(one: ExchangeDigest, other: ExchangeDigest): boolean {
  return one.status === other.status && one.outcome === other.outcome;
}
