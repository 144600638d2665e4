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

/** The bodies of recorded requests in the form in which they are compared; each is computed once, when it is needed. */
export class RecordedBodies {
  readonly #rules: ResolvedRules;
  readonly #pieces: (sidecar: SidecarRef) => AsyncIterable<Buffer>;
  readonly #known = new Map<PlacedExchange, NormalizedBody>();

  constructor(rules: ResolvedRules, pieces: (sidecar: SidecarRef) => AsyncIterable<Buffer>) {
    this.#rules = rules;
    this.#pieces = pieces;
  }

  /** A promise only where a sidecar or a tar has to be read. */
  normalize(placed: PlacedExchange): NormalizedBody | Promise<NormalizedBody> {
    const known = this.#known.get(placed);
    if (known !== undefined) return known;
    const { body } = placed.entry.readExchange().request;
    const { name } = placed.operation;
    if (body === undefined) return NO_BODY;
    if (!Buffer.isBuffer(body)) return this.#normalizeStreamed(placed, this.#pieces(body));
    if (isTarBody(name, this.#rules)) return this.#normalizeStreamed(placed, toPieces(body));
    const normalized = normalizeBody(name, body, { rules: this.#rules });
    this.#known.set(placed, normalized);
    return normalized;
  }

  async #normalizeStreamed(placed: PlacedExchange, pieces: AsyncIterable<Buffer>): Promise<NormalizedBody> {
    const normalized = await normalizeStreamedBody(placed.operation.name, pieces, { rules: this.#rules });
    this.#known.set(placed, normalized);
    return normalized;
  }
}

async function* toPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
