/**
 * Waits until two daemons have come to rest: what their containers do takes the real one longer on a busy machine. What
 * a probe then finds different is what the daemons are, not how far they have come.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { probe } from "./probe.ts";
import { type RawResponse, sendRequest } from "./send-request.ts";

/** Longer than a busy machine needs. Daemons that differ for good are compared after it. */
const LIMIT_MS = 15_000;
const POLL_MS = 50;

interface ListedContainer {
  readonly Id: string;
  readonly State: string;
  readonly Status: string;
}

/**
 * @param sockets of the two daemons
 * @param pauseMs the least that is waited
 */
export async function settle(sockets: readonly string[], pauseMs: number): Promise<void> {
  await sleep(pauseMs);
  await pollUntil(() => isAlike(sockets));
}

/** Waits until it has ended, but not longer than a busy machine needs. */
export async function pollUntil(hasEnded: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await hasEnded()) && Date.now() < deadline) await sleep(POLL_MS);
}

async function isAlike(sockets: readonly string[]): Promise<boolean> {
  return new Set(await Promise.all(sockets.map(describeContainers))).size === 1;
}

/** How far each container has come: its state, how it ended, how much it has printed and changed. Names may be made up. */
async function describeContainers(socket: string): Promise<string> {
  const { body } = await read(socket, "/containers/json?all=1");
  const containers = JSON.parse(body.toString()) as ListedContainer[];
  const lines = containers.map(async ({ Id, State, Status }) => {
    const logs = await read(socket, `/containers/${Id}/logs?stdout=1&stderr=1`);
    const changes = await read(socket, `/containers/${Id}/changes`);
    const printed = logs.head.status === 200 ? logs.body.length : 0;
    const ending = /^Exited \(\d+\)/.exec(Status)?.[0];
    return [State, ending, printed, changes.body.toString().match(/"Path"/g)?.length].join(" ");
  });
  return (await Promise.all(lines)).sort().join("\n");
}

function read(socket: string, target: string): Promise<RawResponse> {
  return sendRequest(socket, target, probe("Settling", `GET ${target}`));
}
