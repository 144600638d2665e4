/** The builds of an inserted cassette: which of them have begun, and which recorded one answers a request now. */
import type { Clock } from "../../base/clock.ts";
import type { FieldDifference } from "../../match/compare-requests.ts";
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import { BuildIds } from "./build-ids.ts";
import { HISTORY, HTTP_BUILD, SOLVE, STATUS } from "./build-methods.ts";
import type { BuildPace } from "./build-pace.ts";
import { BuildRun } from "./build-run.ts";
import type { BuilderRead, BuildGroup, BuildScript, ClientCall, HttpBuild } from "./build-script.ts";
import { type BuildValues, bindDifferences } from "./build-values.ts";
import { compareMessages } from "./compare-messages.ts";
import { type BuilderMoment, ReadChoice } from "./read-choice.ts";
import { substituteInAnswer } from "./substitute-message.ts";

/** Called with the numbers of the exchanges that are played. */
export interface BuildListener {
  onBegin(index: number): void;
  /** The build's answer is complete, or its client has left. */
  onEnd(index: number): void;
  /** Resolves when a client has looked at what the build has not finished yet, or will not. */
  waitForReads(index: number, clock: Clock, gone: Promise<unknown>): Promise<void>;
  /** A call that belongs to no build is answered. */
  onCall(index: number): void;
}

/** A recorded call that a client of today has made. */
export interface TakenCall {
  readonly run: BuildRun;
  readonly call: ClientCall;
}

/** The recorded build that is nearest to one that nothing recorded answers. */
export interface NearestBuild {
  readonly place: string;
  readonly differences: readonly FieldDifference[];
}

/** A build that waits for its client. */
export interface StalledBuild {
  readonly title: string;
  /** `Control/Status` */
  readonly awaits: string;
}

/** The builds of one cassette; `script` is read when it is needed. */
export interface BuildRecording {
  readonly isEmpty: boolean;
  readonly script: BuildScript;
}

/** Not the answers that a client sends back: digests hang on their bytes. */
const NAMES_IDS: ReadonlySet<string> = new Set([SOLVE, HISTORY]);
const NAMES_VALUES: ReadonlySet<string> = new Set([...NAMES_IDS, STATUS, HTTP_BUILD]);

export class BuildDeck {
  /** Texts of the builds that were refused: what their clients did otherwise. */
  readonly refusals: string[] = [];
  readonly #recording: BuildRecording;
  readonly #listener: BuildListener;
  readonly #values: BuildValues;
  readonly #ids = new BuildIds();
  readonly #runs = new Map<BuildGroup, BuildRun>();
  #reads: ReadChoice | undefined;

  constructor(recording: BuildRecording, listener: BuildListener, values: BuildValues) {
    this.#recording = recording;
    this.#listener = listener;
    this.#values = values;
  }

  get isEmpty(): boolean {
    return this.#recording.isEmpty;
  }

  /** Chooses the recorded Solve that this one repeats, and begins its build. */
  takeSolve(request: JsonMessageValue, pace: BuildPace): TakenCall | undefined {
    const open = this.#listSolves().filter(({ group, call }) => this.#isOpen(group, call));
    const taken =
      open.find(({ call }) => this.compare(call, request).length === 0) ??
      open.find(({ call }) => this.compareAndBind(call, request).length === 0);
    if (taken === undefined) return undefined;
    const { group, call } = taken;
    this.bind(call, request);
    return { run: this.#findRun(group, pace), call };
  }

  /** How a request differs from a recorded one, with recorded values in the place of bound ones. */
  compare({ request: recorded }: ClientCall, request: JsonMessageValue): readonly FieldDifference[] {
    return compareMessages(recorded, request, this.#values);
  }

  /** As `compare`. Where only values differ that a client generates for each run, they are bound, and nothing differs. */
  compareAndBind(call: ClientCall, request: JsonMessageValue): readonly FieldDifference[] {
    const differences = this.compare(call, request);
    return differences.length > 0 && bindDifferences(differences, this.#values) ? [] : differences;
  }

  /**
   * Begins the build that an older client asks for.
   * @param index the number of the exchange that answers the request
   * @param session the id that the request names
   * @throws Error if that exchange is no such build
   */
  takeHttpBuild(index: number, session: string, pace: BuildPace): TakenCall & HttpBuild {
    const group = this.#recording.script.groups.find((one) => one.index === index);
    if (group?.http === undefined) throw new Error(`exchange ${index} is no build over HTTP`);
    this.#ids.bind(group.http.session, session);
    return { run: this.#findRun(group, pace), ...group.http };
  }

  /** Today's ids of this request stand for the recorded ones from now on. */
  bind(call: ClientCall, request: JsonMessageValue): void {
    this.#ids.bindAlike(call.request, request);
  }

  /** The one that differs least; of two, the one that can still be played. */
  findNearest(request: JsonMessageValue): NearestBuild | undefined {
    const rated = this.#listSolves().map(({ group, call }) => {
      const differences = this.compare(call, request);
      return { place: group.place, differences, distance: differences.length + (this.#isOpen(group, call) ? 0 : 0.5) };
    });
    return rated.sort((one, other) => one.distance - other.distance)[0];
  }

  selectRead(method: string, request: JsonMessageValue): BuilderRead | undefined {
    return this.#selectRead((reads, now) => reads.select(method, request, now));
  }

  /** A read about the very build that the request names. */
  selectLookBack(method: string, request: JsonMessageValue): BuilderRead | undefined {
    return this.#selectRead((reads, now) => reads.selectNamed(method, request, now));
  }

  #selectRead(select: (reads: ReadChoice, now: BuilderMoment) => BuilderRead | undefined): BuilderRead | undefined {
    this.#reads ??= new ReadChoice(this.#recording.script.reads);
    const read = select(this.#reads, { ids: this.#ids, era: this.#runs.size });
    if (read !== undefined) this.#listener.onCall(read.index);
    return read;
  }

  /** An answer to a call of this method as it is sent today: with today's ids and values. */
  toToday(method: string, bytes: Buffer): Buffer {
    const own = NAMES_IDS.has(method) ? this.#ids.toTodayBytes(bytes) : bytes;
    return NAMES_VALUES.has(method) ? substituteInAnswer(method, own, this.#values.bindings) : own;
  }

  get stalled(): readonly StalledBuild[] {
    return [...this.#runs.values()].flatMap(({ group, late }) =>
      late.map((awaits) => ({ title: group.title, awaits })),
    );
  }

  #listSolves(): { readonly group: BuildGroup; readonly call: ClientCall }[] {
    return this.#recording.script.groups.flatMap((group) =>
      group.items.flatMap((item) =>
        item.kind === "call" && item.call.method === SOLVE ? [{ group, call: item.call }] : [],
      ),
    );
  }

  #isOpen(group: BuildGroup, call: ClientCall): boolean {
    return this.#runs.get(group)?.openCalls.includes(call) ?? true;
  }

  /** A group begins with the first of its builds. */
  #findRun(group: BuildGroup, pace: BuildPace): BuildRun {
    const known = this.#runs.get(group);
    if (known !== undefined) return known;
    const listener = this.#listener;
    const run = new BuildRun(group, {
      ...pace,
      onBegin: () => listener.onBegin(group.index),
      onEnd: () => listener.onEnd(group.index),
      waitForReads: (gone) => listener.waitForReads(group.index, pace.clock, gone),
      ids: this.#ids,
      ignoresFile: this.#values.rules.ignoresFile,
      toToday: (method, bytes) => this.toToday(method, bytes),
      onRefused: (message) => this.refusals.push(message),
    });
    this.#runs.set(group, run);
    void run.start();
    return run;
  }
}
