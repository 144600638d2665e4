import { joinBytes } from "../../base/bytes.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import {
  isTarBody,
  NO_BODY,
  type NormalizedBody,
  normalizeBody,
  normalizeStreamedBody,
} from "../../match/normalize-body.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** In bytes. Longer bodies are not remembered by their bytes. */
const REMEMBERED = 64 * 1024;

/** The bodies of recorded requests in the form in which they are compared; each is computed once, when it is needed. */
export class RecordedBodies {
  readonly #rules: ResolvedRules;
  readonly #pieces: (sidecar: SidecarRef) => AsyncIterable<Buffer>;
  readonly #known = new Map<PlacedExchange, NormalizedBody>();
  /** The same forms by operation and bytes: a client that sends what was recorded is the usual case. */
  readonly #knownBytes = new Map<string, NormalizedBody>();

  constructor(rules: ResolvedRules, pieces: (sidecar: SidecarRef) => AsyncIterable<Buffer>) {
    this.#rules = rules;
    this.#pieces = pieces;
  }

  /** A promise only where a sidecar or a tar has to be read. */
  normalize(placed: PlacedExchange): NormalizedBody | Promise<NormalizedBody> {
    const known = this.#known.get(placed);
    if (known !== undefined) return known;
    if (placed.entry.isBare) return NO_BODY;
    const { body } = placed.entry.readExchange().request;
    const { name } = placed.operation;
    if (body === undefined) return NO_BODY;
    if (!Buffer.isBuffer(body)) return this.#normalizeStreamed(placed, this.#pieces(body));
    if (isTarBody(name, this.#rules)) return this.#normalizeStreamed(placed, toPieces(body));
    const normalized = normalizeBody(name, body, { rules: this.#rules });
    this.#known.set(placed, normalized);
    if (body.length <= REMEMBERED) this.#knownBytes.set(toKey(name, body), normalized);
    return normalized;
  }

  /** The body of a request of today, with recorded values as they are. Not parsed where these bytes were recorded. */
  async normalizeToday(operation: string, body: AsyncIterable<Buffer>): Promise<NormalizedBody> {
    const options = { rules: this.#rules };
    if (isTarBody(operation, this.#rules)) return normalizeStreamedBody(operation, body, options);
    const bytes = await joinBytes(body);
    const known = bytes.length <= REMEMBERED ? this.#knownBytes.get(toKey(operation, bytes)) : undefined;
    return known ?? normalizeBody(operation, bytes, options);
  }

  async #normalizeStreamed(placed: PlacedExchange, pieces: AsyncIterable<Buffer>): Promise<NormalizedBody> {
    const normalized = await normalizeStreamedBody(placed.operation.name, pieces, { rules: this.#rules });
    this.#known.set(placed, normalized);
    return normalized;
  }
}

function toKey(operation: string, body: Buffer): string {
  return `${operation} ${body.toString("latin1")}`;
}

async function* toPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
