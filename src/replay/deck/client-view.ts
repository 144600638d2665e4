/**
 * A request as the client that sends it would compare it itself. In a recording of several clients, requests that are
 * equal by the rules of all of them may be different requests of different clients, for which the daemon made different
 * things. So only requests that make things are viewed: what is done to one thing has an order, whichever client does it.
 */
import {
  type ComparableRequest,
  compareRequests,
  type FieldDifference,
  toComparable,
} from "../../match/compare-requests.ts";
import { NO_BODY, type NormalizedBody, normalizeStreamedBody } from "../../match/normalize/normalize-body.ts";
import {
  type NormalizedRequest,
  normalizeRequest,
  type RequestHeadLike,
} from "../../match/normalize/normalize-request.ts";
import { type RecordedClients, resolveClientRules } from "../../match/rules/client-rules.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { findMadeKind } from "../history/thing-names.ts";
import type { BindingSearch } from "./bind-generated-values.ts";
import { RecordedBodies } from "./recorded-bodies.ts";

/** What a view takes of its deck. */
export interface ViewedDeck extends RecordedClients {
  readonly pieces: ConstructorParameters<typeof RecordedBodies>[1];
  readonly translate: (text: string) => string;
  /** A recorded request by the rules of all clients, at the path of today's where both name the same container. */
  readonly normalizeLike: (placed: PlacedExchange, request: NormalizedRequest) => NormalizedRequest;
}

/** A request of today. */
export interface ViewedRequest extends RequestHeadLike {
  /** The products of the client's User-Agent. */
  readonly findProducts: () => string;
  /** The whole body, however often it is called. */
  readonly readBody: () => AsyncIterable<Buffer>;
}

/** How many different names of clients are remembered. */
const REMEMBERED = 100;

/** The rules of one client, and recorded bodies by them. */
interface ClientGround {
  readonly rules: ResolvedRules;
  readonly bodies: RecordedBodies;
}

/** Remembers the rules of each client that asks. */
export class ClientViews {
  readonly #deck: ViewedDeck;
  readonly #grounds = new Map<string, ClientGround | undefined>();

  constructor(deck: ViewedDeck) {
    this.#deck = deck;
  }

  /** Undefined where the client that asks has no rules of its own, or the request makes nothing. */
  createView(request: ViewedRequest): ClientView | undefined {
    if (findMadeKind(request.operation) === undefined) return undefined;
    const ground = this.#findGround(request.findProducts());
    return ground && new ClientView(request, ground, this.#deck);
  }

  #findGround(products: string): ClientGround | undefined {
    if (this.#grounds.has(products)) return this.#grounds.get(products);
    const rules = resolveClientRules(products, this.#deck);
    const ground = rules && { rules, bodies: new RecordedBodies(rules, this.#deck.pieces) };
    if (this.#grounds.size < REMEMBERED) this.#grounds.set(products, ground);
    return ground;
  }
}

/** One request. Nothing is computed before it is asked for. */
export class ClientView {
  readonly #rules: ResolvedRules;
  readonly #bodies: RecordedBodies;
  readonly #request: ViewedRequest;
  readonly #deck: ViewedDeck;
  #body: Promise<NormalizedBody> | undefined;

  constructor(request: ViewedRequest, { rules, bodies }: ClientGround, deck: ViewedDeck) {
    this.#request = request;
    this.#rules = rules;
    this.#bodies = bodies;
    this.#deck = deck;
  }

  /** Whether the client would send this recorded request itself. */
  async fits(placed: PlacedExchange): Promise<boolean> {
    return (await this.compare(placed)).length === 0;
  }

  /** How today's request differs from a recorded one. Reads its body. */
  async compare(placed: PlacedExchange): Promise<readonly FieldDifference[]> {
    const body = await this.#normalizeRecorded(placed);
    return compareRequests({ ...this.#toComparable(placed), body }, await this.#describe());
  }

  /** The same search for bindings, by the client's own rules. */
  async createSearch(search: BindingSearch): Promise<BindingSearch> {
    return {
      ...search,
      got: await this.#describe(),
      rules: this.#rules,
      toComparable: (placed) => this.#toComparable(placed),
      normalizeBody: (placed) => this.#normalizeRecorded(placed),
    };
  }

  /** A recorded request without its body. */
  #toComparable(placed: PlacedExchange): ComparableRequest {
    return toComparable(
      normalizeRequest(this.#deck.normalizeLike(placed, this.#normalize()), { rules: this.#rules }),
      NO_BODY,
    );
  }

  #normalizeRecorded(placed: PlacedExchange): NormalizedBody | Promise<NormalizedBody> {
    return this.#bodies.normalize(placed);
  }

  async #describe(): Promise<ComparableRequest> {
    const { operation, readBody } = this.#request;
    const { translate } = this.#deck;
    this.#body ??= normalizeStreamedBody(operation.name, readBody(), { rules: this.#rules, translate });
    return toComparable(this.#normalize(), await this.#body);
  }

  #normalize(): NormalizedRequest {
    return normalizeRequest(this.#request, { rules: this.#rules, translate: this.#deck.translate });
  }
}
