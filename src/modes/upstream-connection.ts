/** Connections to the daemon that is recorded: one at an address, or one of this process. */

import { connect } from "../io/upstream/connect.ts";
import { parseUpstream, type Upstream } from "../io/upstream/upstream.ts";
import type { Connect } from "../record/relay.ts";
import type { Daemon } from "../session/connection.ts";
import { connectionPair } from "../session/pair.ts";

/** A daemon of this process, such as the one of `mockDocker()`. */
export interface InProcessDaemon {
  /** Gets each connection. */
  readonly daemon: Daemon;
}

/** Returns the function that connects to `upstream`. `warn` gets the errors of a daemon of this process. */
export function connectorFor(upstream: string | Upstream | InProcessDaemon, warn: (problem: unknown) => void): Connect {
  if (typeof upstream === "string") return connectorFor(parseUpstream(upstream), warn);
  if (!("daemon" in upstream)) return () => connect(upstream);
  return async () => {
    const [near, far] = connectionPair();
    upstream.daemon(far).catch(warn);
    return near;
  };
}
