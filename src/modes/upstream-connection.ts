/** Connections to the daemon that is recorded: one at an address, or one of this process. */

import { connect } from "../io/upstream/connect.ts";
import { parseUpstream, type Upstream } from "../io/upstream/upstream.ts";
import type { Connect } from "../record/relay.ts";
import type { Connection, Daemon } from "../session/connection.ts";
import { connectionPair } from "../session/pair.ts";

/** The connections to the daemon that are open, and the way to open more. */
export interface UpstreamConnections {
  readonly connect: Connect;
  /** Resets all of them, and those that are opened later. */
  resetAll(): void;
}

/**
 * Opens connections to `upstream` and owns them. A daemon that never closes its half must not keep a mode from ending.
 * @param warn gets the errors of a daemon of this process
 */
export function openUpstream(
  upstream: string | Upstream | InProcessDaemon,
  warn: (problem: unknown) => void,
): UpstreamConnections {
  const open = new Set<Connection>();
  const reach = connectorFor(upstream, warn);
  let isOver = false;
  const connectAndOwn = async (): Promise<Connection> => {
    const connection = await reach();
    open.add(connection);
    void connection.closed.then(() => open.delete(connection));
    if (isOver) connection.reset();
    return connection;
  };
  const resetAll = (): void => {
    isOver = true;
    for (const connection of open) connection.reset();
  };
  return { connect: connectAndOwn, resetAll };
}

/** A daemon of this process, such as the one of `mockDocker()`. */
export interface InProcessDaemon {
  /** Gets each connection. */
  readonly daemon: Daemon;
  /** Whether it is the mock: a recording of it says so. @default false */
  readonly isSimulated?: boolean;
}

export function isSimulated(upstream: string | Upstream | InProcessDaemon): boolean {
  return typeof upstream !== "string" && "daemon" in upstream && upstream.isSimulated === true;
}

/** Returns the function that connects to `upstream`. `warn` gets the errors of a daemon of this process. */
function connectorFor(upstream: string | Upstream | InProcessDaemon, warn: (problem: unknown) => void): Connect {
  if (typeof upstream === "string") return connectorFor(parseUpstream(upstream), warn);
  if (!("daemon" in upstream)) return () => connect(upstream);
  return async () => {
    const [near, far] = connectionPair();
    upstream.daemon(far).catch(warn);
    return near;
  };
}
