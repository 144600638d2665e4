/** A mode at work, and what brings it its connections. */
import { WhalesongError } from "../base/errors.ts";
import { createSocketUrl, type ListenOptions, listen } from "../io/listen/listen.ts";
import type { Daemon } from "../session/connection.ts";

/** Where a mode is to be reached. */
export interface ListenTarget {
  /** `unix:///path` or `tcp://host:port`; default: a socket in a fresh private folder. */
  readonly listen?: string;
  readonly tls?: ListenOptions["tls"];
}

/** All that is not a listener's. */
export type ServiceOptions<Options> = Omit<Options, keyof ListenTarget>;

/** A mode at work, whoever brings it its connections: a listener, or an interception. */
export interface ModeService<Report> {
  /** Holds each client's connection. */
  readonly daemon: Daemon;
  /** Told what the daemon throws. */
  readonly onError: (problem: unknown) => void;
  /** Puts everything in its place. What is still open then counts as cut or stalled, not as ended by us. */
  finish(): Promise<Report>;
}

/** A recording or a replay that accepts connections. */
export interface RunningServer<Report> {
  /** What DOCKER_HOST is to be. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** Ends it: nothing is accepted any more, and everything is in its place. Later calls give the same report. */
  stop(): Promise<Report>;
}

/** Has a listener bring it connections. */
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

/** Who is told of problems where nobody else is named. */
export function warnProcess(problem: unknown): void {
  process.emitWarning(problem instanceof WhalesongError ? `${problem.code}: ${problem.message}` : String(problem));
}
