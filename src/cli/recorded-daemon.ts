/** The daemon of a recording: a real one, or a simulated one for `--upstream mock`. */
import type { RecordOptions } from "../modes/record.ts";
import { type SimulationArguments, toSimulationOptions, toUpstream } from "./flags.ts";
import { printWarning, type Terminal } from "./terminal.ts";

/** The value of `--upstream` that is no address. */
const MOCK_UPSTREAM = "mock";

export interface RecordedDaemon {
  readonly upstream: RecordOptions["upstream"];
  end(): Promise<void>;
}

export interface RecordedDaemonArguments extends SimulationArguments {
  readonly upstream: string | undefined;
}

/** @throws UsageError `WHALESONG_BAD_ADDRESS`, `WHALESONG_BAD_STATE`, `WHALESONG_BAD_TIME` */
export async function openRecordedDaemon(argv: RecordedDaemonArguments, terminal: Terminal): Promise<RecordedDaemon> {
  if (argv.upstream !== MOCK_UPSTREAM) return { upstream: toUpstream(argv.upstream), end: async () => undefined };
  const { mockDocker } = await import("../modes/mock-docker.ts");
  const onFault = (problem: unknown): void => printWarning(terminal, problem);
  const docker = await mockDocker({ ...toSimulationOptions(argv), onFault });
  return { upstream: docker, end: () => docker.stop() };
}
