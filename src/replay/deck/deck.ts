/**
 * An inserted cassette: what is on it, what of it has been played, and which recorded exchange answers a request now.
 * Nothing about a run is ever written back.
 */
import { checkOptions } from "../../base/options/check-options.ts";
import type { Cassette } from "../../cassette/read.ts";
import { toComparable } from "../../match/compare-requests.ts";
import { NO_BODY, type NormalizedBody } from "../../match/normalize/normalize-body.ts";
import { createMomentFilter } from "../../match/normalize/normalize-query.ts";
import type { NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import { detectPresets, listClients } from "../../match/rules/detect-presets.ts";
import { type RuleInput, resolveRules, toRuleInput } from "../../match/rules/resolve-rules.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { BuildDeck, type BuildRecording } from "../build/build-deck.ts";
import { openBuilds } from "../build/script/open-builds.ts";
import { createEventMarks } from "../history/event-marks.ts";
import { type PlacedExchange, placeExchanges } from "../history/place-exchanges.ts";
import { OpenIdentities } from "../identity/open-identities.ts";
import type { Swap } from "../identity/plan-swap.ts";
import { DeckRun } from "../run/deck-run.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import { selectAbsentAnswer } from "./absent-answer.ts";
import { applySwap } from "./apply-swap.ts";
import { AwaitedReads } from "./awaited-reads.ts";
import { type BindingSearch, bindGeneratedValues } from "./bind-generated-values.ts";
import { createBuildListener } from "./build-listener.ts";
import type { FoundChange, NormalizeRecordedBody } from "./change-queue.ts";
import { type ClientView, ClientViews, type ViewedDeck } from "./client-view.ts";
import { type DeckOptions, deckKind } from "./deck-options.ts";
import { ExchangeIndex, isBodyNeeded } from "./exchange-index.ts";
import { ExistingThings } from "./existing-things.ts";
import { HeldReads } from "./held-reads.ts";
import { OtherKinds } from "./other-kinds.ts";
import type { IndexEntry } from "./path-entries.ts";
import { Progress } from "./progress.ts";
import { PublishedPorts } from "./published-ports.ts";
import type { ReadMoment } from "./read-queue.ts";
import { RecordedBodies } from "./recorded-bodies.ts";
import { SimilarExchanges } from "./similar-exchanges.ts";
import { TodaysRequests } from "./todays-requests.ts";
import { UnknownIds } from "./unknown-ids.ts";
import { UnplayedExchanges } from "./unplayed-exchanges.ts";

export type { DeckOptions } from "./deck-options.ts";

/** The request's body in the form in which it is compared. */
export type ReadBody = () => NormalizedBody | Promise<NormalizedBody>;

type SelectChange = (entry: IndexEntry, body: NormalizedBody) => FoundChange;

/** One cassette in one run. `ReplaySessions` hold the decks of a replay. */
export class Deck {
  readonly cassette: Cassette;
  readonly exchanges: readonly PlacedExchange[];
  /** The same exchanges, by what a miss is explained with. */
  readonly similar: SimilarExchanges;
  /** What of them no client requested. */
  readonly unplayed: UnplayedExchanges;
  /** What the streams of this run share: cues, marks, waits, bindings. */
  readonly run: DeckRun;
  readonly ports: PublishedPorts;
  /** The builds by BuildKit, which are exchanges of many connections. */
  readonly builds: BuildDeck;
  /** Requests by the rules of the client that asks, where a recording has several clients. */
  readonly views: ClientViews;
  /** Requests of today in the form in which they are compared. */
  readonly today: TodaysRequests;
  /** What names a thing that is not there, and asks for another kind. */
  readonly otherKinds: OtherKinds;
  /** The reads that a client has to make before a change may end. */
  readonly awaitedReads: AwaitedReads;
  /** The reads that wait for a change to begin. */
  readonly heldReads: HeldReads;
  readonly #options: DeckOptions;
  readonly #index: ExchangeIndex;
  readonly #recordedBuilds: BuildRecording;
  readonly #unknownIds: UnknownIds;
  readonly #bodies: RecordedBodies;
  readonly #identities: OpenIdentities;
  readonly #moment: ReadMoment;
  readonly #normalizeBodyOf: NormalizeRecordedBody = (placed) => this.#bodies.normalize(placed);
  readonly #progress: Progress;

  constructor(
    cassette: Cassette,
    options: DeckOptions,
    exchanges: readonly PlacedExchange[] = placeExchanges(cassette),
    builds: BuildRecording = openBuilds(cassette, { read: options.pieces }),
  ) {
    checkOptions("Deck", options, deckKind);
    this.#options = options;
    this.cassette = cassette;
    this.exchanges = exchanges;
    this.ports = new PublishedPorts(options.publish, cassette.header.ports);
    const eventMarks = createEventMarks(exchanges);
    this.run = new DeckRun({ cassette, ports: this.ports, eventMarks, pieces: options.pieces });
    const inputs = [toRuleInput(cassette), options.rules ?? {}];
    const rules = resolveRules(inputs, detectPresets(cassette));
    this.#bodies = new RecordedBodies(rules, options.pieces);
    this.today = new TodaysRequests(rules, this.run.bindings, this.#bodies);
    this.views = this.#createViews(inputs);
    this.#progress = new Progress(exchanges);
    const { played, names, eras, past, told } = this.#progress;
    this.#index = new ExchangeIndex(exchanges, { rules, names, played });
    this.similar = new SimilarExchanges(exchanges, (path) => this.#index.listAtPath(path));
    this.unplayed = new UnplayedExchanges(exchanges, this.#index, played);
    this.#unknownIds = new UnknownIds(this.similar);
    const things = new ExistingThings(exchanges, played);
    const isStrict = options.isStrict ?? false;
    this.otherKinds = new OtherKinds(this.similar, things, isStrict);
    this.#moment = { eras, isStrict, past, told, isAbsent: (placed) => things.isAbsent(placed) };
    this.heldReads = new HeldReads({ exchanges, index: this.#index, moment: this.#moment, run: this.run });
    this.awaitedReads = new AwaitedReads(exchanges, {
      formatKey: (placed) => this.#index.normalize(placed).key,
      played,
      past,
    });
    this.#identities = new OpenIdentities(exchanges, {
      listSimilar: (request) => this.similar.ofOperation(request),
      normalize: (placed) => this.#index.normalize(placed),
      normalizeBody: this.#normalizeBodyOf,
      played,
      live: this.run.live,
      bindings: this.run.bindings,
    });
    this.#recordedBuilds = builds;
    this.builds = new BuildDeck(builds, createBuildListener(this, this.#index), { bindings: this.run.bindings, rules });
  }

  #createViews(inputs: readonly RuleInput[]): ClientViews {
    const { rules: joined, translate } = this.today.options;
    const names = listClients(this.cassette.header);
    const normalizeLike: ViewedDeck["normalizeLike"] = (placed, request) => this.normalizeRecordedLike(placed, request);
    return new ClientViews({ names, inputs, joined, translate, normalizeLike, pieces: this.#options.pieces });
  }

  /** A deck of the same cassette, of which nothing has been played. */
  createCopy(): Deck {
    return new Deck(this.cassette, this.#options, this.exchanges, this.#recordedBuilds);
  }

  // What is compared.

  /** A recorded request in the form in which it is looked up. */
  normalizeRecorded(placed: PlacedExchange): NormalizedRequest {
    return this.#index.normalize(placed);
  }

  /** A recorded request, at the path of `request` where both name the same container or a pattern fits. */
  normalizeRecordedLike(placed: PlacedExchange, request: NormalizedRequest): NormalizedRequest {
    return this.#index.normalizeLike(placed, request);
  }

  /** The body of a recorded request in the form in which it is compared. */
  normalizeRecordedBody(placed: PlacedExchange): NormalizedBody | Promise<NormalizedBody> {
    return this.#bodies.normalize(placed);
  }

  // What answers.

  /**
   * Chooses what answers now. A change is taken: it is not found again.
   * @param readBody called only where the request's body decides which exchange answers
   * @param view decides which of equal changes is taken
   */
  find(request: NormalizedRequest, readBody: ReadBody, view?: ClientView): FoundChange {
    const fits = view && ((change: PlacedExchange) => view.fits(change));
    return this.#findAmong(
      request,
      readBody,
      (entry, body) => this.#selectRead(entry, request) ?? entry.changes.take(body, this.#normalizeBodyOf, fits),
    );
  }

  /** The change of this request that was played before. Reads the body as `find` does. */
  findPlayed(request: NormalizedRequest, readBody: ReadBody): FoundChange {
    return this.#findAmong(request, readBody, ({ changes }, body) => changes.findPlayed(body, this.#normalizeBodyOf));
  }

  #findAmong(request: NormalizedRequest, readBody: ReadBody, select: SelectChange): FoundChange {
    const entries = this.#index.findEntries(request);
    const body = isBodyNeeded(entries) ? readBody() : NO_BODY;
    return body instanceof Promise
      ? body.then((read) => selectFirst(entries, read, select))
      : selectFirst(entries, body, select);
  }

  /** Whether an exchange of the same operation was recorded that could still answer. */
  hasSimilar(request: NormalizedRequest): boolean {
    return !this.#findSimilar(request).next().done;
  }

  /**
   * Binds today's values to recorded ones, where that makes a recorded exchange answer the request: generated values,
   * and those that a `bind` rule names. Resolves with whether it bound any. `normalize` then gives another request.
   */
  async bindGeneratedValues(request: NormalizedRequest, body: NormalizedBody, view?: ClientView): Promise<boolean> {
    const search: BindingSearch = {
      listCandidates: () => this.#findSimilar(request),
      got: toComparable(request, body),
      bindings: this.run.bindings,
      rules: this.today.options.rules,
      sharedParts: this.similar.sharedParts,
      toComparable: (placed) => toComparable(this.#index.normalize(placed), NO_BODY),
      normalizeBody: this.#normalizeBodyOf,
    };
    return bindGeneratedValues(search, view && (await view.createSearch(search)));
  }

  /**
   * Lets two things that look alike change places, where that makes a recorded exchange answer the request. Resolves with
   * whether it did.
   */
  settleIdentity(request: NormalizedRequest, body: NormalizedBody): Promise<boolean> {
    return this.#identities.settle(request, body, (swap) => this.#swap(swap));
  }

  /** The same for bytes that a client has sent into a stream, which are not what the recording has there. */
  settleByInput(live: LiveExchange, got: Buffer): Promise<boolean> {
    return this.#identities.settleByInput(live, got, (swap) => this.#swap(swap));
  }

  #swap(swap: Swap): void {
    applySwap(swap, { run: this.run, progress: this.#progress, index: this.#index, ports: this.ports });
    this.unplayed.recount();
    this.awaitedReads.notify();
  }

  /** The recorded refusal of an id, or of a path in a container, that names nothing, for another such one. */
  findUnknownId(request: NormalizedRequest): ReturnType<UnknownIds["find"]> {
    return this.#unknownIds.find(request, (placed) => this.#index.normalize(placed));
  }

  // What has been played.

  /** The exchange was requested: its cue fires, and a change opens an era. */
  begin(placed: PlacedExchange, operation: Operation): void {
    this.#progress.begin(placed, operation);
    if (placed.role !== "change") this.awaitedReads.notify();
    this.run.countRequest(placed.entry.name);
  }

  /** The exchange was answered: a change opens another era, and what a `wait` has outlived is past. */
  end(placed: PlacedExchange): void {
    this.#progress.end(placed);
    if (placed.role === "long") this.awaitedReads.notify();
  }

  /** A client was told what the change has done, before the change is answered. */
  tell(placed: PlacedExchange): void {
    this.#progress.tell(placed);
  }

  get playedExchanges(): ReadonlySet<PlacedExchange> {
    return this.#progress.played;
  }

  #selectRead(entry: IndexEntry, { operation }: NormalizedRequest): PlacedExchange | undefined {
    const next = entry.reads.selectNext(this.#moment, createMomentFilter(operation));
    if (next === "absent") return selectAbsentAnswer(entry.reads.exchanges, operation);
    if (next !== undefined) entry.isRead = true;
    return next;
  }

  #findSimilar(request: NormalizedRequest): Generator<PlacedExchange> {
    return this.similar.listOpen(request, this.#progress.played);
  }
}

function selectFirst(
  entries: readonly IndexEntry[],
  body: NormalizedBody,
  select: SelectChange,
  from = 0,
): FoundChange {
  for (let at = from; at < entries.length; at += 1) {
    const found = select(entries[at] as IndexEntry, body);
    if (found instanceof Promise) return found.then((change) => change ?? selectFirst(entries, body, select, at + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
