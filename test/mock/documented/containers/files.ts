/** Files out of containers and into them. */
import { expect } from "vitest";
import { fieldValue } from "../../../../src/wire/head.ts";
import type { Heard } from "../../../playbook/mocked.ts";
import { tarred } from "../../../playbook/tarred.ts";
import { answers, noSuch, OLD, type Row, row, SINCE_1_18, struck } from "../row.ts";

const TAR = "application/x-tar";
const NOSUCH_IN_PATH = "No such container: nosuch";

const exported = row(
  "GET /containers/{id}/export",
  "Export a container",
  answers(200, "all its files", { of: "web", type: "application/octet-stream", says: "etc/page" }),
  noSuch("container", NOSUCH_IN_PATH),
  struck(500, "web"),
);

const copy = row(
  "POST /containers/{id}/copy",
  "Copy files or folders from a container",
  answers(200, "a file", {
    at: OLD,
    of: "web",
    body: { Resource: "etc/page" },
    type: "application/octet-stream",
    says: "hello\n",
  }),
  answers(200, "a file", {
    at: SINCE_1_18,
    of: "web",
    body: { Resource: "etc/page" },
    type: TAR,
    says: "hello\n",
  }),
  noSuch("container", NOSUCH_IN_PATH, { body: { Resource: "etc/page" } }),
  answers(404, "there is no such file", { of: "web", body: { Resource: "nosuch" }, says: "nosuch" }),
  answers(500, "nobody says which file", { at: OLD, of: "web", says: "EOF" }),
  struck(500, "web", {
    at: SINCE_1_18,
    body: { Resource: "etc/page" },
    otherwise: "no word of a file is told with 400",
  }),
);

const told = row(
  "HEAD /containers/{id}/archive",
  "Retrieving information about files and folders in a container",
  answers(200, "what a file is", { of: "web", query: "path=/etc/page", type: undefined, holds: tellsOf("page", 6) }),
);

const archive = row(
  "GET /containers/{id}/archive",
  "Get an archive of a filesystem resource in a container",
  answers(200, "a file, and what it is", {
    of: "web",
    query: "path=/etc/page",
    type: TAR,
    says: "hello\n",
    holds: tellsOf("page", 6),
  }),
  answers(400, "nobody says which file", { of: "web", says: "path" }),
  noSuch("container", NOSUCH_IN_PATH, { query: "path=/" }),
  answers(404, "there is no such file", { of: "web", query: "path=/nosuch", says: "Could not find the file /nosuch" }),
  struck(500, "web", { query: "path=/etc/page" }),
);

const extract = row(
  "PUT /containers/{id}/archive",
  "Extract an archive of files or folders to a directory in a container",
  answers(200, "the files are there", {
    of: "web",
    query: "path=/tmp&noOverwriteDirNonDir=1",
    body: tarred({ shell: "pearl\n" }),
    type: undefined,
    holds: async (_, docker) => {
      const { text } = await docker.asks("GET /v1.21/containers/web/archive?path=/tmp/shell");
      expect(text).toContain("pearl\n");
    },
  }),
  answers(400, "nobody says where to", { of: "web", body: tarred({ shell: "pearl\n" }), says: "path" }),
  answers(400, "a file would take a folder's place", {
    instead: 500,
    otherwise: "it is told as the daemon's own fault",
    of: "web",
    query: "path=/&noOverwriteDirNonDir=1",
    body: tarred({ etc: "pearl\n" }),
    says: "cannot overwrite directory",
  }),
  answers(403, "the container's files are only to be read", {
    instead: 500,
    otherwise: "it is told as the daemon's own fault",
    of: "fixed",
    first: [
      {
        asks: "POST /containers/create?name=fixed",
        body: { Image: "busybox", Cmd: ["date"], HostConfig: { ReadonlyRootfs: true } },
      },
    ],
    query: "path=/tmp",
    body: tarred({ shell: "pearl\n" }),
    says: "read-only",
  }),
  noSuch("container", NOSUCH_IN_PATH, { query: "path=/tmp", body: tarred({ shell: "pearl\n" }) }),
  answers(404, "there is no such folder", {
    of: "web",
    query: "path=/nosuch",
    body: tarred({ shell: "pearl\n" }),
    says: "Could not find the file /nosuch",
  }),
  answers(500, "a file is no folder", {
    otherwise: "the document has it as 400",
    of: "web",
    query: "path=/etc/page",
    body: tarred({ shell: "pearl\n" }),
    says: "extraction point is not a directory",
  }),
);

export const containersFiles: readonly Row[] = [exported, copy, told, archive, extract];

/** The header, whose JSON is in base64. */
function tellsOf(name: string, size: number): (answer: Heard) => void {
  return ({ head }) => {
    const text = fieldValue(head.fields, "X-Docker-Container-Path-Stat") ?? "";
    expect(JSON.parse(Buffer.from(text, "base64").toString("utf8"))).toEqual({
      name,
      size,
      mode: 0o644,
      mtime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      linkTarget: "",
    });
  };
}
