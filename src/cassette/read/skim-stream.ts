/**
 * Reads the events of a stream without the YAML parser, which takes a minute for 100 MB of logs. It knows only the
 * spelling that the writer uses (write/event.ts); any other stream is left to the parser, and so is each error.
 */
import { toMilliseconds } from "../../base/duration.ts";
import { isJson } from "../../yaml/is-json.ts";
import type { BytesEvent, FrameCut, FramesEvent, MessageEvent, StreamEvent } from "../model.ts";
import { parseSizeRun, type SizeRun } from "../sizes.ts";

/** The stream as the last part of a document, which has a request above it. */
const STREAM = "\nstream:\n";
const ITEM = /^ {2}- ([a-z-]+)(?:: (.+))?$/;
const BESIDE = /^ {4}(frames|joined): (.+)$/;
const NAME = /^[A-Za-z_][\w./-]*$/;
const LITERAL = "      ";
const DURATION_MS = 60_000;
const MOST_SIZES = 100_000;

const FRAMES: Readonly<Record<string, FramesEvent["stream"]>> = {
  stdout: "stdout",
  stderr: "stderr",
  systemerr: "systemerr",
  echo: "stdin",
};
const DIALECTS: ReadonlySet<string> = new Set(["progress", "jsonl", "json-seq"]);

export interface SkimmedStream {
  /** The document with an empty stream. */
  readonly text: string;
  readonly events: readonly StreamEvent[];
}

/** @param names the exchanges that a cue may name; undefined: not checked */
export function skimStream(text: string, names: ReadonlySet<string> | undefined): SkimmedStream | undefined {
  const key = text.indexOf(STREAM);
  const start = key + STREAM.length;
  if (key === -1 || !text.startsWith("  - ", start) || !text.endsWith("\n")) return undefined;
  const events = new EventReader(text.slice(start, -1).split("\n"), names).read();
  return events && { text: text.slice(0, start), events };
}

type Joinable = FramesEvent | MessageEvent | BytesEvent;

class EventReader {
  readonly #lines: readonly string[];
  readonly #names: ReadonlySet<string> | undefined;
  #at = 0;

  constructor(lines: readonly string[], names: ReadonlySet<string> | undefined) {
    this.#lines = lines;
    this.#names = names;
  }

  /** All events; undefined if one of them is spelled otherwise. */
  read(): readonly StreamEvent[] | undefined {
    const events: StreamEvent[] = [];
    while (this.#at < this.#lines.length) {
      const event = this.#readEvent();
      if (event === undefined) return undefined;
      events.push(event);
    }
    return events;
  }

  #readEvent(): StreamEvent | undefined {
    const [, verb, value] = ITEM.exec(this.#lines[this.#at] as string) ?? [];
    if (verb === undefined) return undefined;
    this.#at += 1;
    if (value === undefined) return verb === "reset" || verb === "cut" || verb === "hold" ? { kind: verb } : undefined;
    return this.#readDaemonEvent(verb, value) ?? this.#readOther(verb, value);
  }

  #readDaemonEvent(verb: string, value: string): Joinable | undefined {
    const stream = FRAMES[verb];
    if (stream === undefined && !DIALECTS.has(verb) && verb !== "tty" && verb !== "text") return undefined;
    if (DIALECTS.has(verb)) return this.#readBeside(readMessage(verb as MessageEvent["dialect"], value));
    const payload = this.#readPayload(value);
    if (payload === undefined) return undefined;
    return this.#readBeside(
      stream === undefined
        ? { kind: "bytes", isTty: verb === "tty", bytes: payload }
        : { kind: "frames", stream, payload },
    );
  }

  /** The keys beside a verb. One that is spelled otherwise is left, and no event begins with it. */
  #readBeside<T extends Joinable>(event: T | undefined): T | undefined {
    let read = event;
    for (let next = this.#peekBeside(); next !== undefined && read !== undefined; next = this.#peekBeside()) {
      const [key, value] = next;
      this.#at += 1;
      if (key === "joined")
        read = value === "true" && read.joined === undefined ? { ...read, joined: true } : undefined;
      else
        read =
          read.kind === "frames" && read.cut === undefined && read.joined === undefined
            ? addCut(read, value)
            : undefined;
    }
    return read;
  }

  #peekBeside(): readonly [key: string, value: string] | undefined {
    const [, key, value] = BESIDE.exec(this.#lines[this.#at] ?? "") ?? [];
    return key === undefined || value === undefined ? undefined : [key, value];
  }

  #readOther(verb: string, value: string): StreamEvent | undefined {
    switch (verb) {
      case "stdin": {
        const content = this.#readPayload(value);
        return content && { kind: "stdin", content };
      }
      case "wait": {
        const ms = toMilliseconds(value);
        return ms === undefined || ms > DURATION_MS || !Number.isInteger(ms) ? undefined : { kind: "wait", ms };
      }
      case "cue":
        return NAME.test(value) && this.#names?.has(value) !== false ? { kind: "cue", name: value } : undefined;
      case "mark":
      case "until":
        return NAME.test(value) ? { kind: verb, name: value } : undefined;
      case "eof":
        return value === "client" || value === "daemon" ? { kind: "eof", side: value } : undefined;
      default:
        return undefined;
    }
  }

  #readPayload(value: string): Buffer | undefined {
    if (value === "|") return this.#readLiteral();
    if (!/^".*"$/.test(value)) return undefined;
    const text = parseJson(value);
    return typeof text === "string" ? Buffer.from(text) : undefined;
  }

  /** A block literal as the writer makes it: the first line not indented further, the last one not empty. */
  #readLiteral(): Buffer | undefined {
    const start = this.#at;
    while (isLiteralLine(this.#lines[this.#at])) this.#at += 1;
    const lines = this.#lines.slice(start, this.#at);
    const isPlain = /^ {6}[^\s#]/.test(lines[0] ?? "") && lines.at(-1) !== "";
    return isPlain ? Buffer.from(`${lines.map((line) => line.slice(LITERAL.length)).join("\n")}\n`) : undefined;
  }
}

/** An empty line, or one with text behind the indentation. */
function isLiteralLine(line: string | undefined): boolean {
  return line !== undefined && (line === "" || (line.startsWith(LITERAL) && line.trimEnd().length > LITERAL.length));
}

function readMessage(dialect: MessageEvent["dialect"], json: string): MessageEvent | undefined {
  if (!/^[{[].*[}\]]$/.test(json) || !isJson(json)) return undefined;
  return { kind: "message", dialect, json: Buffer.from(json) };
}

function addCut<T extends Joinable>(event: T, value: string): T | undefined {
  const cut: FrameCut | undefined = value === "lines" ? value : readSizes(value, (event as FramesEvent).payload.length);
  return cut === undefined ? undefined : { ...event, cut };
}

function readSizes(text: string, total: number): readonly number[] | undefined {
  const runs = (/^\[(.+)\]$/.exec(text)?.[1] ?? "").split(", ").map(parseSizeRun);
  if (runs.includes(undefined)) return undefined;
  const known = runs as SizeRun[];
  const count = known.reduce((sum, run) => sum + run.count, 0);
  if (count > MOST_SIZES || known.reduce((sum, run) => sum + run.size * run.count, 0) !== total) return undefined;
  return known.flatMap((run) => new Array<number>(run.count).fill(run.size));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
