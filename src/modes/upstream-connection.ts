/** The ways to the daemon that is recorded. */

import { connect } from "../io/upstream/connect.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import type { Connect } from "../record/relay.ts";
import type { Daemon } from "../session/connection.ts";
import { connectionPair } from "../session/pair.ts";

/** A daemon of this process, such as what `mockDocker()` gives. */
export interface InProcessDaemon {
  readonly daemon: Daemon;
}

/** `warn` is told what a daemon of this process throws. */
export function connectorFor(upstream: Upstream | InProcessDaemon, warn: (problem: unknown) => void): Connect {
  if (!("daemon" in upstream)) return () => connect(upstream);
  return async () => {
    const [near, far] = connectionPair();
    upstream.daemon(far).catch(warn);
    return near;
  };
}
