/** A running mode, and the listener that brings it connections. */
import { WhalesongError } from "../base/errors.ts";
import { createSocketUrl, type ListenOptions, listen } from "../io/listen/listen.ts";
import type { Daemon } from "../session/connection.ts";

/** The address that a mode listens on. */
export interface ListenTarget {
  /** `unix:///path` or `tcp://host:port`. @default a unix socket in a new private folder */
  readonly listen?: string;
  readonly tls?: ListenOptions["tls"];
}

/** The options of a mode without those of its listener. */
export type ServiceOptions<Options> = Omit<Options, keyof ListenTarget>;

/** A running mode. Its connections come from a listener or an interception. */
export interface ModeService<Report> {
  /** Serves a client's connection. */
  readonly daemon: Daemon;
  /** Called with errors of the daemon. */
  readonly onError: (problem: unknown) => void;
  /** Writes what is left to write. Connections that are still open count as cut or stalled. */
  finish(): Promise<Report>;
}

/** A recording or a replay with a listener. */
export interface RunningServer<Report> {
  /** The value for DOCKER_HOST. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** Closes the listener and finishes the mode. Later calls return the same report. */
  stop(): Promise<Report>;
}

/** Starts a listener for a mode. */
export async function startServer<Report>(
  { daemon: answers, onError, finish }: ModeService<Report>,
  { listen: url = createSocketUrl(), tls }: ListenTarget,
): Promise<RunningServer<Report>> {
  const listener = await listen(url, answers, { onError, ...(tls === undefined ? {} : { tls }) });
  let stopped: Promise<Report> | undefined;
  const stop = async (): Promise<Report> => {
    const report = await finish();
    await listener.close();
    return report;
  };
  return {
    url: listener.url,
    get connections() {
      return listener.connections;
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The default for problems: a process warning. */
export function warnProcess(problem: unknown): void {
  process.emitWarning(problem instanceof WhalesongError ? `${problem.code}: ${problem.message}` : String(problem));
}
