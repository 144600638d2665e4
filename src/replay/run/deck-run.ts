/**
 * What the streams of one run of a deck share: the cues and marks that have fired, what waits, and the values that stand
 * for each other. A deck makes one; the player reads and advances it. Nothing of it is ever written into the cassette.
 */
import type { CassetteHeader } from "../../cassette/model.ts";
import type { ReadSidecar } from "../../cassette/sidecar-ref.ts";
import { Bindings } from "../../match/bindings.ts";
import type { HeaderField } from "../../wire/http/head.ts";
import { BuildKitSessions } from "./buildkit-sessions.ts";
import { CueBoard } from "./cue-board.ts";
import { formatHttpDate } from "./http-date.ts";
import type { LiveExchange } from "./live-exchange.ts";
import { PreparedResponses } from "./prepared-responses.ts";
import { combineSubstitutions, type TextSubstitution } from "./substitution.ts";
import { TodaysSecrets } from "./todays-secrets.ts";
import { WaitLog } from "./wait-log.ts";

export interface DeckRunOptions {
  readonly cassette: { readonly file: string; readonly header: CassetteHeader };
  /** Ports of the host that had to move. */
  readonly ports: TextSubstitution;
  /** Names of marks in streams of events. */
  readonly eventMarks: () => ReadonlySet<string>;
  /** Reads the sidecars of this cassette. */
  readonly pieces: ReadSidecar;
}

export class DeckRun {
  /** An exchange that has a name fires it when it is requested. */
  readonly cues: CueBoard = new CueBoard();
  /** Points of streams that other streams wait for. A mark fires when it is played, or when it cannot be any more. */
  readonly marks: CueBoard = new CueBoard();
  /** What is on its way to clients. */
  readonly live: Set<LiveExchange> = new Set();
  /** Those of `live` that are where their recording was cut. */
  readonly atCut: Set<LiveExchange> = new Set();
  readonly waits: WaitLog = new WaitLog();
  /** Input of clients that differed from the recording, in the order in which it came. */
  readonly mismatches: string[] = [];
  readonly preparedResponses: PreparedResponses = new PreparedResponses();
  readonly buildKitSessions: BuildKitSessions = new BuildKitSessions();
  readonly bindings: Bindings = new Bindings();
  readonly secrets: TodaysSecrets = new TodaysSecrets();
  /** The secrets, then the bindings, then the ports. */
  readonly substitution: TextSubstitution;
  /** The path of the cassette. */
  readonly file: string;
  readonly everyResponse: readonly HeaderField[];
  /** The Date of every response. */
  readonly date: string;
  readonly eventMarks: DeckRunOptions["eventMarks"];
  readonly pieces: DeckRunOptions["pieces"];
  #requests = 0;

  constructor({ cassette: { file, header }, ports, eventMarks, pieces }: DeckRunOptions) {
    this.file = file;
    this.substitution = combineSubstitutions(this.secrets, combineSubstitutions(this.bindings, ports));
    this.everyResponse = header.everyResponse;
    this.date = formatHttpDate(header.recorded?.at);
    this.eventMarks = eventMarks;
    this.pieces = pieces;
  }

  /** How many requests were answered, which tells a stream that waits whether anything goes on. */
  get requests(): number {
    return this.#requests;
  }

  /** @param name of the exchange that was requested: its cue fires */
  countRequest(name: string | undefined): void {
    this.#requests += 1;
    if (name !== undefined) this.cues.fire(name);
  }
}
