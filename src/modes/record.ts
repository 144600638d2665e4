/** The record mode: relays everything between clients and a daemon, and writes a cassette. */
import { existsSync, rmSync } from "node:fs";
import { checkOptions } from "../base/options/check-options.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
import { type SpellOption, spellInCode } from "../base/spell-option.ts";
import type { CassetteHeader, SidecarRef } from "../cassette/model.ts";
import type { Cassette } from "../cassette/read.ts";
import { walkSidecars } from "../cassette/sidecars.ts";
import { rerecord } from "../compare/rerecord.ts";
import { systemClock } from "../io/clock.ts";
import { createDiskStore, type DiskStore } from "../io/disk/disk-store.ts";
import { openSidecar, readCassette } from "../io/disk/read-cassette.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import type { RuleInput } from "../match/rules/resolve-rules.ts";
import type { ComparedRecording } from "../match/suggest.ts";
import { forward } from "../record/forward.ts";
import { Recording } from "../record/recording.ts";
import type { PipelineOptions } from "../record/recording-pipeline.ts";
import { type Connect, relay } from "../record/relay.ts";
import type { RecordingOrigin } from "../record/write/header-builder.ts";
import type { RecordingReport } from "../record/write/tape.ts";
import { refuseControl } from "../replay/control.ts";
import type { Deck } from "../replay/deck/deck.ts";
import { replay } from "../replay/responder.ts";
import { findLastNumber } from "../secrets/placeholders.ts";
import type { RedactionInput } from "../secrets/redaction-rules.ts";
import type { Responder } from "../session/call.ts";
import type { Daemon } from "../session/connection.ts";
import { createDaemon } from "../session/daemon.ts";
import { version } from "../version.ts";
import { assertValid, createDeck } from "./load-deck.ts";
import { LISTEN_TARGET, OPTIONS_OBJECT, RECORD_SERVICE } from "./mode-kinds.ts";
import { type EmptyPolicy, refuseEmpty } from "./refuse-empty.ts";
import {
  type DiscardableServer,
  type ListenTarget,
  type ModeService,
  type ServiceOptions,
  startServer,
  warnProcess,
} from "./service.ts";
import { type InProcessDaemon, isSimulated, openUpstream } from "./upstream-connection.ts";

/** Editors complete and check by it; one that does not find the schema says so, and goes on. */
const SCHEMA_LINE = "# yaml-language-server: $schema=https://unpkg.com/whalesong/dist/cassette/cassette.schema.json\n";

/** Options of `record`. */
export interface RecordOptions extends ListenTarget {
  /** The path of the YAML file. Sidecars get a folder of its name beside it. */
  readonly cassette: string;
  /** The daemon: its address, or one of this process, such as the one of `mockDocker()`. */
  readonly upstream: string | Upstream | InProcessDaemon;
  /** `record` starts over; `append` plays what is recorded and records the rest. @default "record" */
  readonly mode?: "record" | "append";
  /** Keeps waits to the millisecond; otherwise they are rounded, so that two recordings differ less. @default false */
  readonly exactTiming?: boolean;
  /**
   * What is kept of the files that a client sends for a build by BuildKit: all, or only a digest of each. A replay
   * compares their content either way.
   * @default "files"
   */
  readonly contexts?: "files" | "digests";
  /**
   * Writes all as it is recorded. Otherwise a recording over an old one keeps the old ids, times and addresses, and the
   * old order of concurrent exchanges, where only the daemon made them anew.
   * @default false
   */
  readonly fresh?: boolean;
  /** Rules to add to the cassette's header. @default none */
  readonly rules?: RuleInput;
  /**
   * What becomes of a recording without an exchange. `keep` writes it. `keep-new` writes it if there is no cassette, or
   * one without exchanges. `refuse` never does. A refused one leaves the cassette as it was; in `append` nothing is
   * refused where a cassette is. @default "keep-new"
   */
  readonly empty?: EmptyPolicy;
  /**
   * What is kept out of the cassette beside what always is: names of settings, patterns, functions; `no-RULE` switches
   * a rule off (docs/secrets.md). @default none
   */
  readonly redact?: readonly RedactionInput[];
  /**
   * Places that may have what looks like a secret, though a recording with one is refused: the beginning of a request
   * (`GET /v1.41/containers/web/logs`), of a sidecar's path, or what was found (`GitHub token`). @default none
   */
  readonly allowSecrets?: readonly string[];
  /** Called once if the recording fails; the traffic goes on. @default a process warning */
  readonly warn?: (problem: unknown) => void;
}

const NEEDED = ["cassette", "upstream"] as const;
const serviceKind: OptionKind = recordOf<ServiceOptions<RecordOptions>>(RECORD_SERVICE, OPTIONS_OBJECT, NEEDED);
const recordKind: OptionKind = recordOf<RecordOptions>({ ...RECORD_SERVICE, ...LISTEN_TARGET }, OPTIONS_OBJECT, NEEDED);

/**
 * Records everything that passes between the clients of `listen` and the daemon at `upstream`.
 * @throws CassetteError if the old cassette cannot be parsed: it is never overwritten
 * @throws UsageError `WHALESONG_BAD_OPTION`, `WHALESONG_BAD_ADDRESS`
 * @throws EnvironmentError `WHALESONG_UPSTREAM_UNREACHABLE` if the daemon cannot be reached
 * @example
 * const docker = await mockDocker();
 * const recording = await record({ cassette: "recorded.yaml", upstream: docker });
 * await new Docker({ socketPath: recording.url.slice("unix://".length) }).listContainers();
 * const { exchanges } = await recording.stop();
 * await docker.stop();
 */
export async function record(options: RecordOptions): Promise<DiscardableServer<RecordingReport>> {
  return recordFor(spellInCode, options);
}

/**
 * `record` without a listener, for an interception.
 * @throws what `record` throws
 * @example
 * const docker = await mockDocker();
 * const service = await createRecordService({ cassette: "recorded.yaml", upstream: docker });
 * const interception = intercept(service.daemon, { at: ["/nowhere/docker.sock"], onError: service.onError });
 * await new Docker({ socketPath: "/nowhere/docker.sock" }).listContainers();
 * const { exchanges } = await service.finish();
 * await interception.close();
 * await docker.stop();
 */
export async function createRecordService(
  options: ServiceOptions<RecordOptions>,
): Promise<Required<ModeService<RecordingReport>>> {
  checkOptions("createRecordService", options, serviceKind);
  return openRecordService(options);
}

/** `record` for a caller whose users spell options otherwise than in code. */
export async function recordFor(
  spellOption: SpellOption,
  options: RecordOptions,
): Promise<DiscardableServer<RecordingReport>> {
  checkOptions("record", options, recordKind);
  return startServer(await openRecordService(options, spellOption), options);
}

/** `createRecordService` for options that were checked under another name. */
export async function openRecordService(
  options: ServiceOptions<RecordOptions>,
  spellOption: SpellOption = spellInCode,
): Promise<Required<ModeService<RecordingReport>>> {
  const { cassette: path, mode = "record", warn = warnProcess } = options;
  const previous = existsSync(path) ? readCassette(path) : undefined;
  if (previous !== undefined) assertValid(previous);
  const { connect, resetAll } = openUpstream(options.upstream, warn);
  await checkReachable(connect);
  const store = createDiskStore(path, { mode });
  const recording = new Recording({
    store,
    clock: systemClock,
    recorded: describeOrigin(options),
    ...(previous === undefined
      ? {}
      : {
          previous: {
            header: selectHeader(previous, mode),
            names: listNames(previous, mode),
            listSidecars: () => (mode === "append" ? listKeptSidecars(previous, path) : []),
          },
        }),
    ...(mode === "append" || previous === undefined || options.fresh === true ? {} : keepOldValues(previous, path)),
    // What stands above an old header stays as it is.
    keepHeader: (text) => `${previous === undefined ? SCHEMA_LINE : previous.preamble}${text}`,
    ...(options.rules === undefined ? {} : { rules: options.rules }),
    ...(options.contexts === undefined ? {} : { contexts: options.contexts }),
    redaction: {
      rules: options.redact ?? [],
      env: process.env,
      allowed: options.allowSecrets ?? [],
      spellOption,
      firstNumber: mode === "append" ? countPlaceholders(previous) + 1 : 1,
    },
    ...(options.exactTiming === undefined ? {} : { exactTiming: options.exactTiming }),
    refuse: (report) => refuseEmpty(report, previous, { ...options, spellOption }),
    warn,
  });
  const deck = mode === "append" && previous !== undefined ? createOldDeck(previous, options) : undefined;
  const finish = async (): Promise<RecordingReport> => addPlayed(await recording.finish(), deck);
  return {
    daemon: deck === undefined ? relay(connect, recording) : createAppendDaemon(deck, forward(connect, recording)),
    onError: warn,
    finish,
    discard: async () => addPlayed(recording.discard(), deck),
    setAside: () => (isWorthKeeping(previous) ? finishAside(store, finish) : finish()),
    release: resetAll,
  };
}

function describeOrigin({ upstream }: RecordOptions): RecordingOrigin {
  const at = new Date().toISOString().slice(0, 10);
  return { at, by: `whalesong ${version}`, isSimulated: isSimulated(upstream) };
}

function isWorthKeeping(previous: Cassette | undefined): boolean {
  return (previous?.entries.length ?? 0) > 0;
}

/** A recording of nothing is not worth a file. */
async function finishAside(store: DiskStore, finish: () => Promise<RecordingReport>): Promise<RecordingReport> {
  const aside = store.setAside();
  const report = await finish();
  if (!report.isKept) return report;
  if (report.exchanges > 0) return { ...report, isKept: false, aside };
  rmSync(aside, { force: true });
  return { ...report, isKept: report.previous !== undefined };
}

function keepOldValues(cassette: Cassette, path: string): Pick<PipelineOptions, "rerecord"> {
  const old: ComparedRecording = { cassette, pieces: (sidecar) => openSidecar(path, sidecar).pieces() };
  return { rerecord: (recording) => rerecord(old, recording) };
}

function createOldDeck(previous: Cassette, { cassette, rules }: RecordOptions): Deck {
  return createDeck(previous, cassette, { rules: withExactValues(rules) });
}

function createAppendDaemon(deck: Deck, last: Responder): Daemon {
  const replayKnown = replay(() => [deck], { clock: systemClock });
  return createDaemon(refuseControl, replayKnown, last);
}

function addPlayed(report: RecordingReport, deck: Deck | undefined): RecordingReport {
  if (deck === undefined) return report;
  return { ...report, previous: { exchanges: deck.exchanges.length, played: deck.playedExchanges.size } };
}

/** In `append`, a request with new generated values is recorded, not answered from an old exchange. */
function withExactValues(rules: RuleInput = {}): RuleInput {
  return { ...rules, exact: [...(rules.exact ?? []), "made-up-values"] };
}

/** Fails at the start if the daemon cannot be reached, instead of failing for every client. */
async function checkReachable(reach: Connect): Promise<void> {
  (await reach()).reset();
}

/** A recording that starts over forgets the daemon and the clients of the old one. */
function selectHeader({ header }: Cassette, mode: "record" | "append"): CassetteHeader {
  const { recorded: _, ...rest } = header;
  return mode === "append" ? header : { ...rest, everyResponse: [] };
}

/** New secrets get numbers that no old one has. */
function countPlaceholders(previous: Cassette | undefined): number {
  const texts = previous?.entries.map((entry) => findLastNumber(entry.readText())) ?? [];
  return texts.reduce((most, number) => Math.max(most, number), 0);
}

/** Those that the old documents go on referring to, as far as they are there. */
function listKeptSidecars(previous: Cassette, path: string): readonly SidecarRef[] {
  return [...walkSidecars(previous.entries)].filter((sidecar) => existsSync(openSidecar(path, sidecar).path));
}

function listNames(previous: Cassette, mode: "record" | "append"): string[] {
  return mode === "record" ? [] : previous.entries.flatMap(({ name }) => name ?? []);
}
