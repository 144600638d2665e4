import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { readCassette } from "../io/disk/read-cassette.ts";
import { type Interception, intercept } from "../io/intercept/intercept.ts";
import { createSocketUrl, type Listener, listen } from "../io/listen/listen.ts";
import type { ResolvedMode } from "../modes/mode.ts";
import type { ModeService } from "../modes/service.ts";
import { type CassetteReport, findTestFailure } from "./test-result.ts";

const RECORD_ANEW = "To record it anew, run the test with WHALESONG_MODE=record and a daemon at hand.";

/** What `insertCassette` makes of its options. */
export interface CassetteSetup {
  readonly path: string;
  readonly mode: ResolvedMode;
  readonly service: ModeService<CassetteReport>;
  /** Addresses that are intercepted beside the cassette's own. */
  readonly at: readonly string[];
  readonly allowsUnplayed: boolean;
  /** A recording that is of no use if its test fails: there is to be another one next time. */
  readonly isProvisional: boolean;
}

/** A cassette that answers the connections of this process. */
export class InsertedCassette implements AsyncDisposable {
  /** A path that exists in this process only, and for this cassette only: `new Docker({ socketPath })`. */
  readonly socketPath: string = `/whalesong/${randomUUID()}/docker.sock`;
  readonly #setup: CassetteSetup;
  readonly #interception: Interception;
  readonly #listeners: Listener[] = [];
  #ejected: Promise<CassetteReport> | undefined;

  constructor(insertion: CassetteSetup) {
    const { service, at } = insertion;
    this.#setup = insertion;
    const { daemon, onError } = service;
    this.#interception = intercept(daemon, { at: [this.socketPath, ...at], isAlone: true, onError });
  }

  get path(): string {
    return this.#setup.path;
  }

  /** What `once`, and other tools' names, came to. */
  get mode(): ResolvedMode {
    return this.#setup.mode;
  }

  /** The `socketPath` as DOCKER_HOST has it: `unix://...`. */
  get dockerHost(): string {
    return `unix://${this.socketPath}`;
  }

  /** When it was recorded, as its `Date` headers have it, for fake timers; now, unless it is replayed. */
  get recordedAt(): Date {
    return this.mode === "replay" ? new Date(readCassette(this.path).header.recorded?.at ?? 0) : new Date();
  }

  /** Runs `work` in a scope in which this cassette answers, whatever others are inserted. */
  run<T>(work: () => T): T {
    return this.#interception.run(work);
  }

  /**
   * Serves it on a real socket, too, until it is ejected: for other processes, such as the docker CLI.
   * @returns what DOCKER_HOST is to be for them
   */
  async listen(url: string = createSocketUrl()): Promise<string> {
    const { daemon, onError } = this.#setup.service;
    const listener = await listen(url, daemon, { onError });
    this.#listeners.push(listener);
    return listener.url;
  }

  /** Ends it, whatever was asked or not. Later calls give the same report. */
  eject(): Promise<CassetteReport> {
    this.#ejected ??= this.#eject();
    return this.#ejected;
  }

  /**
   * Ejects it and holds the test to it. `outcome` tells what the test itself failed with, if it did.
   * @throws WhalesongError `WHALESONG_NOT_AS_RECORDED`, with that as its cause; what kept a recording from being whole
   */
  async settle(outcome?: { readonly failure: unknown }): Promise<void> {
    const { path, allowsUnplayed, isProvisional } = this.#setup;
    const report = await this.eject();
    if (outcome !== undefined && isProvisional) rmSync(path, { force: true });
    const verdict = findTestFailure(report, { cassettes: [path], allowsUnplayed, outcome, remedy: RECORD_ANEW });
    if (verdict !== undefined) throw verdict;
  }

  /** Ejects it; `await using` cannot know whether the test failed, so it is held to nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.eject();
  }

  async #eject(): Promise<CassetteReport> {
    const report = await this.#setup.service.finish();
    await Promise.all([this.#interception.close(), ...this.#listeners.map((listener) => listener.close())]);
    return report;
  }
}
