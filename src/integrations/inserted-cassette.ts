import { randomUUID } from "node:crypto";
import { readCassette } from "../io/disk/read-cassette.ts";
import { allowForChildren, keepFromDaemon } from "../io/intercept/child-processes.ts";
import { type Interception, intercept } from "../io/intercept/intercept.ts";
import { createSocketUrl, type Listener, listen } from "../io/listen/listen.ts";
import type { ResolvedMode } from "../modes/mode.ts";
import type { ModeService } from "../modes/service.ts";
import { type CassetteReport, findTestFailure, type TestOutcome } from "./test-result.ts";

const RECORD_AGAIN = "To record it again, run the test with WHALESONG_MODE=record and a daemon.";

/** The options of `insertCassette`, resolved. */
export interface CassetteSetup {
  readonly path: string;
  readonly mode: ResolvedMode;
  readonly service: ModeService<CassetteReport>;
  /** Addresses to intercept beside the cassette's own. */
  readonly at: readonly string[];
  readonly allowsUnplayed: boolean;
  /** Keeps the recording of a test that failed, though it may be of half a test. */
  readonly keepsFailed: boolean;
  /** Where the test is declared, if it is known. */
  readonly declaredAt: Error | undefined;
  /** Tells the reporter of the test run what became of the cassette. */
  readonly reportToRun: (report: CassetteReport) => void;
}

/** A cassette that answers connections of this process. */
export class InsertedCassette implements AsyncDisposable {
  /** A path that only this process knows, and that always means this cassette: `new Docker({ socketPath })`. */
  readonly socketPath: string = `/whalesong/${randomUUID()}/docker.sock`;
  readonly #setup: CassetteSetup;
  readonly #interception: Interception;
  readonly #listeners: Listener[] = [];
  readonly #freeChildren: () => void;
  #ejected: Promise<CassetteReport> | undefined;

  constructor(insertion: CassetteSetup) {
    const { service, at } = insertion;
    this.#setup = insertion;
    const { daemon, onError } = service;
    this.#interception = intercept(daemon, { at: [this.socketPath, ...at], isAlone: true, onError });
    this.#freeChildren = insertion.mode === "replay" ? keepFromDaemon() : () => undefined;
  }

  get path(): string {
    return this.#setup.path;
  }

  /** The resolved mode: `once` and VCR's other names are replaced. */
  get mode(): ResolvedMode {
    return this.#setup.mode;
  }

  /** The `socketPath` as a value for DOCKER_HOST: `unix://...`. */
  get dockerHost(): string {
    return `unix://${this.socketPath}`;
  }

  /** The day of the recording, as in its `Date` headers, for fake timers; now, unless it is replayed. */
  get recordedAt(): Date {
    return this.mode === "replay" ? new Date(readCassette(this.path).header.recorded?.at ?? 0) : new Date();
  }

  /** Runs `work` in a scope in which this cassette takes precedence over others. */
  run<T>(work: () => T): T {
    return this.#interception.run(work);
  }

  /**
   * Serves the cassette on a real socket as well, until it is ejected: for other processes, such as the docker CLI.
   * @returns the value for their DOCKER_HOST
   */
  async listen(url: string = createSocketUrl()): Promise<string> {
    const { daemon, onError } = this.#setup.service;
    const listener = await listen(url, daemon, { onError });
    this.#listeners.push(listener);
    allowForChildren(listener.url);
    return listener.url;
  }

  /** Ends the cassette without judging the test. Later calls return the same report. */
  eject(): Promise<CassetteReport> {
    this.#ejected ??= this.#eject(false);
    return this.#ejected;
  }

  /**
   * Ejects the cassette, and throws if the test did not do what is recorded. The recording of a failed test is thrown
   * away: the cassette is as it was before.
   * @param outcome the failure of the test itself, if it failed
   * @throws WhalesongError `WHALESONG_NOT_AS_RECORDED`, with that failure as its cause; the problem of an incomplete recording
   */
  async settle(outcome?: TestOutcome): Promise<void> {
    const { path, allowsUnplayed, keepsFailed } = this.#setup;
    this.#ejected ??= this.#eject(outcome !== undefined && !keepsFailed);
    const report = await this.#ejected;
    const verdict = findTestFailure(report, {
      cassettes: [path],
      allowsUnplayed,
      outcome,
      remedy: RECORD_AGAIN,
      findOrigin: (method, target) => this.#interception.findOrigin(method, target),
      declaredAt: this.#setup.declaredAt,
    });
    if (verdict !== undefined) throw verdict;
  }

  /** Ejects the cassette. `await using` does not know whether the test failed, so it judges nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.eject();
  }

  async #eject(isDiscarded: boolean): Promise<CassetteReport> {
    const { service } = this.#setup;
    const { finish, discard = finish } = service;
    this.#freeChildren();
    const finishing = isDiscarded ? discard() : finish();
    const closing = [this.#interception.close(), ...this.#listeners.map((listener) => listener.close())];
    service.release?.();
    const [report] = await Promise.all([finishing, ...closing]);
    this.#setup.reportToRun(report);
    return report;
  }
}
