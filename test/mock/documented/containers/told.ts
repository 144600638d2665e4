/** What is told of containers. */
import { expect } from "vitest";
import type { Heard } from "../../../playbook/mocked.ts";
import { unframed } from "../../../playbook/mocked.ts";
import { answers, noSuch, OLD, type Row, row, SINCE_1_18, SINCE_1_19, struck, UP_TO_1_19 } from "../row.ts";
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

const list = row(
  "GET /containers/json",
  "List containers",
  answers(200, "one that runs", { at: OLD, query: "size=1", shape: [LISTED_OF_OLD] }),
  answers(200, "one that runs", { at: SINCE_1_18, query: "size=1", shape: [LISTED] }),
  answers(200, "without sizes where none are wanted", {
    holds: ({ json }) => expect(Object.keys(json[0])).not.toContain("SizeRootFs"),
  }),
  answers(200, "all of them", { query: "all=1", holds: names("/web", "/job", "/fresh") }),
  answers(200, "the latest", { query: "limit=2", holds: names("/web", "/job") }),
  answers(200, "what is older than another", { at: OLD, query: "before=job", holds: names("/fresh") }),
  answers(200, "what is newer than another", { at: OLD, query: "since=fresh", holds: names("/web", "/job") }),
  answers(200, "what is older than another is no question any more", {
    at: SINCE_1_18,
    otherwise: "`before` is not heard: a filter took its place",
    query: "all=1&before=job",
    holds: names("/web", "/job", "/fresh"),
  }),
  answers(200, "what is newer than another is no question any more", {
    at: SINCE_1_18,
    otherwise: "`since` is not heard: a filter took its place",
    query: "all=1&since=job",
    holds: names("/web", "/job", "/fresh"),
  }),
  ...[
    ['{"exited":["3"]}', "/job"],
    ['{"status":["running"]}', "/web"],
    ['{"label":["tier"]}', "/web"],
    ['{"label":["tier=front"]}', "/web"],
  ].map(([filters = "", name = ""]) =>
    answers(200, `those that the filter ${filters} lets through`, {
      at: SINCE_1_18,
      query: `filters=${encodeURIComponent(filters)}`,
      holds: names(name),
    }),
  ),
  answers(400, "the limit is no number", { at: OLD, query: "limit=x", says: "Bad parameter" }),
  answers(400, "there is no such filter", {
    at: SINCE_1_18,
    query: `filters=${encodeURIComponent('{"colour":["red"]}')}`,
    says: "Invalid filter 'colour'",
  }),
  struck(500, undefined, { at: OLD }),
  answers(500, "the limit is no number", { at: SINCE_1_18, query: "limit=x", says: "invalid syntax" }),
);

const inspect = row(
  "GET /containers/{id}/json",
  "Inspect a container",
  answers(200, "all of one", { at: OLD, of: "web", shape: INSPECTED_OF_OLD }),
  answers(200, "all of one", {
    at: ["1.18"],
    of: "web",
    shape: INSPECTED_1_18,
    misfits: [...NO_DRIVERS, ...NO_PORT_SPECS],
    otherwise: "what went with execution drivers and port specs is told no more",
  }),
  answers(200, "all of one", {
    at: ["1.19"],
    of: "web",
    shape: INSPECTED_1_19,
    misfits: [...NO_DRIVERS, ...NO_PORT_SPECS],
    otherwise: "what went with execution drivers and port specs is told no more",
  }),
  answers(200, "all of one", {
    at: ["1.21"],
    of: "web",
    shape: INSPECTED_1_21,
    misfits: [...NO_DRIVERS, ...NO_EMPTY],
    otherwise: "what went with execution drivers is told no more, nor are settings that nobody made",
  }),
  answers(200, "its sizes, too", {
    at: ["1.21"],
    of: "web",
    query: "size=1",
    shape: { SizeRw: "number", SizeRootFs: "number" },
  }),
  noSuch("container", "No such container: nosuch"),
  struck(500, "web"),
);

const top = row(
  "GET /containers/{id}/top",
  "List processes running inside a container",
  answers(200, "its processes", { of: "web", shape: { Titles: ["text"], Processes: ["list"] } }),
  answers(200, "its processes as `ps aux` has them", {
    of: "web",
    query: "ps_args=aux",
    holds: ({ json }) =>
      expect(json.Titles).toEqual("USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND".split(" ")),
  }),
  noSuch("container", "No such container: nosuch"),
  answers(500, "ps does not know the option", { of: "web", query: "ps_args=zzz", says: "ps" }),
);

const logs = row(
  "GET /containers/{id}/logs",
  "Get container logs",
  answers(101, "a client would leave HTTP", {
    instead: 200,
    otherwise: "logs never leave HTTP, and say no type",
    of: "job",
    query: "stdout=1",
    headers: ["Connection: Upgrade", "Upgrade: tcp"],
    type: undefined,
    holds: prints("begun\nover\n"),
  }),
  answers(200, "what it has said on stdout", {
    type: undefined,
    of: "job",
    query: "stdout=1",
    holds: prints("begun\nover\n"),
  }),
  answers(200, "what it has said on stderr", {
    type: undefined,
    of: "job",
    query: "stderr=1",
    holds: prints("failed\n"),
  }),
  answers(200, "the end of it", {
    type: undefined,
    of: "job",
    query: "stdout=1&stderr=1&tail=2",
    holds: prints("failed\nover\n"),
  }),
  answers(200, "when it has said it", {
    type: undefined,
    of: "job",
    query: "stdout=1&tail=1&timestamps=1",
    holds: prints(/^2026-11-20T12:[\d:.]+Z over\n$/),
  }),
  answers(200, "what it goes on to say, until the client leaves", {
    type: undefined,
    of: "web",
    query: "stdout=1&follow=1",
    holds: prints("ready\n"),
  }),
  answers(200, "what it has said since then", {
    at: SINCE_1_19,
    type: undefined,
    of: "job",
    query: "stdout=1&since=4000000000",
    holds: prints(""),
  }),
  noSuch("container", "No such container: nosuch", { query: "stdout=1" }),
  answers(500, "the time is none", { of: "job", query: "stdout=1&since=x", says: "invalid syntax" }),
);

const changes = row(
  "GET /containers/{id}/changes",
  "Inspect changes on a container's filesystem",
  answers(200, "what was changed, and what was added", {
    of: "web",
    shape: [{ Path: "text", Kind: "number" }],
    holds: ({ json }) =>
      expect(json).toEqual(
        expect.arrayContaining([
          { Path: "/etc", Kind: 0 },
          { Path: "/etc/page", Kind: 1 },
        ]),
      ),
  }),
  noSuch("container", "No such container: nosuch"),
  struck(500, "web"),
);

const stats = row(
  "GET /containers/{id}/stats",
  "Get container stats based on resource usage",
  answers(200, "a line a second, until the client leaves", {
    at: UP_TO_1_19,
    of: "web",
    hears: 1000,
    type: undefined,
    shape: [NUMBERS_OF_OLD],
    otherwise: "a stream says no type; failures to allocate are not told where they cannot be counted",
    misfits: ["*.memory_stats.failcnt: missing"],
  }),
  answers(200, "a line a second, until the client leaves; its networks by name", {
    at: ["1.21"],
    of: "web",
    hears: 1000,
    type: undefined,
    shape: [NUMBERS_1_21],
    otherwise: "a stream says no type; failures to allocate are not told where they cannot be counted",
    misfits: ["*.memory_stats.failcnt: missing"],
  }),
  answers(200, "one line", {
    at: SINCE_1_19,
    of: "web",
    query: "stream=0",
    type: "application/json",
    says: /^[^\n]+\n$/,
  }),
  noSuch("container", "No such container: nosuch"),
  struck(500, "web"),
);

export const containersTold: readonly Row[] = [list, inspect, top, logs, changes, stats];

function names(...wanted: readonly string[]): (answer: Heard) => void {
  return ({ json }) => expect(json.map(({ Names }: { Names: string[] }) => Names[0])).toEqual(wanted);
}

function prints(wanted: string | RegExp): (answer: Heard) => void {
  return ({ text }) =>
    expect(unframed(text)).toEqual(typeof wanted === "string" ? wanted : expect.stringMatching(wanted));
}
