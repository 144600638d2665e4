/** The goals for speed, in the order of the table that `bench/all.js` prints at its end. */

/**
 * @typedef {{ row: string, what: string, atLeast?: number, atMost?: number, unit: string }} Goal
 *   `unit`: `x` is a ratio to what `what` names
 */

/** @satisfies {Record<string, Goal>} */
export const GOALS = {
  getRate: { row: "R1", what: "GET of 2.5 KB, 16 connections: requests, beside node:http", atLeast: 1.5, unit: "x" },
  getCpu: { row: "R1", what: "the same: CPU a request", atMost: 0.7, unit: "x" },
  postRate: { row: "R2", what: "POST chosen by its JSON body: requests, beside node:http", atLeast: 1, unit: "x" },
  newRate: { row: "R4", what: "a connection for each request: requests, beside node:http", atLeast: 1, unit: "x" },
  lastByFirst: { row: "R5", what: "the last of 100,000 exchanges beside the first: CPU", atMost: 1.1, unit: "x" },
  miss10: { row: "R5", what: "an explained miss beside a hit, 10 exchanges: CPU", atMost: 3, unit: "x" },
  miss10000: { row: "R5", what: "the same, 10,000 exchanges", atMost: 3, unit: "x" },
  miss100000: { row: "R5", what: "the same, 100,000 exchanges", atMost: 3, unit: "x" },
  readyCpu: { row: "R6", what: "ready with 100,000 exchanges of 0.1 KB: CPU", atMost: 1.5, unit: "s" },
  readyMemory: { row: "R6", what: "the same: resident memory", atMost: 160, unit: "MB" },
  inProcess: { row: "R7", what: "in-process beside a socket: requests, one at a time", atLeast: 1.5, unit: "x" },
  besideMsw: { row: "R7", what: "in-process beside msw: requests, one at a time", atLeast: 25, unit: "x" },
  besideNock: { row: "R7", what: "in-process beside nock: requests, one at a time", atLeast: 60, unit: "x" },
  recordCpu: { row: "C1", what: "recorder, 16 connections: CPU an exchange, beside a byte pipe", atMost: 5, unit: "x" },
  recordTime: { row: "C1", what: "recorder, one at a time: p50, beside a byte pipe", atMost: 1.5, unit: "x" },
  recordLarge: { row: "C2", what: "1 GiB recorded from memory: time, beside a byte pipe", atMost: 1.3, unit: "x" },
  recordMemory: { row: "C2", what: "the same: peak of resident memory", atMost: 80, unit: "MB" },
  recordDaemon: { row: "C2", what: "1 GiB recorded from dockerd: time, beside dockerd", atMost: 1.5, unit: "x" },
  replayLarge: { row: "D1", what: "1 GiB replayed from a sidecar: speed, beside nginx", atLeast: 0.3, unit: "x" },
  replayMemory: { row: "D1", what: "the same: peak of resident memory", atMost: 60, unit: "MB" },
  frames: { row: "D2", what: "frames of an attach, without pacing", atLeast: 5, unit: "M/s" },
  version: { row: "E1", what: "`--version` beside `node -e 0`: time", atMost: 1.1, unit: "x" },
  socketReady: { row: "E1", what: "socket ready beside bare node:http: time", atMost: 1.3, unit: "x" },
  openCassette: {
    row: "F1",
    what: "100,000 exchanges of 2 KB opened, beside JSON.parse: time",
    atMost: 0.5,
    unit: "x",
  },
  mockCycle: {
    row: "M1",
    what: "create, start, wait, remove: cycles a second, beside dockerd",
    atLeast: 20,
    unit: "x",
  },
  mockList: { row: "M1", what: "list of 10,000 beside 1,000: CPU a container", atMost: 1.1, unit: "x" },
};

/** @typedef {keyof typeof GOALS} GoalName */

/**
 * What was asked for.
 * @param {Goal} goal
 */
export function formatGoal({ atLeast, atMost, unit }) {
  return atLeast === undefined ? `<= ${atMost} ${unit}` : `>= ${atLeast} ${unit}`;
}

/**
 * Whether a figure is as good as the goal.
 * @param {Goal} goal
 * @param {number} measured
 */
export function isMet({ atLeast = -Infinity, atMost = Infinity }, measured) {
  return measured >= atLeast && measured <= atMost;
}
