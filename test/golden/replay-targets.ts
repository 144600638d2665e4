import { intercept } from "../../src/io/intercept/intercept.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/docker-host.ts";
import { createReplayService, replayCassettes } from "../../src/modes/replay.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import type { Connection } from "../../src/session/connection.ts";
import { connectionPair } from "../../src/session/pair.ts";
import { dialSocket } from "../io/transports.ts";

let interceptedCount = 0;

export interface ReplayTarget {
  dial(): Promise<Connection>;
  /** Ends the replay. */
  report(): Promise<ReplayReport>;
}

export async function openInMemory(cassette: string): Promise<ReplayTarget> {
  const service = await createReplayService({ cassettes: [cassette] });
  return {
    dial: async () => {
      const [near, far] = connectionPair();
      service.daemon(far).catch(service.onError);
      return near;
    },
    report: () => service.finish(),
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
