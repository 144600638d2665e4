/** Names operations as people speak of them: a verb and what it is done to. */
import { rememberResults } from "../../base/remember-results.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { formatCommand, type NameBook } from "./name-book.ts";

/** What a request does, and to what: `create` and `web`, `inspect image` and `busybox`. */
export interface OperationTitle {
  readonly verb: string;
  /** Empty where a request names nothing. */
  readonly subject: string;
  /** The container that it is about, by name or 12 digits. */
  readonly container?: string;
}

const VERBS: Readonly<Record<string, string>> = {
  SystemPing: "ping",
  SystemPingHead: "ping",
  SystemVersion: "version",
  SystemInfo: "info",
  SystemAuth: "login",
  SystemAuthShow: "login",
  SystemEvents: "events",
  SystemDataUsage: "disk usage",
  Session: "session",
  Grpc: "grpc",
  ContainerAttachWebsocket: "attach by websocket",
  ContainerArchive: "copy from",
  ContainerArchiveInfo: "stat in",
  PutContainerArchive: "copy to",
  ContainerCopy: "copy from",
  ContainerExec: "exec in",
  ExecStart: "start exec in",
  ExecInspect: "inspect exec in",
  ExecResize: "resize exec in",
  ImageBuild: "build",
  ImageCommit: "commit",
  ImageCreate: "pull",
  ImagePush: "push",
  ImageTag: "tag",
  ImageGet: "save",
  ImageGetAll: "save",
  ImageLoad: "load",
  ImageHistory: "history",
  ImageSearch: "search",
  DistributionInspect: "inspect in registry",
  NetworkConnect: "connect to",
  NetworkDisconnect: "disconnect from",
};
const NOUNS = /^(Container|Image|Network|Volume|Plugin|Swarm|Node|Service|Task|Secret|Config|Build|GetPlugin)(\w+)$/;

/** Names the operation of a request; `names` knows the containers. */
export function nameOperation(method: string, operation: Operation, names: NameBook): OperationTitle {
  const { name, path } = operation;
  if (method === "GRPC") return nameBuildkitCall(path);
  if (name === "Unknown") return { verb: path, subject: "" };
  return { verb: VERBS[name] ?? toVerb(name), ...nameSubject(operation, names) };
}

/** `/moby.buildkit.v1.Control/Solve` builds; any other call goes by service and method. */
function nameBuildkitCall(path: string): OperationTitle {
  const call = path.replace(/^\/.*\.(?=\w+\/)/, "");
  return call === "Control/Solve" ? { verb: "build", subject: "" } : { verb: call, subject: "" };
}

/** `ContainerInspect` is `inspect`, `ImageInspect` is `inspect image`, `NetworkList` is `list networks`. */
const toVerb = rememberResults(makeVerb, { most: 300, longest: 60 });

function makeVerb(name: string): string {
  const [, noun = "", verb = name] = NOUNS.exec(name) ?? [];
  const action = verb.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  if (action === "list" || action === "prune") return `${action} ${noun.toLowerCase()}s`;
  return noun === "Container" || noun === "" ? action : `${action} ${noun.toLowerCase()}`;
}

function nameSubject({ name, params, query }: Operation, names: NameBook): Omit<OperationTitle, "verb"> {
  const reference = params.id ?? params.name;
  if (name === "ContainerCreate") return nameContainer(quoteName(query.find(([key]) => key === "name")?.[1] ?? ""));
  if (reference === undefined) return { subject: "" };
  if (/^Exec/.test(name)) {
    const exec = names.findExec(reference);
    return exec === undefined
      ? { subject: names.nameThing(reference) }
      : nameContainer(names.nameThing(exec.container));
  }
  return /^(Container|PutContainer)/.test(name)
    ? nameContainer(names.nameThing(reference))
    : { subject: names.nameThing(reference) };
}

/** A name with blanks is not one, and was refused. */
function quoteName(name: string): string {
  return name.includes(" ") ? formatCommand([name]) : name;
}

function nameContainer(container: string): Omit<OperationTitle, "verb"> {
  return container === "" ? { subject: "" } : { subject: container, container };
}
