/**
 * What one release of the docker CLI writes out and another leaves out, with the same meaning to the daemon. The bodies
 * of CLI 20.10 and 28 differ in these members for one command. `normalizeBody` leaves them out of what is compared.
 */

import type { Operation } from "../../wire/operations/operation.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The members of moby's `container.Resources` whose Go type changed, or that are gone (api/types/container). Only these:
 * elsewhere an empty list and null may differ, as an `Entrypoint` does.
 */
const RESOURCES: ReadonlySet<string> = new Set([
  "BlkioDeviceReadBps",
  "BlkioDeviceReadIOps",
  "BlkioDeviceWriteBps",
  "BlkioDeviceWriteIOps",
  "KernelMemory",
  "KernelMemoryTCP",
  "Ulimits",
]);
/** Parameters with the name of an image: CLI 28 writes Docker Hub's out (`docker.io/library/busybox`). */
const IMAGE_PARAMETERS: Readonly<Record<string, string>> = {
  ImageCommit: "repo",
  ImageCreate: "fromImage",
  ImageTag: "repo",
};

/**
 * @param operation name of the operation that the body is sent to
 * @returns undefined if the body says as much as none
 */
export function dropClientDefaults(operation: string, body: unknown): unknown {
  if (operation === "ImageCommit" && body === null) return undefined;
  if (!isObject(body)) return body;
  switch (operation) {
    case "ContainerCreate":
      return dropFromContainer(body);
    case "ContainerUpdate":
      return dropEmptyMembers(body, isResource);
    case "NetworkConnect":
      return changeMember(body, "EndpointConfig", (endpoint) => dropEmptyMembers(endpoint));
    case "NetworkCreate":
      return dropDuplicateCheck(dropEmptyMembers(body, (name) => name === "EnableIPv6"));
    case "VolumeCreate":
      return dropEmptyMembers(body, (name) => name === "DriverOpts");
    default:
      return body;
  }
}

/** The parameters of a request without those that say what the daemon does anyway. */
export function dropDefaultParameters({ name: operation, query }: Operation): Operation["query"] {
  if (operation === "ContainerKill") return query.filter(([name, value]) => name !== "signal" || value !== "KILL");
  const image = IMAGE_PARAMETERS[operation];
  if (image === undefined) return query;
  return query.map(([name, value]) => [name, name === image ? value.replace(/^docker\.io\/(library\/)?/, "") : value]);
}

function dropFromContainer(body: JsonObject): JsonObject {
  const mode = isObject(body.HostConfig) ? body.HostConfig.NetworkMode : undefined;
  const dropEndpoints = (endpoints: JsonObject): JsonObject => dropNetworksOfMode(endpoints, mode);
  return changeMember(
    changeMember(body, "HostConfig", (config) => dropEmptyMembers(config, isResource)),
    "NetworkingConfig",
    (networking) => changeMember(networking, "EndpointsConfig", dropEndpoints),
  );
}

/** CLI 28 always names the network of `NetworkMode` here; CLI 20.10 does only where an option of it was given. */
function dropNetworksOfMode(endpoints: JsonObject, mode: unknown): JsonObject {
  const compared = Object.entries(endpoints).map(([name, endpoint]) => {
    return [name, isObject(endpoint) ? dropEmptyMembers(endpoint) : endpoint] as const;
  });
  return Object.fromEntries(compared.filter(([name, endpoint]) => name !== mode || !isEmpty(endpoint)));
}

/** From API 1.44 on the daemon checks always, and clients leave the member out (moby, version history of API 1.44). */
function dropDuplicateCheck({ CheckDuplicate, ...network }: JsonObject): JsonObject {
  return CheckDuplicate === true || CheckDuplicate === undefined ? network : { ...network, CheckDuplicate };
}

function isResource(name: string): boolean {
  return RESOURCES.has(name);
}

function dropEmptyMembers(object: JsonObject, isDroppable = (_name: string): boolean => true): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name, value]) => !isDroppable(name) || !isEmpty(value)));
}

function changeMember(object: JsonObject, name: string, change: (member: JsonObject) => JsonObject): JsonObject {
  const member = object[name];
  return isObject(member) ? { ...object, [name]: change(member) } : object;
}

/** The zero values of Go, and empty lists and objects. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === null || value === "" || value === 0 || value === false;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
