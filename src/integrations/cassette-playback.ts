/** What `handlers` and `scopes` have in common: cassettes that are played to a mocking library, and their report. */
import { UsageError } from "../base/errors.ts";
import { createOfflineReplay, type ReplayOptions, type ReplayService } from "../modes/replay.ts";
import type { ReplayReport } from "../replay/report.ts";
import { type MockedRequest, type MockedResponse, sendInMemory } from "./in-memory-request.ts";
import { findTestFailure } from "./test-result.ts";
import { type MockLibrary, reportUnsupported } from "./unsupported-exchanges.ts";

const RECORD_ANEW = "To record it anew, run `whalesong record` or `insertCassette`: a mocking library does not record.";

/** Clients that speak over a unix socket: whatever they put for the host, and no port. */
const SOCKET_ORIGIN = /^http:\/\/(localhost|unix|docker|d|127\.0\.0\.1|\[?::1\]?):80$/;

export interface PlaybackOptions extends Pick<ReplayOptions, "tempo" | "isStrict" | "rules" | "warn"> {
  /**
   * Whose requests are the daemon's, as `http://host:port`, always with the port; text means exactly this origin.
   * Default: `localhost`, `unix`, `docker`, `d` and the loopback addresses at port 80, which is what the requests of
   * clients on a unix socket look like.
   */
  readonly origin?: string | RegExp;
  /** What is done at once about exchanges that cannot be carried; asked for, they are answered 501 in any case. */
  readonly uncarried?: "warn" | "throw" | "allow";
  /** `done()` does not mind what was recorded and never asked for. */
  readonly allowsUnplayed?: boolean;
}

/** How it went so far. */
export interface CassettePlayback {
  /** What was played, missed and not asked for. What could not be carried is among `missed`. */
  report(): ReplayReport;
  /**
   * Nothing was missed, everything was asked for; to be called when the test is over, as nock's `nockDone`.
   * @throws WhalesongError `WHALESONG_NOT_AS_RECORDED` otherwise, with what it was
   */
  done(): void;
  /** As if nothing had been played. */
  rewind(): Promise<void>;
}

export interface LibraryPlayback extends CassettePlayback {
  readonly origin: RegExp;
  send(question: MockedRequest): Promise<MockedResponse>;
}

/**
 * Opens cassettes for `library`.
 * @throws CassetteError if one cannot be understood
 * @throws UsageError `WHALESONG_NOT_CARRIED` if `uncarried` is `throw`; `WHALESONG_BAD_ADDRESS` for an `origin` that is none
 */
export function createPlayback(
  library: MockLibrary,
  paths: string | readonly string[],
  { origin = SOCKET_ORIGIN, uncarried = "warn", allowsUnplayed = false, ...options }: PlaybackOptions,
): LibraryPlayback {
  const cassettes = [paths].flat();
  const service = createOfflineReplay({ cassettes, ...options }, library.name);
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
  return new RegExp(`^${toOrigin(origin).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

/** A `g` or `y` would have each test begin where the last one ended. */
function withoutLastIndex({ source, flags }: RegExp): RegExp {
  return new RegExp(source, flags.replace(/[gy]/g, ""));
}

function createOriginError(origin: string): UsageError {
  const message = `\`origin\` must be one such as \`http://localhost:2375\`, or an expression, got \`${origin}\``;
  return new UsageError("WHALESONG_BAD_ADDRESS", message, { fields: { origin } });
}

function assertPlayed(service: ReplayService, cassettes: readonly string[], allowsUnplayed: boolean): void {
  const verdict = findTestFailure(service.report(), { cassettes, allowsUnplayed, remedy: RECORD_ANEW });
  if (verdict !== undefined) throw verdict;
}
