/** The daemon that a recording is of: one that is there, or one that is simulated for it. */
import type { RecordOptions } from "../modes/record.ts";
import { type SimulationArguments, toSimulationOptions, toUpstream } from "./flags.ts";
import { warn } from "./session.ts";

/** Instead of an address. */
const SIMULATED = "mock";

export interface RecordedDaemon {
  readonly upstream: RecordOptions["upstream"];
  end(): Promise<void>;
}

export interface RecordedDaemonArguments extends SimulationArguments {
  readonly upstream: string | undefined;
}

/** @throws UsageError for an address, a state or a time that is none */
export async function openRecordedDaemon(argv: RecordedDaemonArguments): Promise<RecordedDaemon> {
  if (argv.upstream !== SIMULATED) return { upstream: toUpstream(argv.upstream), end: async () => undefined };
  const { mockDocker } = await import("../modes/mock-docker.ts");
  const docker = await mockDocker({ ...toSimulationOptions(argv), onFault: warn });
  return { upstream: docker, end: () => docker.stop() };
}
