/**
 * What comes before what on several connections: events before the answer of the change that they tell of, and the
 * request that ends a container before the answer of a stop that waits for the end.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DEAF, IDLE, type MadeContainer, make, remove, start } from "./cases.ts";
import type { MomentCase } from "./moment-case.ts";
import type { Heard, SlowDocker } from "./slow-docker.ts";

/**
 * A slow client on a busy machine reads that late what was written to its other connection before the answer: a second
 * where twelve replay at once. What a replay holds back wrongly, it holds for two.
 */
const read = (docker: SlowDocker): Promise<void> => sleep(docker.isRecorded ? 300 : 1000);

type Step = (docker: SlowDocker, made: MadeContainer) => Promise<unknown>;

const post =
  (path: string, body?: unknown): Step =>
  (docker, made) =>
    docker.post(path.replace("ID", made.id), body);

const drop =
  (path: string): Step =>
  (docker, made) =>
    docker.delete(path.replace("ID", made.id));

/** Changes by the events that tell of them. */
const TOLD: Readonly<Record<string, readonly Step[]>> = {
  "a container's life": [
    post("/containers/ID/start"),
    post("/containers/ID/pause"),
    post("/containers/ID/unpause"),
    post("/containers/ID/rename?name=told-of"),
    post("/containers/ID/restart?t=0"),
    post("/containers/ID/kill"),
    drop("/containers/ID"),
  ],
  "a stop": [post("/containers/ID/start"), post("/containers/ID/stop?t=1"), drop("/containers/ID?v=1")],
  "a forced removal": [post("/containers/ID/start"), drop("/containers/ID?force=1")],
  "networks and volumes": [
    post("/networks/create", { Name: "net-told-of" }),
    post("/networks/net-told-of/connect", { Container: "ID" }),
    post("/networks/net-told-of/disconnect", { Container: "ID", Force: true }),
    drop("/networks/net-told-of"),
    post("/volumes/create", { Name: "told-of" }),
    drop("/volumes/told-of"),
    drop("/containers/ID"),
  ],
  "an image": [post("/images/busybox/tag?repo=told-of&tag=one"), drop("/images/told-of:one"), drop("/containers/ID")],
};

function countEvents(events: Heard): number {
  return events.soFar.split("\n").filter((line) => line.startsWith("{")).length;
}

async function tell(docker: SlowDocker, steps: readonly Step[]): Promise<readonly number[]> {
  const events = await docker.open("GET", "/events", undefined, { isHijack: false });
  const made = await make(docker);
  const counts: number[] = [];
  for (const step of steps) {
    await step(docker, made);
    await read(docker);
    counts.push(countEvents(events));
  }
  events.leave();
  return counts;
}

const EVENTS_BEFORE_ANSWERS: readonly MomentCase[] = Object.entries(TOLD).map(([what, steps]) => ({
  kind: "order",
  does: `events that are followed have told of ${what} when it is answered`,
  see: (docker) => tell(docker, steps),
}));

/** The request that ends a container which a stop waits for. */
const ENDINGS: Readonly<Record<string, Step>> = {
  killed: post("/containers/ID/kill"),
  "stopped at once": post("/containers/ID/stop?t=0"),
  "removed by force": drop("/containers/ID?force=1"),
};

const STOPS_BEFORE_ENDS: readonly MomentCase[] = Object.entries(ENDINGS).flatMap(([what, end]) =>
  ["stop?t=100", "restart?t=100"].map((change) => ({
    kind: "order",
    does: `a ${change} that takes long is over when the container is ${what}`,
    see: async (docker: SlowDocker) => {
      const made = await start(docker, DEAF);
      await sleep(300);
      const done: string[] = [];
      const stopped = docker.post(`${made.path}/${change}`).then(() => done.push("stopped"));
      await sleep(docker.isRecorded ? 400 : 200 + docker.random() * 400);
      done.push("ends");
      await end(docker, made);
      await stopped;
      await remove(docker, made);
      return done;
    },
  })),
);

const OUTPUTS_BEFORE_ENDS: readonly MomentCase[] = ["logs?follow=1&stdout=1", "wait"].map((stream) => ({
  kind: "order",
  does: `a container's ${stream} ends when it is killed, though it is stopped before`,
  see: async (docker: SlowDocker) => {
    const made = await start(docker, stream === "wait" ? DEAF : ["sh", "-c", `echo up; ${DEAF[2]}`]);
    const method = stream === "wait" ? "POST" : "GET";
    const heard = await docker.open(method, `${made.path}/${stream}`, undefined, { isHijack: false });
    await sleep(300);
    const done: string[] = [];
    const ended = heard.all.then(() => done.push("ended"));
    const stopped = docker.post(`${made.path}/stop?t=100`);
    await sleep(docker.isRecorded ? 400 : 200 + docker.random() * 400);
    done.push("ends");
    await docker.post(`${made.path}/kill`);
    await Promise.all([stopped, ended]);
    await remove(docker, made);
    return done;
  },
}));

const RESULTS_AFTER_EVENTS: readonly MomentCase[] = [
  {
    kind: "order",
    does: "events that are followed have told of an end when its result is there",
    see: async (docker) => {
      const events = await docker.open("GET", "/events", undefined, { isHijack: false });
      const made = await make(docker, ["sh", "-c", "sleep 0.5; exit 3"]);
      const waited = await docker.open("POST", `${made.path}/wait`, undefined, { isHijack: false });
      await docker.post(`${made.path}/start`);
      await waited.all;
      await read(docker);
      const hasTold = events.soFar.includes('"exitCode":"3"');
      events.leave();
      await remove(docker, made);
      return hasTold;
    },
  },
  {
    kind: "order",
    does: "two clients make and start containers while one follows the events",
    see: async (docker) => {
      const events = await docker.open("GET", "/events", undefined, { isHijack: false });
      const side = async (): Promise<MadeContainer> => start(docker, IDLE);
      const made = await docker.inAnyOrder(side, side);
      await read(docker);
      const actions = events.soFar.split("\n").flatMap((line) => /"status":"(\w+)"/.exec(line)?.[1] ?? []);
      events.leave();
      for (const one of made) await remove(docker, one);
      return actions.sort();
    },
  },
];

export const ORDER_CASES: readonly MomentCase[] = [
  ...EVENTS_BEFORE_ANSWERS,
  ...STOPS_BEFORE_ENDS,
  ...OUTPUTS_BEFORE_ENDS,
  ...RESULTS_AFTER_EVENTS,
];
