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
  /** Writes what is left to write. Connections that are open when it is called count as cut or stalled. */
  finish(): Promise<Report>;
  /** Resets the connections to other daemons that are left, once those of the clients are closed. @default there are none */
  release?(): void;
  /** Instead of `finish`: writes nothing, and leaves the cassette as it was. @default it writes nothing anyway */
  discard?(): Promise<Report>;
  /** Instead of `finish`: leaves a cassette that has exchanges as it was, and writes beside it. @default `finish` */
  setAside?(): Promise<Report>;
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

/** A server that may write something when it stops. */
export interface DiscardableServer<Report> extends RunningServer<Report> {
  /** Instead of `stop`: what was recorded is thrown away, and the cassette is as it was. */
  discard(): Promise<Report>;
  /**
   * Instead of `stop`, such as for a command that failed: a cassette that has exchanges is as it was, and the recording
   * is the `aside` of the report.
   */
  setAside(): Promise<Report>;
}

/** Starts a listener for a mode. */
export async function startServer<Report>(
  { daemon: answers, onError, finish, release, discard = finish, setAside = finish }: ModeService<Report>,
  { listen: url = createSocketUrl(), tls }: ListenTarget,
): Promise<DiscardableServer<Report>> {
  const listener = await listen(url, answers, { onError, ...(tls === undefined ? {} : { tls }) });
  let stopped: Promise<Report> | undefined;
  // The daemons of the listener end only when neither side holds its connection.
  const closeListener = async (): Promise<void> => {
    const closing = listener.close();
    release?.();
    await closing;
  };
  // What passes once the mode has ended would not be in the report, so the clients' connections end with it.
  const stop = (end: () => Promise<Report>): Promise<Report> => {
    stopped ??= Promise.all([end(), closeListener()]).then(([report]) => report);
    return stopped;
  };
  return {
    url: listener.url,
    get connections() {
      return listener.connections;
    },
    stop: () => stop(finish),
    discard: () => stop(discard),
    setAside: () => stop(setAside),
  };
}

/** The default for problems: a process warning. */
export function warnProcess(problem: unknown): void {
  process.emitWarning(problem instanceof WhalesongError ? `${problem.code}: ${problem.message}` : String(problem));
}
