/** A stream as lines for people, cut where it waits for other exchanges. */

/** What a line is: the streams of a process, the daemon's messages, or a remark. */
export const STREAM_LANES = [
  "stdin",
  "stdout",
  "stderr",
  "tty",
  "text",
  "progress",
  "event",
  "stats",
  "exit",
  "build",
  "grpc",
  "tar",
  "note",
] as const;

export type StreamLane = (typeof STREAM_LANES)[number];

export interface StreamLine {
  readonly lane: StreamLane;
  readonly text: string;
}

/** Lines that belong behind other exchanges: they pass when all that they wait for has passed. */
export interface StreamSegment {
  /** Names of exchanges that are requested first. */
  readonly cues: readonly string[];
  /** Names of marks that are passed first. */
  readonly untils: readonly string[];
  readonly lines: readonly StreamLine[];
  /** The marks that stand behind the lines. */
  readonly marks: readonly string[];
}

/** Collects lines into segments. A line that is not complete waits for its rest, or for a line of another lane. */
export class SegmentBuilder {
  readonly #segments: StreamSegment[] = [];
  #cues: string[] = [];
  #untils: string[] = [];
  #marks: string[] = [];
  #lines: StreamLine[] = [];
  #open: StreamLine | undefined;

  /** Adds text of a stream, which need not end where a line does. */
  addText(lane: StreamLane, text: string): void {
    if (this.#open !== undefined && this.#open.lane !== lane) this.#closeLine();
    const lines = `${this.#open?.text ?? ""}${text}`.split("\n");
    this.#open = undefined;
    const rest = lines.pop() as string;
    for (const line of lines) this.addLine(lane, toFinalState(line));
    if (rest !== "") this.#open = { lane, text: rest };
  }

  addLine(lane: StreamLane, text: string): void {
    this.#lines.push({ lane, text });
  }

  addCue(name: string): void {
    this.#cut();
    this.#cues.push(name);
  }

  addUntil(name: string): void {
    this.#cut();
    this.#untils.push(name);
  }

  addMark(name: string): void {
    this.#closeLine();
    this.#marks.push(name);
  }

  build(): readonly StreamSegment[] {
    this.#cut();
    if (this.#cues.length + this.#untils.length > 0) this.#push();
    return this.#segments;
  }

  /** Ends the segment, if it has anything; gates that follow each other are one. */
  #cut(): void {
    this.#closeLine();
    if (this.#lines.length + this.#marks.length > 0) this.#push();
  }

  #push(): void {
    this.#segments.push({ cues: this.#cues, untils: this.#untils, lines: this.#lines, marks: this.#marks });
    [this.#cues, this.#untils, this.#lines, this.#marks] = [[], [], [], []];
  }

  #closeLine(): void {
    if (this.#open !== undefined) this.addLine(this.#open.lane, toFinalState(this.#open.text));
    this.#open = undefined;
  }
}

/** What a terminal would show at last of a line that carriage returns write over. */
function toFinalState(line: string): string {
  const whole = line.replace(/\r+$/, "");
  return whole.slice(whole.lastIndexOf("\r") + 1);
}
