/** What is told of the daemon itself, and of who asks. */
import { expect } from "vitest";
import type { Heard } from "../../../playbook/mocked.ts";
import { answers, OLD, type Row, row, SINCE_1_18, struck, UP_TO_1_19 } from "../row.ts";
import type { Shape } from "../shape.ts";

const WHO = {
  username: "tide",
  password: "low",
  email: "tide@shore.example",
  serveraddress: "https://index.docker.io/v1/",
};

const auth = row(
  "POST /auth",
  "Check auth configuration",
  answers(200, "the registry knows who it is", { body: WHO, shape: { Status: "text" } }),
  answers(204, "nobody asks who it is", { at: OLD, body: {} }),
  answers(204, "the registry knows who it is", {
    at: SINCE_1_18,
    body: WHO,
    instead: 200,
    otherwise: "there is always something to say",
  }),
  answers(500, "the password is wrong", {
    body: { ...WHO, password: "wrong" },
    says: "failed with status: 401 Unauthorized",
  }),
);

const INFO_OF_OLD: Shape = {
  Containers: "number",
  Images: "number",
  Debug: "flag",
  NFd: "number",
  NGoroutines: "number",
  MemoryLimit: "flag",
  SwapLimit: "flag",
  IPv4Forwarding: "flag",
};

const INFO = {
  Containers: "number",
  DockerRootDir: "text",
  Driver: "text",
  DriverStatus: ["list"],
  ExecutionDriver: "text",
  HttpProxy: "text",
  HttpsProxy: "text",
  ID: "text",
  Images: "number",
  IndexServerAddress: "text",
  InitPath: "text",
  InitSha1: "text",
  KernelVersion: "text",
  Labels: "list",
  MemTotal: "number",
  NCPU: "number",
  NEventsListener: "number",
  NFd: "number",
  NGoroutines: "number",
  Name: "text",
  NoProxy: "text",
  OperatingSystem: "text",
  RegistryConfig: {
    IndexConfigs: { "*": { Mirrors: "list?", Name: "text", Official: "flag", Secure: "flag" } },
    InsecureRegistryCIDRs: ["text"],
  },
  SystemTime: "text",
} as const satisfies Shape;

const CLAIMS = ["Debug", "IPv4Forwarding", "MemoryLimit", "SwapLimit"];
const INFO_1_18: Shape = { ...INFO, ...Object.fromEntries(CLAIMS.map((name) => [name, "number"] as const)) };
const INFO_1_19: Shape = {
  ...INFO,
  ...Object.fromEntries(
    [...CLAIMS, "CpuCfsPeriod", "CpuCfsQuota", "ExperimentalBuild", "OomKillDisable"].map(
      (name) => [name, "flag"] as const,
    ),
  ),
};
const INFO_1_21: Shape = { ...INFO_1_19, ClusterStore: "text", ServerVersion: "text" };
const NO_INIT = ["InitPath: missing", "InitSha1: missing"];

const info = row(
  "GET /info",
  "Display system-wide information",
  answers(200, "how it goes", { at: OLD, shape: INFO_OF_OLD }),
  answers(200, "how it goes", {
    at: ["1.18"],
    shape: INFO_1_18,
    misfits: [...NO_INIT, ...CLAIMS.map((name) => `${name}: flag, not number`)],
    otherwise: "what is true or false is said so; no program of its own is told of",
  }),
  answers(200, "how it goes", {
    at: ["1.19"],
    shape: INFO_1_19,
    misfits: NO_INIT,
    otherwise: "no program of its own is told of",
  }),
  answers(200, "how it goes", {
    at: ["1.21"],
    shape: INFO_1_21,
    misfits: [...NO_INIT, "ClusterStore: missing"],
    otherwise: "no program of its own and no store of a cluster are told of",
  }),
  struck(500),
);

const VERSION: Shape = { Version: "text", GitCommit: "text", GoVersion: "text" };
const VERSION_1_18 = { ...VERSION, Os: "text", KernelVersion: "text", Arch: "text", ApiVersion: "text" } as const;

const version = row(
  "GET /version",
  "Show the docker version information",
  answers(200, "who it is", { at: OLD, shape: VERSION }),
  answers(200, "who it is", { at: UP_TO_1_19, shape: VERSION_1_18 }),
  answers(200, "who it is", {
    at: ["1.21"],
    shape: { ...VERSION_1_18, Experimental: "flag" },
    misfits: ["Experimental: missing"],
    otherwise: "what is false is not told",
  }),
  struck(500),
);

const ping = row(
  "GET /_ping",
  "Ping the docker server",
  answers(200, "it is there", { type: "text/plain; charset=utf-8", says: /^OK$/ }),
  struck(500),
);

const EVENT: Shape = { status: "text", id: "text", from: "text", time: "number" };
const REMOVED = ["DELETE /containers/job"];

const events = row(
  "GET /events",
  "Monitor Docker's events",
  answers(200, "what has happened since then", {
    query: "since=1374067924",
    first: REMOVED,
    says: '"destroy"',
    holds: ({ text }) =>
      expect(lines(text).filter(({ from }) => /^busybox(:latest)?$/.test(String(from))).length).toBeGreaterThan(3),
  }),
  answers(200, "what has happened until then, of the container that was meant", {
    at: SINCE_1_18,
    query: `since=1374067924&until=4000000000&filters=${encodeURIComponent('{"container":["job"]}')}`,
    first: REMOVED,
    shape: [EVENT],
    holds: heardOf("create", "destroy"),
  }),
  answers(200, "what happened in the way that was meant", {
    at: SINCE_1_18,
    query: `since=1&filters=${encodeURIComponent('{"event":["destroy"],"image":["busybox"]}')}`,
    first: REMOVED,
    shape: [EVENT],
  }),
  answers(500, "the time is none", { query: "since=x", says: "invalid syntax" }),
);

export const miscTold: readonly Row[] = [auth, info, version, ping, events];

function lines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function heardOf(...wanted: readonly string[]): (answer: Heard) => void {
  return ({ text }) => expect(lines(text).map(({ status }) => status)).toEqual(wanted);
}
