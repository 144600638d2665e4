/** Whether a process listens at a unix socket. */
import { connect } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { systemClock } from "../clock.ts";
import { getErrno } from "../errno.ts";

/** As long as a listener may take to accept what waits. */
const PAUSES_MS = [10, 40, 150];

/** "open" if a process accepts connections at the socket, otherwise the errno. */
export function probeSocket(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => resolve("open"));
    socket.once("error", (error) => resolve(getErrno(error) ?? "unknown"));
    socket.once("connect", () => socket.destroy());
  });
}

export interface ProbeOptions {
  readonly platform?: NodeJS.Platform;
  readonly clock?: Clock;
  readonly probe?: (path: string) => Promise<string>;
}

/**
 * The same for a socket that is replaced if nothing listens. BSD and macOS also refuse, with the same errno, where as many
 * connections wait as may (xnu bsd/kern/uipc_usrreq.c, unp_connect; curl/curl#18794), and they wait where 128 do
 * (SOMAXCONN). Linux has EAGAIN for that. So what refuses there is asked again.
 */
export async function probeListener(path: string, options: ProbeOptions = {}): Promise<string> {
  const { platform = process.platform, clock = systemClock, probe = probeSocket } = options;
  let answer = await probe(path);
  for (const pauseMs of platform === "linux" ? [] : PAUSES_MS) {
    if (answer !== "ECONNREFUSED") break;
    await clock.sleep(pauseMs);
    answer = await probe(path);
  }
  return answer;
}
