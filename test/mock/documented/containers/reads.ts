/** What is told of containers. */
import { expect } from "vitest";
import type { TestResponse } from "../../../playbook/mocked.ts";
import { decodeFrames } from "../../../playbook/mocked.ts";
import {
  type EndpointRow,
  endpointRow,
  OLD,
  respondsByFault,
  respondsNotFound,
  respondsWith,
  SINCE_1_18,
  SINCE_1_19,
  UP_TO_1_19,
} from "../endpoint-row.ts";
import {
  INSPECTED_1_18,
  INSPECTED_1_19,
  INSPECTED_1_21,
  INSPECTED_OF_OLD,
  LISTED,
  LISTED_OF_OLD,
  NUMBERS_1_21,
  NUMBERS_OF_OLD,
} from "./shapes.ts";

/** Left out where it is empty. */
const NO_EMPTY = ["Config.MacAddress: missing", "Config.NetworkDisabled: missing", "Config.StopSignal: missing"];
/** What went with the execution drivers. */
const NO_DRIVERS = ["ExecDriver: missing", "HostConfig.LxcConf: missing"];
const NO_PORT_SPECS = ["Config.PortSpecs: missing", "NetworkSettings.PortMapping: missing"];

const list = endpointRow(
  "GET /containers/json",
  "List containers",
  respondsWith(200, "one that runs", { versions: OLD, query: "size=1", shape: [LISTED_OF_OLD] }),
  respondsWith(200, "one that runs", { versions: SINCE_1_18, query: "size=1", shape: [LISTED] }),
  respondsWith(200, "without sizes, if the client requests none", {
    check: ({ json }) => expect(Object.keys(json[0])).not.toContain("SizeRootFs"),
  }),
  respondsWith(200, "all of them", { query: "all=1", check: expectNames("/web", "/job", "/fresh") }),
  respondsWith(200, "the latest", { query: "limit=2", check: expectNames("/web", "/job") }),
  respondsWith(200, "those older than another", { versions: OLD, query: "before=job", check: expectNames("/fresh") }),
  respondsWith(200, "those newer than another", {
    versions: OLD,
    query: "since=fresh",
    check: expectNames("/web", "/job"),
  }),
  respondsWith(200, "the parameter `before` no longer counts", {
    versions: SINCE_1_18,
    realDifference: "`before` is not heard: a filter took its place",
    query: "all=1&before=job",
    check: expectNames("/web", "/job", "/fresh"),
  }),
  respondsWith(200, "the parameter `since` no longer counts", {
    versions: SINCE_1_18,
    realDifference: "`since` is not heard: a filter took its place",
    query: "all=1&since=job",
    check: expectNames("/web", "/job", "/fresh"),
  }),
  ...[
    ['{"exited":["3"]}', "/job"],
    ['{"status":["running"]}', "/web"],
    ['{"label":["tier"]}', "/web"],
    ['{"label":["tier=front"]}', "/web"],
  ].map(([filters = "", name = ""]) =>
    respondsWith(200, `those that the filter ${filters} lets through`, {
      versions: SINCE_1_18,
      query: `filters=${encodeURIComponent(filters)}`,
      check: expectNames(name),
    }),
  ),
  respondsWith(400, "the limit is not a number", { versions: OLD, query: "limit=x", matches: "Bad parameter" }),
  respondsWith(400, "there is no such filter", {
    versions: SINCE_1_18,
    query: `filters=${encodeURIComponent('{"colour":["red"]}')}`,
    matches: "Invalid filter 'colour'",
  }),
  respondsByFault(500, undefined, { versions: OLD }),
  respondsWith(500, "the limit is not a number", { versions: SINCE_1_18, query: "limit=x", matches: "invalid syntax" }),
);

const inspect = endpointRow(
  "GET /containers/{id}/json",
  "Inspect a container",
  respondsWith(200, "the whole object", { versions: OLD, pathValue: "web", shape: INSPECTED_OF_OLD }),
  respondsWith(200, "the whole object", {
    versions: ["1.18"],
    pathValue: "web",
    shape: INSPECTED_1_18,
    misfits: [...NO_DRIVERS, ...NO_PORT_SPECS],
    realDifference: "what went with execution drivers and port specs is told no more",
  }),
  respondsWith(200, "the whole object", {
    versions: ["1.19"],
    pathValue: "web",
    shape: INSPECTED_1_19,
    misfits: [...NO_DRIVERS, ...NO_PORT_SPECS],
    realDifference: "what went with execution drivers and port specs is told no more",
  }),
  respondsWith(200, "the whole object", {
    versions: ["1.21"],
    pathValue: "web",
    shape: INSPECTED_1_21,
    misfits: [...NO_DRIVERS, ...NO_EMPTY],
    realDifference: "what went with execution drivers is told no more, nor are settings that nobody made",
  }),
  respondsWith(200, "with its sizes", {
    versions: ["1.21"],
    pathValue: "web",
    query: "size=1",
    shape: { SizeRw: "number", SizeRootFs: "number" },
  }),
  respondsNotFound("container", "No such container: nosuch"),
  respondsByFault(500, "web"),
);

const top = endpointRow(
  "GET /containers/{id}/top",
  "List processes running inside a container",
  respondsWith(200, "its processes", { pathValue: "web", shape: { Titles: ["text"], Processes: ["list"] } }),
  respondsWith(200, "its processes as `ps aux` has them", {
    pathValue: "web",
    query: "ps_args=aux",
    check: ({ json }) =>
      expect(json.Titles).toEqual("USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND".split(" ")),
  }),
  respondsNotFound("container", "No such container: nosuch"),
  respondsWith(500, "ps does not know the option", { pathValue: "web", query: "ps_args=zzz", matches: "ps" }),
);

const logs = endpointRow(
  "GET /containers/{id}/logs",
  "Get container logs",
  respondsWith(101, "the client requests an upgrade", {
    realStatus: 200,
    realDifference: "logs never leave HTTP, and say no type",
    pathValue: "job",
    query: "stdout=1",
    headers: ["Connection: Upgrade", "Upgrade: tcp"],
    contentType: undefined,
    check: expectOutput("begun\nover\n"),
  }),
  respondsWith(200, "its past output on stdout", {
    contentType: undefined,
    pathValue: "job",
    query: "stdout=1",
    check: expectOutput("begun\nover\n"),
  }),
  respondsWith(200, "its past output on stderr", {
    contentType: undefined,
    pathValue: "job",
    query: "stderr=1",
    check: expectOutput("failed\n"),
  }),
  respondsWith(200, "the last lines", {
    contentType: undefined,
    pathValue: "job",
    query: "stdout=1&stderr=1&tail=2",
    check: expectOutput("failed\nover\n"),
  }),
  respondsWith(200, "with times", {
    contentType: undefined,
    pathValue: "job",
    query: "stdout=1&tail=1&timestamps=1",
    check: expectOutput(/^2026-11-20T12:[\d:.]+Z over\n$/),
  }),
  respondsWith(200, "its later output, until the client leaves", {
    contentType: undefined,
    pathValue: "web",
    query: "stdout=1&follow=1",
    check: expectOutput("ready\n"),
  }),
  respondsWith(200, "its output since a time", {
    versions: SINCE_1_19,
    contentType: undefined,
    pathValue: "job",
    query: "stdout=1&since=4000000000",
    check: expectOutput(""),
  }),
  respondsNotFound("container", "No such container: nosuch", { query: "stdout=1" }),
  respondsWith(500, "the time is invalid", { pathValue: "job", query: "stdout=1&since=x", matches: "invalid syntax" }),
);

const changes = endpointRow(
  "GET /containers/{id}/changes",
  "Inspect changes on a container's filesystem",
  respondsWith(200, "changed and added files", {
    pathValue: "web",
    shape: [{ Path: "text", Kind: "number" }],
    check: ({ json }) =>
      expect(json).toEqual(
        expect.arrayContaining([
          { Path: "/etc", Kind: 0 },
          { Path: "/etc/page", Kind: 1 },
        ]),
      ),
  }),
  respondsNotFound("container", "No such container: nosuch"),
  respondsByFault(500, "web"),
);

const stats = endpointRow(
  "GET /containers/{id}/stats",
  "Get container stats based on resource usage",
  respondsWith(200, "a sample each second, until the client leaves", {
    versions: UP_TO_1_19,
    pathValue: "web",
    listensMs: 1000,
    contentType: undefined,
    shape: [NUMBERS_OF_OLD],
    realDifference: "a stream says no type; failures to allocate are not told where they cannot be counted",
    misfits: ["*.memory_stats.failcnt: missing"],
  }),
  respondsWith(200, "a sample each second, until the client leaves, with its networks by name", {
    versions: ["1.21"],
    pathValue: "web",
    listensMs: 1000,
    contentType: undefined,
    shape: [NUMBERS_1_21],
    realDifference: "a stream says no type; failures to allocate are not told where they cannot be counted",
    misfits: ["*.memory_stats.failcnt: missing"],
  }),
  respondsWith(200, "one sample", {
    versions: SINCE_1_19,
    pathValue: "web",
    query: "stream=0",
    contentType: "application/json",
    matches: /^[^\n]+\n$/,
  }),
  respondsNotFound("container", "No such container: nosuch"),
  respondsByFault(500, "web"),
);

export const containersReads: readonly EndpointRow[] = [list, inspect, top, logs, changes, stats];

function expectNames(...expected: readonly string[]): (answer: TestResponse) => void {
  return ({ json }) => expect(json.map(({ Names }: { Names: string[] }) => Names[0])).toEqual(expected);
}

function expectOutput(expected: string | RegExp): (answer: TestResponse) => void {
  return ({ text }) =>
    expect(decodeFrames(text)).toEqual(typeof expected === "string" ? expected : expect.stringMatching(expected));
}
