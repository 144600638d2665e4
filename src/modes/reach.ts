/** The ways to the daemon that is recorded. */

import { connect } from "../io/upstream/connect.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import type { Connect } from "../record/relay.ts";
import type { Daemon } from "../session/connection.ts";
import { connectionPair } from "../session/pair.ts";

/** A daemon of this process, such as what `mockDocker()` gives. */
export interface DaemonHere {
  readonly daemon: Daemon;
}

/** `warn` is told what a daemon of this process throws. */
export function reaching(to: Upstream | DaemonHere, warn: (problem: unknown) => void): Connect {
  if (!("daemon" in to)) return () => connect(to);
  return async () => {
    const [near, far] = connectionPair();
    to.daemon(far).catch(warn);
    return near;
  };
}
