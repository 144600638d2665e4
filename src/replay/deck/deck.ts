/**
 * An inserted cassette: what is on it, what of it has been played, which cues have fired. Nothing about a run is ever
 * written back.
 */
import type { SidecarRef } from "../../cassette/model.ts";
import type { Cassette } from "../../cassette/read.ts";
import { type Asked, type AskedHead, asked } from "../../match/asked.ts";
import { Bindings } from "../../match/bindings.ts";
import { type BodyMeaning, bodyMeaning, isTarBody, NO_BODY, type Reading, streamedMeaning } from "../../match/body.ts";
import { comparable } from "../../match/difference.ts";
import { learnFrom } from "../../match/learn.ts";
import { Names } from "../../match/names.ts";
import { detectPresets } from "../../match/rules/detect.ts";
import { rulingOf, type StatedRules, statedIn } from "../../match/rules/ruling.ts";
import type { Operation } from "../../wire/operation.ts";
import { Calendar } from "../history/calendar.ts";
import { historyOf, type Scene } from "../history/history.ts";
import { Cues } from "../play/cues.ts";
import { Sessions } from "../play/sessions.ts";
import { type Words, wordsInTurn } from "../play/translate.ts";
import { Vigil } from "../play/vigil.ts";
import { Catalogue, type Slot } from "./catalogue.ts";
import { isSignal } from "./changes.ts";
import { bindAlike } from "./infer.ts";
import { Ports, type Publish } from "./ports.ts";

export interface DeckOptions {
  /** A read that was not recorded in the era the replay stands in is a miss. */
  readonly isStrict?: boolean;
  /** More rules than those in the cassette's header. */
  readonly rules?: StatedRules;
  /** Has the ports answered that containers publish; without it they are only told of. */
  readonly publish?: Publish;
  /** The bytes of a sidecar of this cassette. */
  readonly pieces: (sidecar: SidecarRef) => AsyncIterable<Buffer>;
}

export class Deck {
  readonly cassette: Cassette;
  readonly scenes: readonly Scene[];
  readonly cues: Cues = new Cues();
  readonly marks: Cues = new Cues();
  readonly vigil: Vigil = new Vigil();
  readonly sessions: Sessions = new Sessions();
  readonly pieces: DeckOptions["pieces"];
  readonly bindings: Bindings = new Bindings();
  readonly ports: Ports;
  /** How what was recorded is said today. */
  readonly words: Words;
  readonly reading: Required<Reading>;
  readonly #isStrict: boolean;
  readonly #options: DeckOptions;
  readonly #catalogue: Catalogue;
  readonly #calendar: Calendar = new Calendar();
  /** The moments of waits that have ended: a container that has ended will not be seen running again. */
  readonly #past: Calendar = new Calendar();
  readonly #names: Names = new Names();
  readonly #meanings = new Map<Scene, BodyMeaning>();
  readonly #played = new Set<Scene>();

  constructor(cassette: Cassette, options: DeckOptions, scenes: readonly Scene[] = historyOf(cassette)) {
    const { isStrict = false, pieces, rules = {} } = options;
    this.#options = options;
    this.cassette = cassette;
    this.ports = new Ports(options.publish, cassette.header.ports);
    this.words = wordsInTurn(this.bindings, this.ports);
    const ruling = rulingOf([statedIn(cassette), rules], detectPresets(cassette));
    this.reading = { ruling, translate: (text) => this.bindings.toRecorded(text) };
    this.pieces = pieces;
    this.#isStrict = isStrict;
    this.scenes = scenes;
    this.#catalogue = new Catalogue(this.scenes, { ruling, names: this.#names, played: this.#played });
  }

  /** The same cassette, as if nothing of it had been played. */
  rewound(): Deck {
    return new Deck(this.cassette, this.#options, this.scenes);
  }

  /** A recorded request, as it is looked up. */
  recorded(scene: Scene): Asked {
    return this.#catalogue.recorded(scene);
  }

  /** A recorded request as `request` would put it: where both mean the same thing by its names, by the same one. */
  recordedLike(scene: Scene, request: Asked): Asked {
    return this.#catalogue.recordedLike(scene, request);
  }

  /** A request of today, in the recording's words. */
  asked(head: AskedHead): Asked {
    return asked(head, this.bindings.isEmpty ? { ruling: this.reading.ruling } : this.reading);
  }

  /**
   * Binds what today's request must mean for a recorded one to answer it: made-up values, and those that a `bind`
   * rule names. Returns whether anything was bound.
   */
  async infer(request: Asked, body: BodyMeaning): Promise<boolean> {
    return bindAlike({
      candidates: this.#alike(request),
      got: comparable(request, body),
      bindings: this.bindings,
      ruling: this.reading.ruling,
      comparable: (scene) => comparable(this.recorded(scene), NO_BODY),
      meaningOf: (scene) => this.meaningOf(scene),
    });
  }

  /** Whether anything of the same operation was recorded. */
  hasAlike(request: Asked): boolean {
    return !this.#alike(request).next().done;
  }

  /** Whether some recorded exchange might answer, for whose sake the request's body is worth reading. */
  mayAnswer(request: Asked): boolean {
    return this.#catalogue.slotsOf(request).length > 0;
  }

  /** Whether the request's body has a say in who answers it. */
  needsBody(request: Asked): boolean {
    return this.#catalogue.slotsOf(request).some(({ changes }) => changes.needBody);
  }

  /** Chooses what answers now. A change is taken: it will not be found again. */
  async find(request: Asked, body: BodyMeaning): Promise<Scene | undefined> {
    for (const slot of this.#catalogue.slotsOf(request)) {
      const scene = this.#read(slot) ?? (await slot.changes.take(body, (change) => this.meaningOf(change)));
      if (scene !== undefined) return scene;
    }
    return undefined;
  }

  /** The change of this request that was played before, if there is one. */
  async played(request: Asked, body: BodyMeaning): Promise<Scene | undefined> {
    for (const slot of this.#catalogue.slotsOf(request)) {
      const scene = await slot.changes.played(body, (change) => this.meaningOf(change));
      if (scene !== undefined) return scene;
    }
    return undefined;
  }

  /** The exchange was requested: its cue fires, and a change begins a new era. */
  begin(scene: Scene, operation: Operation): void {
    this.#played.add(scene);
    if (scene.role === "change") this.#calendar.advance(scene, scene.askedAt);
    if (scene.entry.name !== undefined) this.cues.fire(scene.entry.name);
    this.#learn(scene, operation);
  }

  /** The exchange was answered. */
  end(scene: Scene): void {
    if (scene.role === "change") this.#calendar.advance(scene, scene.answeredAt);
    if (isResult(scene)) this.#past.advance({ scopes: [...scene.scopes, "containers", "all"] }, scene.askedAt);
  }

  /** What a recorded request's body means; computed once. */
  meaningOf(scene: Scene): BodyMeaning | Promise<BodyMeaning> {
    const known = this.#meanings.get(scene);
    if (known !== undefined) return known;
    const { body } = scene.entry.exchange().request;
    const { name } = scene.operation;
    const { ruling } = this.reading;
    if (body === undefined) return NO_BODY;
    if (!Buffer.isBuffer(body)) return this.#remember(scene, streamedMeaning(name, this.pieces(body), { ruling }));
    if (isTarBody(name, ruling)) return this.#remember(scene, streamedMeaning(name, onePiece(body), { ruling }));
    const meaning = bodyMeaning(name, body, { ruling });
    this.#meanings.set(scene, meaning);
    return meaning;
  }

  /** By which rules and words a body is read: for equal ones it means the same. */
  get wording(): string {
    return `${this.reading.ruling.key} ${this.bindings.pairs.join()}`;
  }

  /** What was played so far. */
  get playedScenes(): ReadonlySet<Scene> {
    return this.#played;
  }

  /** Changes and streams that nobody asked for, and reads of which not one was asked. */
  get unplayed(): readonly Scene[] {
    const isMissing = ({ role }: Scene): boolean => role === "change" || role === "long";
    const unread = [...this.#catalogue.slots]
      .filter(({ isRead }) => !isRead)
      .flatMap(({ reads }) => reads.scenes.filter(({ role }) => role === "read").slice(0, 1));
    const missing = new Set([
      ...this.scenes.filter((scene) => isMissing(scene) && !this.#played.has(scene) && !this.#cameOnce(scene)),
      ...unread,
    ]);
    return [...missing].sort((a, b) => a.askedAt - b.askedAt);
  }

  /** A signal that was sent less often than it was recorded. */
  #cameOnce(scene: Scene): boolean {
    const key = isSignal(scene) ? this.recorded(scene).key : undefined;
    return (
      key !== undefined && [...this.#played].some((played) => isSignal(played) && this.recorded(played).key === key)
    );
  }

  #read(slot: Slot): Scene | undefined {
    const scene = slot.reads.next(this.#calendar, this.#isStrict, this.#past);
    if (scene !== undefined) slot.isRead = true;
    return scene;
  }

  async #remember(scene: Scene, meaning: Promise<BodyMeaning>): Promise<BodyMeaning> {
    this.#meanings.set(scene, await meaning);
    return meaning;
  }

  /** Recorded requests of the same operation that might still be asked for. */
  *#alike({ method, operation }: Asked): Generator<Scene> {
    for (const scene of this.scenes) {
      if (scene.operation.name !== operation.name || scene.entry.method !== method) continue;
      if (scene.operation.apiVersion !== operation.apiVersion) continue;
      if (scene.role !== "change" || !this.#played.has(scene)) yield scene;
    }
  }

  #learn(scene: Scene, operation: Operation): void {
    const { response } = scene.entry.exchange();
    const body = response?.body;
    if (response === undefined || !Buffer.isBuffer(body)) return;
    learnFrom(this.#names, operation, response.status, body.toString("utf8"));
  }
}

async function* onePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** A container has ended, and somebody was told so. */
function isResult({ operation, entry }: Scene): boolean {
  return operation.name === "ContainerWait" && (entry.exchange().response?.status ?? 500) < 300;
}
