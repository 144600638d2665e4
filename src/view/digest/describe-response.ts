/** What matters of a response, on one line: an id, a state, an exit code, the daemon's message. */
import type { RecordedResponse } from "../../cassette/model.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { foldZeroValues, getEntries, getList, getMember, getText, getTexts, parseJsonBytes } from "./json-value.ts";
import type { NameBook } from "./name-book.ts";
import { formatByteSize, joinSome } from "./shorten-text.ts";

interface ResponseFacts {
  readonly response: RecordedResponse;
  /** The body, if it is JSON. */
  readonly json: unknown;
  readonly names: NameBook;
}

type Describe = (facts: ResponseFacts) => string;

const SOME = 3;
const CHANGES = ["M", "A", "D"];

/** By operation. An operation that is not here is described by the members of its body that are set. */
const DESCRIBE: Readonly<Record<string, Describe>> = {
  ContainerCreate: ({ json }) => joinParts(toShortId(getText(json, "Id")), ...getTexts(json, "Warnings")),
  ContainerExec: ({ json }) => toShortId(getText(json, "Id")),
  ImageCommit: ({ json }) => toShortId(getText(json, "Id")),
  NetworkCreate: ({ json }) => joinParts(toShortId(getText(json, "Id")), getText(json, "Warning")),
  VolumeCreate: ({ json }) => getText(json, "Mountpoint"),
  VolumeInspect: ({ json }) => getText(json, "Driver"),
  NetworkInspect: ({ json }) => joinParts(getText(json, "Driver"), ...listSubnets(json)),
  ContainerInspect: ({ json }) => describeState(getMember(json, "State")),
  ExecInspect: ({ json }) => (getMember(json, "Running") === true ? "running" : `exit ${getText(json, "ExitCode")}`),
  ContainerList: ({ json, names }) => describeList(getList(json), (item) => describeContainer(item, names)),
  ContainerTop: ({ json }) => countItems(getList(json, "Processes"), "process", "processes"),
  ContainerChanges: ({ json }) =>
    describeList(getList(json), (item) => `${CHANGES[Number(getText(item, "Kind"))] ?? "?"} ${getText(item, "Path")}`),
  ContainerStats: ({ json }) => describeStats(json),
  ContainerArchiveInfo: ({ response }) => describeStat(response),
  ContainerArchive: () => "",
  ImageList: ({ json }) => describeList(getList(json), (item) => describeImage(item)),
  ImageInspect: ({ json }) =>
    joinParts(toShortId(getText(json, "Id")), joinSome(getTexts(json, "RepoTags"), SOME), describeSize(json)),
  ImageHistory: ({ json }) => countItems(getList(json), "layer", "layers"),
  ImageDelete: ({ json }) => describeDeletion(getList(json)),
  ImageSearch: ({ json }) => describeList(getList(json), (item) => getText(item, "name")),
  NetworkList: ({ json }) => describeList(getList(json), (item) => getText(item, "Name")),
  VolumeList: ({ json }) => describeList(getList(json, "Volumes"), (item) => getText(item, "Name")),
  SystemVersion: ({ json }) => joinParts(getText(json, "Version"), `API ${getText(json, "ApiVersion")}`),
  SystemInfo: ({ json }) =>
    joinParts(getText(json, "ServerVersion"), `${getText(json, "Containers")} containers`, getText(json, "OSType")),
  SystemPing: () => "",
  SystemAuth: ({ json }) => getText(json, "Status"),
  SystemDataUsage: ({ json }) => prefix("layers ", formatByteSize(Number(getText(json, "LayersSize")))),
  ContainerPrune: ({ json }) => describePrune(json, "ContainersDeleted"),
  ImagePrune: ({ json }) => describePrune(json, "ImagesDeleted"),
  VolumePrune: ({ json }) => describePrune(json, "VolumesDeleted"),
  NetworkPrune: ({ json }) => describePrune(json, "NetworksDeleted"),
};

/** Describes an answer, whose body is `json`, behind its status; empty where the status says all. */
export function describeResponse(
  operation: Operation,
  response: RecordedResponse,
  json: unknown,
  names: NameBook,
): string {
  const { body, status } = response;
  if (status === 304) return "nothing to do";
  const describe = status >= 400 || DESCRIBE[operation.name] === undefined ? describeOthers : DESCRIBE[operation.name];
  if (body === undefined && operation.name !== "ContainerArchiveInfo") return "";
  return names.shorten((describe as Describe)({ response, json, names }));
}

/** An error's message, the members of other JSON, text as it is. */
function describeOthers({ response: { body }, json }: ResponseFacts): string {
  if (!Buffer.isBuffer(body)) return "";
  if (json === undefined) return body.toString("utf8").trimEnd();
  const message = getText(json, "message");
  return message === "" ? JSON.stringify(foldZeroValues(json) ?? json) : message;
}

/** `running`, `running, healthy`, `exited (137)`. */
function describeState(state: unknown): string {
  const status = getText(state, "Status") || (getMember(state, "Running") === true ? "running" : "not running");
  const code = status === "exited" || status === "dead" ? ` (${getText(state, "ExitCode")})` : "";
  return joinParts(`${status}${code}`, getText(state, "Health", "Status"));
}

function describeContainer(item: unknown, names: NameBook): string {
  const [name = getText(item, "Id")] = getTexts(item, "Names");
  const state = getText(item, "State") || getText(item, "Status");
  return `${names.nameThing(name.replace(/^\//, ""))}${state === "" ? "" : ` (${state})`}`;
}

function describeImage(item: unknown): string {
  const [tag] = getTexts(item, "RepoTags");
  return tag === undefined || tag === "<none>:<none>" ? toShortId(getText(item, "Id")) : tag;
}

function listSubnets(network: unknown): string[] {
  return getList(network, "IPAM", "Config").map((config) => getText(config, "Subnet"));
}

function describeSize(image: unknown): string {
  const size = Number(getText(image, "Size"));
  return size > 0 ? formatByteSize(size) : "";
}

function describeDeletion(items: readonly unknown[]): string {
  const untagged = items.map((item) => getText(item, "Untagged")).filter((tag) => tag !== "");
  const deleted = items.filter((item) => getText(item, "Deleted") !== "").length;
  return joinParts(prefix("untagged ", joinSome(untagged, SOME)), deleted === 0 ? "" : `deleted ${deleted} layers`);
}

function describePrune(json: unknown, key: string): string {
  const space = Number(getText(json, "SpaceReclaimed"));
  return joinParts(`${getList(json, key).length} deleted`, space > 0 ? `${formatByteSize(space)} reclaimed` : "");
}

/** Of `docker stats`: processes and memory; processors only over a second sample. */
export function describeStats(json: unknown): string {
  const used = Number(getText(json, "memory_stats", "usage"));
  const limit = Number(getText(json, "memory_stats", "limit"));
  const memory = used > 0 ? `memory ${formatByteSize(used)}${limit > 0 ? ` of ${formatByteSize(limit)}` : ""}` : "";
  return joinParts(prefix("processes ", getText(json, "pids_stats", "current")), describeLoad(json), memory);
}

/** As docker computes it (docker cli cli/command/container/stats_helpers.go). */
function describeLoad(json: unknown): string {
  const compute = (...path: string[]): number =>
    Number(getText(json, "cpu_stats", ...path)) - Number(getText(json, "precpu_stats", ...path));
  const system = compute("system_cpu_usage");
  if (!(system > 0) || getText(json, "precpu_stats", "system_cpu_usage") === "") return "";
  const processors = Number(getText(json, "cpu_stats", "online_cpus")) || 1;
  return `cpu ${((compute("cpu_usage", "total_usage") / system) * processors * 100).toFixed(1)} %`;
}

/** The header X-Docker-Container-Path-Stat is JSON in base64. */
function describeStat({ headers }: RecordedResponse): string {
  const field = headers.find(([name]) => name.toLowerCase() === "x-docker-container-path-stat");
  if (field === undefined) return "";
  const stat = parseJsonBytes(Buffer.from(field[1], "base64"));
  return joinParts(getText(stat, "name"), formatByteSize(Number(getText(stat, "size"))));
}

function describeList(items: readonly unknown[], describe: (item: unknown) => string): string {
  if (items.length === 0) return "none";
  const shown = joinSome(items.map(describe), SOME);
  return items.length > 1 ? `${items.length}: ${shown}` : shown;
}

function countItems(items: readonly unknown[], one: string, several: string): string {
  return `${items.length} ${items.length === 1 ? one : several}`;
}

/** `sha256:` and the digits behind the twelfth say nothing to a reader. */
function toShortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}

function prefix(before: string, text: string): string {
  return text === "" ? "" : `${before}${text}`;
}

function joinParts(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

/** The members that label an event: `container start web`. */
export function describeEvent(json: unknown, names: NameBook): string {
  const type = getText(json, "Type") || "container";
  const id = getText(json, "Actor", "ID") || getText(json, "id");
  const attributes = new Map(getEntries(json, "Actor", "Attributes"));
  const name = attributes.get("name");
  const code = attributes.get("exitCode");
  const thing = typeof name === "string" && !/^[0-9a-f]{64}$/.test(name) ? name : names.nameThing(id);
  const image = attributes.get("image") ?? getText(json, "from");
  const more = [image, code === undefined ? "" : `exit ${String(code)}`].filter((part) => part !== "");
  // The action of an exec has its command: `exec_create: sh -c true`.
  const [, action = "", command = ""] = /^([^:]*)(.*)$/s.exec(getText(json, "Action") || getText(json, "status")) ?? [];
  return `${type} ${action.trim()} ${thing}${command.trimEnd()}${more.length > 0 && type === "container" ? ` (${more.join(", ")})` : ""}`;
}
