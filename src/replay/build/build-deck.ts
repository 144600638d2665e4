/** The builds of an inserted cassette: which of them have begun, and which recorded one answers a request now. */
import type { FieldDifference } from "../../match/compare-requests.ts";
import type { JsonMessageValue } from "../../wire/protobuf/json-message.ts";
import { BuildIds } from "./build-ids.ts";
import { SOLVE } from "./build-methods.ts";
import type { BuildPace } from "./build-pace.ts";
import { BuildRun } from "./build-run.ts";
import type { BuilderRead, BuildGroup, BuildScript, ClientCall, HttpBuild } from "./build-script.ts";
import { type BuildRules, compareMessages } from "./compare-messages.ts";
import { type BuilderMoment, ReadChoice } from "./read-choice.ts";

/** Hears which exchanges of the cassette are played, by their numbers. */
export interface BuildListener {
  onBegin(index: number): void;
  /** The build's answer is complete, or its client has left. */
  onEnd(index: number): void;
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

export class BuildDeck {
  /** Texts of the builds that were refused: what their clients did otherwise. */
  readonly refusals: string[] = [];
  readonly rules: BuildRules;
  readonly #recording: BuildRecording;
  readonly #listener: BuildListener;
  readonly #ids = new BuildIds();
  readonly #runs = new Map<BuildGroup, BuildRun>();
  #reads: ReadChoice | undefined;

  constructor(recording: BuildRecording, rules: BuildRules, listener: BuildListener) {
    this.rules = rules;
    this.#recording = recording;
    this.#listener = listener;
  }

  get isEmpty(): boolean {
    return this.#recording.isEmpty;
  }

  /** Chooses the recorded Solve that this one repeats, and begins its build. */
  takeSolve(request: JsonMessageValue, pace: BuildPace): TakenCall | undefined {
    for (const { group, call } of this.#listSolves()) {
      if (!this.#isOpen(group, call) || compareMessages(call.request, request, this.rules).length > 0) continue;
      this.bind(call, request);
      return { run: this.#findRun(group, pace), call };
    }
    return undefined;
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
      const differences = compareMessages(call.request, request, this.rules);
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

  /** Recorded bytes with today's ids. */
  toToday(bytes: Buffer): Buffer {
    return this.#ids.toTodayBytes(bytes);
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
    const onRefused = (message: string): void => void this.refusals.push(message);
    const { ignoresFile } = this.rules;
    const run = new BuildRun(group, { ...pace, ids: this.#ids, ignoresFile, onRefused });
    this.#runs.set(group, run);
    this.#listener.onBegin(group.index);
    void run.start().then(() => this.#listener.onEnd(group.index));
    return run;
  }
}
