/**
 * The operations of the API versions that no daemon of today speaks, from the document of 1.9 and the changelog of 1.0
 * to 1.16. The changelog says when an operation came and went. An operation that it does not mention was always there.
 */
import type { ApiVersion } from "../../model/api-version.ts";

interface OperationHistory {
  readonly since?: string;
  /** The last API version that had it. */
  readonly until?: string;
  /** The error statuses that the document lists, besides 500. */
  readonly errorStatuses?: readonly number[];
}

const DOCUMENTED: Readonly<Record<string, OperationHistory>> = {
  ContainerList: { errorStatuses: [400] },
  ContainerCreate: { errorStatuses: [404, 406] },
  ContainerInspect: { errorStatuses: [404] },
  ContainerTop: { since: "1.3", errorStatuses: [404] },
  ContainerLogs: { since: "1.11", errorStatuses: [404] },
  ContainerChanges: { errorStatuses: [404] },
  ContainerExport: { errorStatuses: [404] },
  ContainerStart: { errorStatuses: [404] },
  ContainerStop: { errorStatuses: [404] },
  ContainerRestart: { errorStatuses: [404] },
  ContainerKill: { errorStatuses: [404] },
  ContainerAttach: { errorStatuses: [400, 404] },
  ContainerAttachWebsocket: { errorStatuses: [400, 404] },
  ContainerWait: { errorStatuses: [404] },
  ContainerDelete: { errorStatuses: [400, 404] },
  ContainerCopy: { errorStatuses: [404] },
  ImageList: {},
  ImageViz: { until: "1.6" },
  ImageCreate: {},
  ImageInsert: { until: "1.11" },
  ImageInspect: { errorStatuses: [404] },
  ImageHistory: { errorStatuses: [404] },
  ImagePush: { errorStatuses: [404] },
  ImageTag: { errorStatuses: [400, 404, 409] },
  ImageDelete: { errorStatuses: [404, 409] },
  ImageSearch: {},
  ImageGet: {},
  ImageLoad: {},
  ImageBuild: {},
  ImageCommit: { errorStatuses: [404] },
  SystemAuth: {},
  SystemAuthShow: { until: "1.1" },
  SystemInfo: {},
  SystemVersion: {},
  SystemPing: { since: "1.11" },
  SystemEvents: { since: "1.3" },
};

/** Whether an API version before 1.12 had the operation. */
export function isDocumentedOperation(operation: string, api: ApiVersion): boolean {
  const known = DOCUMENTED[operation];
  if (known === undefined) return false;
  return !api.isBefore(known.since ?? "0") && !api.isAfter(known.until ?? "9999");
}

/** Whether API 1.12 and later lack the operation. */
export function isRemovedOperation(operation: string): boolean {
  return DOCUMENTED[operation]?.until !== undefined;
}

/** The status if the document lists it for the operation, else 500. */
export function toDocumentedStatus(operation: string, status: number): number {
  return DOCUMENTED[operation]?.errorStatuses?.includes(status) === true ? status : 500;
}
