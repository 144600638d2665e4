/** Where a cassette is played to the walker: in memory, or as users have it, over a unix socket or intercepted. */
import { systemClock } from "../../src/io/clock.ts";
import { readCassette, sidecarFile } from "../../src/io/disk/read-cassette.ts";
import { intercept } from "../../src/io/intercept/intercept.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/docker-host.ts";
import { replayCassettes, replayService } from "../../src/modes/replay.ts";
import { Deck } from "../../src/replay/deck/deck.ts";
import { missed } from "../../src/replay/misses/missed.ts";
import { Playthroughs } from "../../src/replay/playthrough.ts";
import { type ReplayReport, reportOf } from "../../src/replay/report.ts";
import { replay } from "../../src/replay/responder.ts";
import type { Connection } from "../../src/session/connection.ts";
import { daemon } from "../../src/session/daemon.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { dialled } from "../io/transports.ts";

let interceptedCount = 0;

export interface Rehearsal {
  dial(): Promise<Connection>;
  /** Ends the replay. */
  report(): Promise<ReplayReport>;
}

export async function inMemory(cassette: string): Promise<Rehearsal> {
  const deck = new Deck(readCassette(cassette), { pieces: (ref) => sidecarFile(cassette, ref).pieces() });
  const problems: unknown[] = [];
  const playthroughs = new Playthroughs([deck]);
  const onProblem = (problem: unknown): void => void problems.push(problem);
  const answers = daemon(
    replay(playthroughs.decksFor, { clock: systemClock, onProblem }),
    missed((call) => playthroughs.of(call)),
  );
  return {
    dial: async () => {
      const [near, far] = connectionPair();
      answers(far).catch(onProblem);
      return near;
    },
    report: async () => reportOf([deck], playthroughs.misses, problems),
  };
}

export async function overSocket(cassette: string): Promise<Rehearsal> {
  const running = await replayCassettes({ cassettes: [cassette] });
  const upstream = parseUpstream(running.url);
  return { dial: () => connect(upstream), report: () => running.stop() };
}

export async function intercepted(cassette: string): Promise<Rehearsal> {
  const path = `/nowhere/${++interceptedCount}.sock`;
  const service = await replayService({ cassettes: [cassette] });
  const interception = intercept(service.daemon, { at: [path], onError: service.onError });
  return {
    dial: () => dialled(`unix://${path}`),
    report: async () => {
      const report = await service.finish();
      await interception.close();
      return report;
    },
  };
}
