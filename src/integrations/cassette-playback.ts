/** The common part of msw.ts and nock.ts: cassettes that are played to a mocking library, and their report. */
import { UsageError } from "../base/errors.ts";
import { escapePattern } from "../base/escape-pattern.ts";
import { checkArgument, checkOptions } from "../base/options/check-options.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
import { OPTIONS_OBJECT } from "../modes/mode-kinds.ts";
import { createOfflineReplay, type ReplayOptions, type ReplayService } from "../modes/replay.ts";
import type { ReplayReport } from "../replay/report.ts";
import { type MockedRequest, type MockedResponse, sendInMemory } from "./in-memory-request.ts";
import { PLAYBACK, pathsKind } from "./option-kinds.ts";
import { findTestFailure } from "./test-result.ts";
import { type MockLibrary, reportUnsupported } from "./unsupported-exchanges.ts";

const RECORD_AGAIN =
  "To record it again, run `whalesong record` or `insertCassette`: a mocking library does not record.";

/** The origins of clients on a unix socket: they use one of these hosts, and no port. */
const SOCKET_ORIGIN = /^http:\/\/(localhost|unix|docker|d|127\.0\.0\.1|\[?::1\]?):80$/;

/** Options of `createHandlers` and `createScopes`. */
export interface PlaybackOptions extends Pick<ReplayOptions, "tempo" | "isStrict" | "rules" | "warn"> {
  /**
   * The origin of the daemon's requests: text means exactly this origin, an expression is matched against
   * `http://host:port`, always with the port.
   * @default `localhost`, `unix`, `docker`, `d` and the loopback addresses at port 80, as clients on a unix socket use
   */
  readonly origin?: string | RegExp;
  /** What to do at the start about exchanges that the library does not support; requests for them always get 501. @default "warn" */
  readonly onUnsupported?: "warn" | "throw" | "allow";
  /** Lets a test leave out recorded requests. @default false */
  readonly allowsUnplayed?: boolean;
}

/** A replay to a mocking library. */
export interface CassettePlayback {
  /** What is played, missed and left out up to now. Refused exchanges are among `missed`. */
  report(): ReplayReport;
  /**
   * Checks that nothing was missed or left out. Call it at the end of the test, like nock's `nockDone`.
   * @throws WhalesongError `WHALESONG_NOT_AS_RECORDED`, with the list of deviations
   */
  done(): void;
  /** Starts over, as if nothing had been played. */
  rewind(): Promise<void>;
}

const playbackKind: OptionKind = recordOf<PlaybackOptions>(PLAYBACK, OPTIONS_OBJECT);

export interface LibraryPlayback extends CassettePlayback {
  readonly origin: RegExp;
  send(question: MockedRequest): Promise<MockedResponse>;
}

/**
 * Opens cassettes for `library`.
 * @throws CassetteError if one cannot be parsed
 * @throws UsageError `WHALESONG_BAD_OPTION`; `WHALESONG_NOT_CARRIED` if `onUnsupported` is `throw`; `WHALESONG_BAD_ADDRESS` for a wrong `origin`
 */
export function createPlayback(
  library: MockLibrary,
  paths: string | readonly string[],
  settings: PlaybackOptions,
): LibraryPlayback {
  checkArgument(library.owner, "cassettes", paths, pathsKind);
  checkOptions(library.owner, settings, playbackKind);
  const { origin = SOCKET_ORIGIN, onUnsupported: uncarried = "warn", allowsUnplayed = false, ...options } = settings;
  const cassettes = [paths].flat();
  const service = createOfflineReplay({ cassettes, ...options, refusesUnfinished: true }, library.name);
  const opened = service.sessions.allDecks.map(({ cassette }) => cassette);
  if (uncarried !== "allow") reportUnsupported(library, opened, uncarried);
  return {
    origin: typeof origin === "string" ? toOriginPattern(origin) : withoutLastIndex(origin),
    send: (question) => sendInMemory(service.daemon, question, service.onError),
    report: service.report,
    done: () => assertPlayed(service, cassettes, allowsUnplayed),
    rewind: () => service.sessions.rewind(),
  };
}

/** `http://localhost:80` for `http://localhost/v1.41/info`. */
export function toOrigin(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

function toOriginPattern(origin: string): RegExp {
  if (!URL.canParse(origin)) throw createOriginError(origin);
  return new RegExp(`^${escapePattern(toOrigin(origin))}$`);
}

/** With `g` or `y`, each match would begin where the last one ended. */
function withoutLastIndex({ source, flags }: RegExp): RegExp {
  return new RegExp(source, flags.replace(/[gy]/g, ""));
}

function createOriginError(origin: string): UsageError {
  const message = `\`origin\` must be like \`http://localhost:2375\`, or a regular expression, got \`${origin}\``;
  return new UsageError("WHALESONG_BAD_ADDRESS", message, { fields: { origin } });
}

function assertPlayed(service: ReplayService, cassettes: readonly string[], allowsUnplayed: boolean): void {
  const verdict = findTestFailure(service.report(), { cassettes, allowsUnplayed, remedy: RECORD_AGAIN });
  if (verdict !== undefined) throw verdict;
}
