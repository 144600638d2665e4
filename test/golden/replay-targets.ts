/** A replay of a cassette, in memory or as users have it: over a unix socket, or intercepted in this process. */
import { systemClock } from "../../src/io/clock.ts";
import { openSidecar, readCassette } from "../../src/io/disk/read-cassette.ts";
import { intercept } from "../../src/io/intercept/intercept.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/docker-host.ts";
import { createReplayService, replayCassettes } from "../../src/modes/replay.ts";
import { Deck } from "../../src/replay/deck/deck.ts";
import { respondToMiss } from "../../src/replay/misses/respond-to-miss.ts";
import { ReplaySessions } from "../../src/replay/replay-sessions.ts";
import { createReport, type ReplayReport } from "../../src/replay/report.ts";
import { replay } from "../../src/replay/responder.ts";
import type { Connection } from "../../src/session/connection.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { dialSocket } from "../io/transports.ts";

let interceptedCount = 0;

export interface ReplayTarget {
  dial(): Promise<Connection>;
  /** Ends the replay. */
  report(): Promise<ReplayReport>;
}

export async function openInMemory(cassette: string): Promise<ReplayTarget> {
  const deck = new Deck(readCassette(cassette), { pieces: (ref) => openSidecar(cassette, ref).pieces() });
  const problems: unknown[] = [];
  const playthroughs = new ReplaySessions([deck]);
  const onProblem = (problem: unknown): void => void problems.push(problem);
  const answers = createDaemon(
    replay(playthroughs.decksFor, { clock: systemClock, onProblem }),
    respondToMiss((call) => playthroughs.findForCall(call)),
  );
  return {
    dial: async () => {
      const [near, far] = connectionPair();
      answers(far).catch(onProblem);
      return near;
    },
    report: async () => createReport([deck], playthroughs.allMisses, problems),
  };
}

export async function openSocket(cassette: string): Promise<ReplayTarget> {
  const running = await replayCassettes({ cassettes: [cassette] });
  const upstream = parseUpstream(running.url);
  return { dial: () => connect(upstream), report: () => running.stop() };
}

export async function openInterception(cassette: string): Promise<ReplayTarget> {
  const path = `/nowhere/${++interceptedCount}.sock`;
  const service = await createReplayService({ cassettes: [cassette] });
  const interception = intercept(service.daemon, { at: [path], onError: service.onError });
  return {
    dial: () => dialSocket(`unix://${path}`),
    report: async () => {
      const report = await service.finish();
      await interception.close();
      return report;
    },
  };
}
