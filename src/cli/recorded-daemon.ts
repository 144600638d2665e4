/** The daemon of a recording: a real one, or a simulated one for `--upstream mock`. */

import { existsSync } from "node:fs";
import { findNearestWord } from "../base/nearest-word.ts";
import { createAddressError, type Upstream } from "../io/upstream/upstream.ts";
import { makeAppendSeed } from "../modes/other-seeds.ts";
import type { RecordOptions } from "../modes/record.ts";
import { MOCK_UPSTREAM } from "./flag-values.ts";
import { type SimulationArguments, toSimulationOptions, toUpstream } from "./flags.ts";
import { isRecordedFromMock } from "./record-lines.ts";
import { printWarning, type Terminal } from "./terminal.ts";

export interface RecordedDaemon {
  readonly upstream: RecordOptions["upstream"];
  end(): Promise<void>;
}

export interface RecordedDaemonArguments extends SimulationArguments {
  readonly upstream: string | undefined;
  readonly mode?: "record" | "append";
  readonly cassette?: string;
}

/** @throws UsageError `WHALESONG_BAD_ADDRESS`, `WHALESONG_BAD_STATE`, `WHALESONG_BAD_TIME` */
export async function openRecordedDaemon(argv: RecordedDaemonArguments, terminal: Terminal): Promise<RecordedDaemon> {
  refuseMisspeltMock(argv.upstream);
  if (argv.upstream !== MOCK_UPSTREAM) return { upstream: resolveRealDaemon(argv), end: async () => undefined };
  const { mockDocker } = await import("../modes/mock-docker.ts");
  const onFault = (problem: unknown): void => printWarning(terminal, problem);
  const { mode, cassette } = argv;
  const seed = mode === "append" && cassette !== undefined ? makeAppendSeed(cassette) : undefined;
  const docker = await mockDocker({ ...(seed === undefined ? {} : { seed }), ...toSimulationOptions(argv), onFault });
  return { upstream: docker, end: () => docker.stop() };
}

/** Where docker's own daemon cannot be reached, the error offers the mock, unless that would mix it into a real recording. */
function resolveRealDaemon({ upstream, mode, cassette }: RecordedDaemonArguments): Upstream {
  const daemon = toUpstream(upstream);
  const isChosen = upstream !== undefined || (process.env.DOCKER_HOST ?? "") !== "";
  const addsToReal =
    mode === "append" && cassette !== undefined && existsSync(cassette) && !isRecordedFromMock(cassette);
  if (isChosen || addsToReal) return daemon;
  return { ...daemon, option: `${daemon.option} (\`--upstream mock\` is a simulated one, without Docker)` };
}

/** A bare word is a host, and so a slip would be looked up in DNS. */
function refuseMisspeltMock(upstream: string | undefined): void {
  if (upstream === undefined || upstream === MOCK_UPSTREAM || !/^\w+$/.test(upstream)) return;
  if (findNearestWord(upstream, [MOCK_UPSTREAM]) === undefined) return;
  const why = `did you mean \`${MOCK_UPSTREAM}\`? Write \`tcp://${upstream}\` for a host of that name`;
  throw createAddressError(upstream, why);
}
