/** Plays what streams printed, in the time that it took. */
import type { BuildEvent } from "../cassette/build-model.ts";
import type { Exchange, StreamEvent } from "../cassette/model.ts";
import type { CassetteEntry } from "../cassette/read.ts";
import { parseOperation } from "../wire/operations/operation.ts";
import { formatBuildLines } from "./build-lines.ts";
import { describeEvent, describeStats } from "./digest/describe-response.ts";
import { getMember, getText, parseJsonBytes } from "./digest/json-value.ts";
import { NameBook } from "./digest/name-book.ts";

/** A piece of output, and how long it was silent before it. */
export interface PlayedPiece {
  readonly waitMs: number;
  readonly bytes: Buffer;
}

/** The pieces of one exchange's output; empty where it printed nothing. */
export function* listPieces(entry: CassetteEntry): Generator<PlayedPiece> {
  const exchange = entry.skim().exchange;
  const { name } = parseOperation(entry.method, entry.target);
  yield* exchange.build === undefined ? listStreamPieces(exchange, name) : listBuildPieces(exchange.build);
}

function* listStreamPieces({ stream = [] }: Exchange, operation: string): Generator<PlayedPiece> {
  const progress = new PrintedProgress(operation);
  let waitMs = 0;
  for (const event of stream) {
    if (event.kind === "wait") waitMs += event.ms;
    const bytes = toOutput(event, progress);
    if (bytes === undefined) continue;
    yield { waitMs, bytes };
    waitMs = 0;
  }
}

function* listBuildPieces(events: readonly BuildEvent[]): Generator<PlayedPiece> {
  let waitMs = 0;
  for (const line of formatBuildLines(events)) {
    waitMs += line.waitMs ?? 0;
    if (line.kind !== undefined) continue;
    yield { waitMs, bytes: Buffer.from(`${line.text}\n`) };
    waitMs = 0;
  }
}

/** What a client prints of an event; a terminal echoes what is typed. */
function toOutput(event: StreamEvent, progress: PrintedProgress): Buffer | undefined {
  if (event.kind === "frames") return event.payload;
  if (event.kind === "bytes") return event.bytes;
  if (event.kind === "message") return progress.print(event.json);
  const isOutput = event.kind === "ws" && event.from === "daemon" && /^(?:text|binary)$/.test(event.opcode);
  return isOutput ? event.payload : undefined;
}

/** Messages as docker prints them where it cannot move the cursor: a line for each change of a layer's state. */
class PrintedProgress {
  readonly #operation: string;
  readonly #names = new NameBook();
  readonly #states = new Map<string, string>();

  constructor(operation: string) {
    this.#operation = operation;
  }

  print(message: Buffer): Buffer | undefined {
    const json = parseJsonBytes(message);
    const text = this.#describe(json);
    return text === "" ? undefined : Buffer.from(text);
  }

  #describe(json: unknown): string {
    if (this.#operation === "SystemEvents") return `${describeEvent(json, this.#names)}\n`;
    if (this.#operation === "ContainerStats") return `${describeStats(json)}\n`;
    if (this.#operation === "ContainerWait") return "";
    const error = getText(json, "error");
    if (error !== "") return `${error}\n`;
    return getMember(json, "stream") === undefined ? this.#describeStatus(json) : getText(json, "stream");
  }

  #describeStatus(json: unknown): string {
    const [id, status] = [getText(json, "id"), getText(json, "status")];
    if (status === "" || (id !== "" && this.#states.get(id) === status)) return "";
    this.#states.set(id, status);
    return id === "" ? `${status}\n` : `${id}: ${status}\n`;
  }
}
