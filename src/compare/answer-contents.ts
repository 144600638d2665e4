import { RecentValues } from "../base/recent-values.ts";
import type { Exchange } from "../cassette/model.ts";
import { listSidecars } from "../cassette/sidecars.ts";
import { type ComparedRecording, findEntry } from "../match/suggest/compared-request.ts";
import { type ContentValue, toAnswerContent } from "./answer-content.ts";

/** An answer is compared several times in a row; those of exchanges up to this size together are kept. */
const RECENT = 8 * 1024 * 1024;

/** What the answers of a recording say, read when they are compared. */
export class AnswerContents {
  readonly #recording: ComparedRecording;
  readonly #recent = new RecentValues<number, ContentValue>(RECENT);

  constructor(recording: ComparedRecording) {
    this.#recording = recording;
  }

  /** @param index the number of the exchange */
  async read(index: number): Promise<ContentValue> {
    const known = this.#recent.get(index);
    if (known !== undefined) return known;
    const entry = findEntry(this.#recording, index);
    const exchange = entry.skim().exchange;
    const content = await toAnswerContent(exchange, this.#recording.pieces);
    this.#recent.put(index, content, entry.size + measureFiles(exchange));
    return content;
  }
}

/** The content of a tar is only the list of its files. */
function measureFiles(exchange: Exchange): number {
  const files = listSidecars(exchange).filter(({ path }) => !path.endsWith(".tar"));
  return files.reduce((total, { size }) => total + size, 0);
}
