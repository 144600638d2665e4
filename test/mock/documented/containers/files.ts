/** Files out of containers and into them. */
import { expect } from "vitest";
import { findFieldValue } from "../../../../src/wire/http/head.ts";
import type { TestResponse } from "../../../playbook/mocked.ts";
import { packTar } from "../../../playbook/tarred.ts";
import {
  type EndpointRow,
  endpointRow,
  OLD,
  respondsByFault,
  respondsNotFound,
  respondsWith,
  SINCE_1_18,
} from "../endpoint-row.ts";

const TAR = "application/x-tar";
const NOSUCH_IN_PATH = "No such container: nosuch";

const exported = endpointRow(
  "GET /containers/{id}/export",
  "Export a container",
  respondsWith(200, "all its files", {
    pathValue: "web",
    contentType: "application/octet-stream",
    matches: "etc/page",
  }),
  respondsNotFound("container", NOSUCH_IN_PATH),
  respondsByFault(500, "web"),
);

const copy = endpointRow(
  "POST /containers/{id}/copy",
  "Copy files or folders from a container",
  respondsWith(200, "a file", {
    versions: OLD,
    pathValue: "web",
    body: { Resource: "etc/page" },
    contentType: "application/octet-stream",
    matches: "hello\n",
  }),
  respondsWith(200, "a file", {
    versions: SINCE_1_18,
    pathValue: "web",
    body: { Resource: "etc/page" },
    contentType: TAR,
    matches: "hello\n",
  }),
  respondsNotFound("container", NOSUCH_IN_PATH, { body: { Resource: "etc/page" } }),
  respondsWith(404, "there is no such file", { pathValue: "web", body: { Resource: "nosuch" }, matches: "nosuch" }),
  respondsWith(500, "the request names no file", { versions: OLD, pathValue: "web", matches: "EOF" }),
  respondsByFault(500, "web", {
    versions: SINCE_1_18,
    body: { Resource: "etc/page" },
    realDifference: "no word of a file is told with 400",
  }),
);

const archiveInfo = endpointRow(
  "HEAD /containers/{id}/archive",
  "Retrieving information about files and folders in a container",
  respondsWith(200, "the stat of a file", {
    pathValue: "web",
    query: "path=/etc/page",
    contentType: undefined,
    check: expectStat("page", 6),
  }),
);

const archive = endpointRow(
  "GET /containers/{id}/archive",
  "Get an archive of a filesystem resource in a container",
  respondsWith(200, "a file and its stat", {
    pathValue: "web",
    query: "path=/etc/page",
    contentType: TAR,
    matches: "hello\n",
    check: expectStat("page", 6),
  }),
  respondsWith(400, "the request names no file", { pathValue: "web", matches: "path" }),
  respondsNotFound("container", NOSUCH_IN_PATH, { query: "path=/" }),
  respondsWith(404, "there is no such file", {
    pathValue: "web",
    query: "path=/nosuch",
    matches: "Could not find the file /nosuch",
  }),
  respondsByFault(500, "web", { query: "path=/etc/page" }),
);

const extract = endpointRow(
  "PUT /containers/{id}/archive",
  "Extract an archive of files or folders to a directory in a container",
  respondsWith(200, "the container has the files", {
    pathValue: "web",
    query: "path=/tmp&noOverwriteDirNonDir=1",
    body: packTar({ shell: "pearl\n" }),
    contentType: undefined,
    check: async (_, docker) => {
      const { text } = await docker.asks("GET /v1.21/containers/web/archive?path=/tmp/shell");
      expect(text).toContain("pearl\n");
    },
  }),
  respondsWith(400, "the request names no folder", {
    pathValue: "web",
    body: packTar({ shell: "pearl\n" }),
    matches: "path",
  }),
  respondsWith(400, "a file would replace a folder", {
    realStatus: 500,
    realDifference: "it is told as the daemon's own fault",
    pathValue: "web",
    query: "path=/&noOverwriteDirNonDir=1",
    body: packTar({ etc: "pearl\n" }),
    matches: "cannot overwrite directory",
  }),
  respondsWith(403, "the container's files are read-only", {
    realStatus: 500,
    realDifference: "it is told as the daemon's own fault",
    pathValue: "fixed",
    first: [
      {
        asks: "POST /containers/create?name=fixed",
        body: { Image: "busybox", Cmd: ["date"], HostConfig: { ReadonlyRootfs: true } },
      },
    ],
    query: "path=/tmp",
    body: packTar({ shell: "pearl\n" }),
    matches: "read-only",
  }),
  respondsNotFound("container", NOSUCH_IN_PATH, { query: "path=/tmp", body: packTar({ shell: "pearl\n" }) }),
  respondsWith(404, "there is no such folder", {
    pathValue: "web",
    query: "path=/nosuch",
    body: packTar({ shell: "pearl\n" }),
    matches: "Could not find the file /nosuch",
  }),
  respondsWith(500, "the path is a file", {
    realDifference: "the document has it as 400",
    pathValue: "web",
    query: "path=/etc/page",
    body: packTar({ shell: "pearl\n" }),
    matches: "extraction point is not a directory",
  }),
);

export const containersFiles: readonly EndpointRow[] = [exported, copy, archiveInfo, archive, extract];

/** Checks the header, which is JSON in base64. */
function expectStat(name: string, size: number): (answer: TestResponse) => void {
  return ({ head }) => {
    const text = findFieldValue(head.fields, "X-Docker-Container-Path-Stat") ?? "";
    expect(JSON.parse(Buffer.from(text, "base64").toString("utf8"))).toEqual({
      name,
      size,
      mode: 0o644,
      mtime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      linkTarget: "",
    });
  };
}
