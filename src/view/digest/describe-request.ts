/** What matters of a request, on one line: `busybox: echo hello`, `-it --rm`, `until removed`. */
import { parseBoundedJson } from "../../base/parse-json.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { foldZeroValues, getEntries, getFlag, getList, getMember, getText, getTexts } from "./json-value.ts";
import { formatCommand, type NameBook } from "./name-book.ts";

/** What a description is made of. */
interface RequestFacts {
  readonly operation: Operation;
  /** The body, if it is JSON. */
  readonly json: unknown;
  readonly names: NameBook;
}

type Describe = (facts: RequestFacts) => string;

/** By operation. An operation that is not here is described by its query and the members of its body that are set. */
const DESCRIBE: Readonly<Record<string, Describe>> = {
  ContainerCreate: ({ json }) => describeContainer(json),
  ContainerExec: ({ json }) => joinWords(formatCommand(getTexts(json, "Cmd")), describeTty(json, "AttachStdin")),
  ExecStart: describeExec,
  ExecInspect: describeExec,
  ExecResize: describeWindow,
  ContainerResize: describeWindow,
  ContainerAttach: ({ operation }) => (isSet(operation, "stdin") ? "with stdin" : ""),
  ContainerAttachWebsocket: ({ operation }) => (isSet(operation, "stdin") ? "with stdin" : ""),
  ContainerWait: ({ operation }) => prefix("until ", getParameter(operation, "condition").replace("-", " ")),
  ContainerLogs: describeLogs,
  ContainerKill: ({ operation }) => getParameter(operation, "signal"),
  ContainerStop: ({ operation }) => prefix("timeout ", getParameter(operation, "t"), "s"),
  ContainerRestart: ({ operation }) => prefix("timeout ", getParameter(operation, "t"), "s"),
  ContainerDelete: ({ operation }) =>
    joinWords(isSet(operation, "force") ? "--force" : "", isSet(operation, "v") ? "--volumes" : ""),
  ContainerRename: ({ operation }) => prefix("to ", getParameter(operation, "name")),
  ContainerStats: ({ operation }) => (isOff(operation, "stream") ? "once" : ""),
  ContainerArchive: ({ operation }) => getParameter(operation, "path"),
  ContainerArchiveInfo: ({ operation }) => getParameter(operation, "path"),
  PutContainerArchive: ({ operation }) => getParameter(operation, "path"),
  ContainerList: ({ operation }) => joinWords(isSet(operation, "all") ? "--all" : "", describeFilters(operation)),
  ImageCreate: ({ operation }) => describePull(operation),
  ImageTag: ({ operation }) => prefix("as ", joinTag(getParameter(operation, "repo"), getParameter(operation, "tag"))),
  ImagePush: ({ operation }) => getParameter(operation, "tag"),
  ImageGetAll: ({ operation }) => getParameters(operation, "names").join(" "),
  ImageLoad: () => "",
  ImageBuild: describeBuild,
  ImageDelete: ({ operation }) => (isSet(operation, "force") ? "--force" : ""),
  ImageCommit: ({ operation, names }) =>
    joinWords(
      names.nameThing(getParameter(operation, "container")),
      prefix("as ", joinTag(getParameter(operation, "repo"), getParameter(operation, "tag"))),
    ),
  NetworkCreate: ({ json }) => joinWords(getText(json, "Name"), prefix("--driver ", getText(json, "Driver"))),
  NetworkConnect: ({ json, names }) => names.nameThing(getText(json, "Container")),
  NetworkDisconnect: ({ json, names }) => names.nameThing(getText(json, "Container")),
  VolumeCreate: ({ json }) => joinWords(getText(json, "Name"), prefix("--driver ", getText(json, "Driver"))),
  Session: () => "",
};

/** Describes a request; empty where its title says all. */
export function describeRequest(operation: Operation, json: unknown, names: NameBook): string {
  const describe = DESCRIBE[operation.name] ?? describeOthers;
  return names.shorten(describe({ operation, json, names }));
}

/** `busybox: echo hello  -it --rm -p 8080:80 -v /a:/b`: as one would type it for `docker run`. */
function describeContainer(json: unknown): string {
  const host = getMember(json, "HostConfig");
  const command = formatCommand([...getTexts(json, "Entrypoint"), ...getTexts(json, "Cmd")]);
  const network = getText(host, "NetworkMode");
  const options = joinWords(
    describeTty(json, "OpenStdin"),
    getFlag(host, "AutoRemove") ? "--rm" : "",
    getFlag(host, "Privileged") ? "--privileged" : "",
    ...getEntries(host, "PortBindings").map(([port, hosts]) => describePort(port, hosts)),
    ...getTexts(host, "Binds").map((bind) => `-v ${bind}`),
    ...getList(host, "Mounts").map((mount) => `-v ${getText(mount, "Source")}:${getText(mount, "Target")}`),
    /^(?:|default|bridge)$/.test(network) ? "" : `--network ${network}`,
  );
  const image = getText(json, "Image");
  return [command === "" ? image : `${image}: ${command}`, options].filter((part) => part !== "").join("  ");
}

function describePort(port: string, hosts: unknown): string {
  const [first] = getList(hosts);
  const host = getText(first, "HostPort");
  const plain = port.replace(/\/tcp$/, "");
  return host === "" || host === "0" ? `-p ${plain}` : `-p ${host}:${plain}`;
}

function describeTty(json: unknown, stdin: string): string {
  const letters = `${getFlag(json, stdin) ? "i" : ""}${getFlag(json, "Tty") ? "t" : ""}`;
  return prefix("-", letters);
}

function describeExec({ operation, names }: RequestFacts): string {
  return names.findExec(operation.params.id ?? "")?.command ?? "";
}

function describeWindow({ operation }: RequestFacts): string {
  return `${getParameter(operation, "w")}x${getParameter(operation, "h")}`;
}

function describeLogs({ operation }: RequestFacts): string {
  const tail = getParameter(operation, "tail");
  return joinWords(isSet(operation, "follow") ? "--follow" : "", tail === "all" ? "" : prefix("--tail ", tail));
}

function describePull(operation: Operation): string {
  const image = joinTag(getParameter(operation, "fromImage"), getParameter(operation, "tag"));
  const platform = prefix("--platform ", getParameter(operation, "platform"));
  return joinWords(image, prefix("from ", getParameter(operation, "fromSrc")), platform);
}

/** `busybox` and `sha256:...` make `busybox@sha256:...`. */
function joinTag(repository: string, tag: string): string {
  if (tag === "") return repository;
  return `${repository}${tag.includes(":") ? "@" : ":"}${tag}`;
}

function describeBuild({ operation }: RequestFacts): string {
  const file = getParameter(operation, "dockerfile");
  return joinWords(
    ...getParameters(operation, "t").map((tag) => `-t ${tag}`),
    file === "Dockerfile" ? "" : prefix("-f ", file),
    prefix("--target ", getParameter(operation, "target")),
    prefix("from ", getParameter(operation, "remote").replace("client-session", "")),
  );
}

function describeOthers({ operation, json }: RequestFacts): string {
  const query = operation.query.filter(([key, value]) => key !== "filters" && value !== "" && value !== "0");
  const words = query.map(([key, value]) => `${key}=${value}`);
  const folded = foldZeroValues(json);
  return joinWords(...words, describeFilters(operation), folded === undefined ? "" : JSON.stringify(folded));
}

/** `label=a=b name=web`, from `{"label":{"a=b":true}}` and from `{"name":["web"]}`. */
function describeFilters(operation: Operation): string {
  const filters = parseFilters(getParameter(operation, "filters"));
  return getEntries(filters)
    .flatMap(([key, values]) => {
      const list = Array.isArray(values) ? values : getEntries(values).map(([value]) => value);
      return list.map((value) => `${key}=${value}`);
    })
    .join(" ");
}

function parseFilters(text: string): unknown {
  if (text === "") return undefined;
  try {
    return parseBoundedJson(text);
  } catch {
    return undefined;
  }
}

function getParameter(operation: Operation, name: string): string {
  return getParameters(operation, name)[0] ?? "";
}

function getParameters({ query }: Operation, name: string): string[] {
  return query.filter(([key]) => key === name).map(([, value]) => value);
}

function isSet(operation: Operation, name: string): boolean {
  return /^(?:1|true)$/i.test(getParameter(operation, name));
}

function isOff(operation: Operation, name: string): boolean {
  return /^(?:0|false)$/i.test(getParameter(operation, name));
}

function prefix(before: string, text: string, behind = ""): string {
  return text === "" ? "" : `${before}${text}${behind}`;
}

function joinWords(...words: readonly string[]): string {
  return words.filter((word) => word !== "").join(" ");
}
