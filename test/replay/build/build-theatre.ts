/** A replay of a recorded build in memory, as the modes put it together. */

import type { Clock } from "../../../src/base/clock.ts";
import { openCassette } from "../../../src/cassette/read.ts";
import { systemClock } from "../../../src/io/clock.ts";
import { BUILD_LIMITS, type BuildLimits, type BuildPace } from "../../../src/replay/build/build-pace.ts";
import { holdMissedBuilds, playHttpBuild } from "../../../src/replay/build/play-http-build.ts";
import { respondToBuilds } from "../../../src/replay/build/respond-to-builds.ts";
import { Deck } from "../../../src/replay/deck/deck.ts";
import { answerIncidentalCalls } from "../../../src/replay/incidental-calls.ts";
import { respondToMiss } from "../../../src/replay/misses/respond-to-miss.ts";
import { INSTANT } from "../../../src/replay/play/tempo.ts";
import { ReplaySessions } from "../../../src/replay/replay-sessions.ts";
import { createReport, type ReplayReport } from "../../../src/replay/report.ts";
import { replay } from "../../../src/replay/responder.ts";
import type { Daemon } from "../../../src/session/connection.ts";
import { createDaemon } from "../../../src/session/daemon.ts";
import { SessionPool } from "../../../src/session/grpc/session-pool.ts";
import {
  type CapturedPiece,
  type RecordedCapture,
  readPieces,
  recordCapture,
} from "../../record/builds/record-capture.ts";

const OF_THE_WIRE = ["plain", "failing", "secret", "local", "bake"];

export interface TheatreOptions {
  readonly limits?: Partial<BuildLimits>;
  readonly clock?: Clock;
  /** How long the disk takes for a sidecar, in ms. */
  readonly diskMs?: number;
  /** Rewrites the cassette before it is played. */
  readonly edit?: (text: string) => string;
}

export class BuildTheatre {
  readonly deck: Deck;
  readonly sessions: ReplaySessions;
  readonly problems: unknown[] = [];
  readonly daemon: Daemon;

  constructor(
    { text, sidecars }: RecordedCapture,
    { limits = {}, clock = systemClock, diskMs = 0, edit }: TheatreOptions = {},
  ) {
    this.deck = new Deck(openCassette(Buffer.from(edit?.(text) ?? text), "run.yaml"), {
      pieces: async function* (
        { path },
        { range: { offset, size } = { offset: 0, size: Number.POSITIVE_INFINITY } } = {},
      ) {
        if (diskMs > 0) await clock.sleep(diskMs);
        yield (sidecars.get(path) as Buffer).subarray(offset, offset + size);
      },
    });
    this.sessions = new ReplaySessions([this.deck]);
    const { decksFor } = this.sessions;
    const onProblem = (problem: unknown): void => void this.problems.push(problem);
    const pool = new SessionPool();
    const pace: BuildPace = {
      clock,
      tempo: INSTANT,
      limits: { ...BUILD_LIMITS, ...limits },
      sessions: pool,
      onProblem,
    };
    this.daemon = createDaemon(
      respondToBuilds(
        {
          decksFor: (call) => [...decksFor(call)].map(({ builds }) => builds),
          onMiss: (call, miss) => this.sessions.findForCall(call).misses.push(miss),
        },
        pace,
      ),
      replay(decksFor, {
        clock,
        onProblem,
        playBuild: (call, { builds }, { entry }) => playHttpBuild(call, builds, entry.index, pace),
      }),
      answerIncidentalCalls(decksFor),
      holdMissedBuilds(() => true, pace),
      respondToMiss((call) => this.sessions.findForCall(call)),
    );
  }

  get report(): ReplayReport {
    return createReport(this.sessions.allDecks, this.sessions.allMisses, this.problems);
  }
}

/** The recording of a build that was captured from a real client and engine. */
export function recordingOf(name: string): Promise<RecordedCapture> {
  return recordCapture(name, toFolder(name));
}

export function piecesOf(name: string): readonly CapturedPiece[] {
  return readPieces(name, toFolder(name));
}

function toFolder(name: string): "wire" | "here" {
  return OF_THE_WIRE.includes(name) ? "wire" : "here";
}

export async function theatreOf(name: string, options?: TheatreOptions): Promise<BuildTheatre> {
  return new BuildTheatre(await recordingOf(name), options);
}
