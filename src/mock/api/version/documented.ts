/**
 * What is known of the versions that no daemon speaks any more: the document of 1.9, and the changelog of 1.0 to 1.16.
 * The changelog tells when an operation came and went; one that it is silent about was there from the start.
 */
import type { ApiVersion } from "../../model/api-version.ts";

interface Documented {
  readonly since?: string;
  /** The last version that had it. */
  readonly until?: string;
  /** The statuses that are listed for what is refused, besides 500. */
  readonly refusals?: readonly number[];
}

const DOCUMENTED: Readonly<Record<string, Documented>> = {
  ContainerList: { refusals: [400] },
  ContainerCreate: { refusals: [404, 406] },
  ContainerInspect: { refusals: [404] },
  ContainerTop: { since: "1.3", refusals: [404] },
  ContainerLogs: { since: "1.11", refusals: [404] },
  ContainerChanges: { refusals: [404] },
  ContainerExport: { refusals: [404] },
  ContainerStart: { refusals: [404] },
  ContainerStop: { refusals: [404] },
  ContainerRestart: { refusals: [404] },
  ContainerKill: { refusals: [404] },
  ContainerAttach: { refusals: [400, 404] },
  ContainerAttachWebsocket: { refusals: [400, 404] },
  ContainerWait: { refusals: [404] },
  ContainerDelete: { refusals: [400, 404] },
  ContainerCopy: { refusals: [404] },
  ImageList: {},
  ImageViz: { until: "1.6" },
  ImageCreate: {},
  ImageInsert: { until: "1.11" },
  ImageInspect: { refusals: [404] },
  ImageHistory: { refusals: [404] },
  ImagePush: { refusals: [404] },
  ImageTag: { refusals: [400, 404, 409] },
  ImageDelete: { refusals: [404, 409] },
  ImageSearch: {},
  ImageGet: {},
  ImageLoad: {},
  ImageBuild: {},
  ImageCommit: { refusals: [404] },
  SystemAuth: {},
  SystemAuthShow: { until: "1.1" },
  SystemInfo: {},
  SystemVersion: {},
  SystemPing: { since: "1.11" },
  SystemEvents: { since: "1.3" },
};

/** Whether the documents of this version know the operation; `api` is one that no daemon speaks. */
export function isDocumented(operation: string, api: ApiVersion): boolean {
  const known = DOCUMENTED[operation];
  if (known === undefined) return false;
  return !api.isBefore(known.since ?? "0") && !api.isAfter(known.until ?? "9999");
}

/** Whether later versions know it no more. */
export function isGone(operation: string): boolean {
  return DOCUMENTED[operation]?.until !== undefined;
}

/** A refusal's status where it is listed; all else is the server's error. */
export function documentedStatus(operation: string, status: number): number {
  return DOCUMENTED[operation]?.refusals?.includes(status) === true ? status : 500;
}
