import { joinBytes } from "../../base/bytes.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import {
  isTarBody,
  NO_BODY,
  type NormalizedBody,
  type NormalizeOptions,
  normalizeBody,
  normalizeStreamedBody,
} from "../../match/normalize/normalize-body.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { KnownBodies } from "./known-bodies.ts";

/** The bodies of recorded requests in the form in which they are compared; each is computed once, when it is needed. */
export class RecordedBodies {
  readonly #rules: ResolvedRules;
  readonly #pieces: (sidecar: SidecarRef) => AsyncIterable<Buffer>;
  readonly #known = new Map<PlacedExchange, NormalizedBody>();
  /** The same forms by operation and bytes. */
  readonly #knownBytes = new KnownBodies();

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
    this.#knownBytes.add({ operation: name, bytes: body, normalized });
    return normalized;
  }

  /**
   * The body of a request of today. Not parsed where these bytes were recorded and nothing is bound.
   * @param binding with recorded values in the place of bound ones
   */
  normalizeToday(
    operation: string,
    body: Buffer | AsyncIterable<Buffer>,
    binding: NormalizeOptions | undefined,
  ): NormalizedBody | Promise<NormalizedBody> {
    if (!Buffer.isBuffer(body) || isTarBody(operation, this.#rules)) {
      return this.#normalizePieces(operation, toPieces(body), binding);
    }
    return this.#normalizeBytes(operation, body, binding);
  }

  async #normalizePieces(
    operation: string,
    pieces: AsyncIterable<Buffer>,
    binding: NormalizeOptions | undefined,
  ): Promise<NormalizedBody> {
    if (!isTarBody(operation, this.#rules)) return this.#normalizeBytes(operation, await joinBytes(pieces), binding);
    return normalizeStreamedBody(operation, pieces, binding ?? { rules: this.#rules });
  }

  #normalizeBytes(operation: string, bytes: Buffer, binding: NormalizeOptions | undefined): NormalizedBody {
    const known = binding === undefined ? this.#knownBytes.find(operation, bytes) : undefined;
    return known ?? normalizeBody(operation, bytes, binding ?? { rules: this.#rules });
  }

  async #normalizeStreamed(placed: PlacedExchange, pieces: AsyncIterable<Buffer>): Promise<NormalizedBody> {
    const normalized = await normalizeStreamedBody(placed.operation.name, pieces, { rules: this.#rules });
    this.#known.set(placed, normalized);
    return normalized;
  }
}

async function* toPieces(body: Buffer | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (Buffer.isBuffer(body)) yield body;
  else yield* body;
}
