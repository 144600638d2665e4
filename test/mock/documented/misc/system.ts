/** Endpoints of the daemon itself. */
import { expect } from "vitest";
import type { TestResponse } from "../../../playbook/mocked.ts";
import {
  type EndpointRow,
  endpointRow,
  OLD,
  respondsByFault,
  respondsWith,
  SINCE_1_18,
  UP_TO_1_19,
} from "../endpoint-row.ts";
import type { JsonShape } from "../json-shape.ts";

const WHO = {
  username: "tide",
  password: "low",
  email: "tide@shore.example",
  serveraddress: "https://index.docker.io/v1/",
};

const auth = endpointRow(
  "POST /auth",
  "Check auth configuration",
  respondsWith(200, "the login succeeds", { body: WHO, shape: { Status: "text" } }),
  respondsWith(204, "the login is anonymous", { versions: OLD, body: {} }),
  respondsWith(204, "the login succeeds", {
    versions: SINCE_1_18,
    body: WHO,
    realStatus: 200,
    realDifference: "there is always something to say",
  }),
  respondsWith(500, "the password is wrong", {
    body: { ...WHO, password: "wrong" },
    matches: "failed with status: 401 Unauthorized",
  }),
);

const INFO_OF_OLD: JsonShape = {
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
} as const satisfies JsonShape;

const CLAIMS = ["Debug", "IPv4Forwarding", "MemoryLimit", "SwapLimit"];
const INFO_1_18: JsonShape = { ...INFO, ...Object.fromEntries(CLAIMS.map((name) => [name, "number"] as const)) };
const INFO_1_19: JsonShape = {
  ...INFO,
  ...Object.fromEntries(
    [...CLAIMS, "CpuCfsPeriod", "CpuCfsQuota", "ExperimentalBuild", "OomKillDisable"].map(
      (name) => [name, "flag"] as const,
    ),
  ),
};
const INFO_1_21: JsonShape = { ...INFO_1_19, ClusterStore: "text", ServerVersion: "text" };
const NO_INIT = ["InitPath: missing", "InitSha1: missing"];

const info = endpointRow(
  "GET /info",
  "Display system-wide information",
  respondsWith(200, "the daemon's state", { versions: OLD, shape: INFO_OF_OLD }),
  respondsWith(200, "the daemon's state", {
    versions: ["1.18"],
    shape: INFO_1_18,
    misfits: [...NO_INIT, ...CLAIMS.map((name) => `${name}: flag, not number`)],
    realDifference: "what is true or false is said so; no program of its own is told of",
  }),
  respondsWith(200, "the daemon's state", {
    versions: ["1.19"],
    shape: INFO_1_19,
    misfits: NO_INIT,
    realDifference: "no program of its own is told of",
  }),
  respondsWith(200, "the daemon's state", {
    versions: ["1.21"],
    shape: INFO_1_21,
    misfits: [...NO_INIT, "ClusterStore: missing"],
    realDifference: "no program of its own and no store of a cluster are told of",
  }),
  respondsByFault(500),
);

const VERSION: JsonShape = { Version: "text", GitCommit: "text", GoVersion: "text" };
const VERSION_1_18 = { ...VERSION, Os: "text", KernelVersion: "text", Arch: "text", ApiVersion: "text" } as const;

const version = endpointRow(
  "GET /version",
  "Show the docker version information",
  respondsWith(200, "the daemon's version", { versions: OLD, shape: VERSION }),
  respondsWith(200, "the daemon's version", { versions: UP_TO_1_19, shape: VERSION_1_18 }),
  respondsWith(200, "the daemon's version", {
    versions: ["1.21"],
    shape: { ...VERSION_1_18, Experimental: "flag" },
    misfits: ["Experimental: missing"],
    realDifference: "what is false is not told",
  }),
  respondsByFault(500),
);

const ping = endpointRow(
  "GET /_ping",
  "Ping the docker server",
  respondsWith(200, "the object exists", { contentType: "text/plain; charset=utf-8", matches: /^OK$/ }),
  respondsByFault(500),
);

const EVENT: JsonShape = { status: "text", id: "text", from: "text", time: "number" };
const REMOVED = ["DELETE /containers/job"];

const events = endpointRow(
  "GET /events",
  "Monitor Docker's events",
  respondsWith(200, "events since a time", {
    query: "since=1374067924",
    first: REMOVED,
    matches: '"destroy"',
    check: ({ text }) =>
      expect(parseLines(text).filter(({ from }) => /^busybox(:latest)?$/.test(String(from))).length).toBeGreaterThan(3),
  }),
  respondsWith(200, "events until a time, of one container", {
    versions: SINCE_1_18,
    query: `since=1374067924&until=4000000000&filters=${encodeURIComponent('{"container":["job"]}')}`,
    first: REMOVED,
    shape: [EVENT],
    check: expectEvents("create", "destroy"),
  }),
  respondsWith(200, "events of one kind", {
    versions: SINCE_1_18,
    query: `since=1&filters=${encodeURIComponent('{"event":["destroy"],"image":["busybox"]}')}`,
    first: REMOVED,
    shape: [EVENT],
  }),
  respondsWith(500, "the time is invalid", { query: "since=x", matches: "invalid syntax" }),
);

export const miscSystem: readonly EndpointRow[] = [auth, info, version, ping, events];

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function expectEvents(...expected: readonly string[]): (answer: TestResponse) => void {
  return ({ text }) => expect(parseLines(text).map(({ status }) => status)).toEqual(expected);
}
