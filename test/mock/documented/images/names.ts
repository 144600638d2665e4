/** What is told of images, and done to their names. */
import { expect } from "vitest";
import type { MockedDaemon, TestResponse } from "../../../playbook/mocked.ts";
import {
  type EndpointRow,
  endpointRow,
  OLD,
  respondsByFault,
  respondsNotFound,
  respondsWith,
  SINCE_1_18,
  type StatusCase,
  UP_TO_1_19,
} from "../endpoint-row.ts";
import {
  INSPECTED_1_18,
  INSPECTED_1_21,
  INSPECTED_OF_OLD,
  LISTED_OF_OLD,
  LISTED_WITH_DIGESTS,
  STEP_1_21,
  STEP_OF_OLD,
} from "./shapes.ts";

const NO_IMAGE: StatusCase = respondsNotFound("image", /No such image: nosuch/);
/** Three names beside busybox's own; the last is of an image of its own. */
const NAMES = {
  images: [{ name: "tide:low" }, { name: "shop", labels: { tier: "front" }, files: { "/srv": "open" } }],
};

const list = endpointRow(
  "GET /images/json",
  "List Images",
  respondsWith(200, "those with a name", { versions: OLD, shape: [LISTED_OF_OLD], check: hasBareIds }),
  respondsWith(200, "those with a name", { versions: SINCE_1_18, shape: [LISTED_OF_OLD] }),
  respondsWith(200, "all of them", {
    query: "all=1",
    setup: NAMES,
    check: expectListed("hello-world:latest", "busybox:latest"),
  }),
  respondsWith(200, "with their digests", { versions: SINCE_1_18, query: "digests=1", shape: [LISTED_WITH_DIGESTS] }),
  respondsWith(200, "those with a name", {
    versions: SINCE_1_18,
    query: "filter=hello-world",
    check: expectOnlyListed("hello-world:latest"),
  }),
  respondsWith(200, "those with a label", {
    versions: SINCE_1_18,
    setup: NAMES,
    query: `filters=${encodeURIComponent('{"label":["tier=front"]}')}`,
    check: expectOnlyListed("shop:latest"),
  }),
  respondsWith(200, "those without a name", {
    versions: SINCE_1_18,
    query: `filters=${encodeURIComponent('{"dangling":["true"]}')}`,
    check: expectOnlyListed(),
  }),
);

const inspect = endpointRow(
  "GET /images/{name}/json",
  "Inspect an image",
  respondsWith(200, "the whole object", { versions: OLD, pathValue: "busybox", shape: INSPECTED_OF_OLD }),
  respondsWith(200, "the whole object", {
    versions: UP_TO_1_19,
    pathValue: "busybox",
    shape: INSPECTED_1_18,
    misfits: ["ContainerConfig.Dns: missing", "ContainerConfig.VolumesFrom: missing"],
    realDifference: "settings of a host are told no more",
  }),
  respondsWith(200, "the whole object", {
    versions: ["1.21"],
    pathValue: "busybox",
    shape: INSPECTED_1_21,
    misfits: ["Config", "ContainerConfig"].flatMap((member) => [
      `${member}.ExposedPorts: missing`,
      `${member}.MacAddress: missing`,
      `${member}.NetworkDisabled: missing`,
      `${member}.PublishService: missing`,
    ]),
    realDifference: "settings that nobody made are not told",
  }),
  NO_IMAGE,
  respondsWith(500, "the name is invalid", { versions: OLD, pathValue: "Reef", matches: "invalid reference format" }),
  respondsByFault(500, "busybox", { versions: SINCE_1_18, realDifference: "a name that is none is told with 400" }),
);

const history = endpointRow(
  "GET /images/{name}/history",
  "Get the history of an image",
  respondsWith(200, "the image's steps", {
    versions: ["1.9", "1.18", "1.19"],
    pathValue: "busybox",
    shape: [STEP_OF_OLD],
  }),
  respondsWith(200, "the image's steps with sizes and names", {
    versions: ["1.21"],
    pathValue: "busybox",
    shape: [STEP_1_21],
  }),
  NO_IMAGE,
  respondsWith(500, "the name is invalid", { versions: OLD, pathValue: "Reef", matches: "invalid reference format" }),
  respondsByFault(500, "busybox", { versions: SINCE_1_18, realDifference: "a name that is none is told with 400" }),
);

const tag = endpointRow(
  "POST /images/{name}/tag",
  "Tag an image into a repository",
  respondsWith(201, "the object has another name", {
    pathValue: "busybox",
    query: "repo=reef",
    contentType: undefined,
    check: isNamed("reef:latest"),
  }),
  respondsWith(201, "the image has another name, with a tag", {
    versions: SINCE_1_18,
    pathValue: "busybox",
    query: "repo=reef&tag=v42",
    contentType: undefined,
    check: isNamed("reef:v42"),
  }),
  respondsWith(201, "the name moves from another image", {
    pathValue: "busybox",
    query: "repo=hello-world&force=1",
    contentType: undefined,
    check: isNamed("hello-world:latest"),
  }),
  respondsWith(400, "the name is invalid", {
    versions: OLD,
    pathValue: "busybox",
    query: "repo=Reef",
    matches: "invalid reference format",
  }),
  respondsByFault(400, "busybox", {
    versions: SINCE_1_18,
    query: "repo=reef",
    realDifference: "a name that is none is told with 500",
  }),
  respondsNotFound("image", "No such image: nosuch", { query: "repo=reef" }),
  respondsWith(409, "another image has the name", {
    versions: OLD,
    pathValue: "busybox",
    query: "repo=hello-world&force=0",
    matches: "already set to image",
  }),
  respondsByFault(409, "busybox", {
    versions: SINCE_1_18,
    query: "repo=hello-world&force=0",
    realDifference: "a name goes over to whom it is given last",
  }),
  respondsByFault(500, "busybox", { versions: OLD, query: "repo=reef" }),
  respondsWith(500, "the name is invalid", {
    versions: SINCE_1_18,
    pathValue: "busybox",
    query: "repo=Reef",
    matches: "invalid reference format",
  }),
);

const remove = endpointRow(
  "DELETE /images/{name}",
  "Remove an image",
  respondsWith(200, "what was removed", {
    versions: OLD,
    pathValue: "hello-world",
    shape: "list",
    check: isRemoved(/^[0-9a-f]{12,64}$/),
  }),
  respondsWith(200, "what was removed", {
    versions: SINCE_1_18,
    pathValue: "hello-world",
    shape: "list",
    check: isRemoved(/^hello-world:latest$/),
  }),
  respondsWith(200, "the image in use loses its name", {
    versions: SINCE_1_18,
    pathValue: "shop",
    setup: { containers: [{ name: "till", image: "shop", state: "exited" }] },
    query: "force=1",
    check: ({ json }) => expect(json[0]).toEqual({ Untagged: "shop:latest" }),
  }),
  respondsWith(200, "its parents stay", {
    versions: SINCE_1_18,
    pathValue: "hello-world",
    query: "noprune=1",
    shape: "list",
  }),
  NO_IMAGE,
  respondsWith(409, "a container runs from it", {
    pathValue: "busybox",
    matches: "unable to remove repository reference",
  }),
  respondsWith(500, "the name is invalid", { versions: OLD, pathValue: "Reef", matches: "invalid reference format" }),
  respondsByFault(500, "hello-world", { versions: SINCE_1_18, realDifference: "a name that is none is told with 400" }),
);

const search = endpointRow(
  "GET /images/search",
  "Search images",
  respondsWith(200, "what the registry finds", {
    versions: OLD,
    query: "term=redis",
    shape: [{ description: "text", is_official: "flag", is_trusted: "flag", name: "text", star_count: "number" }],
  }),
  respondsWith(200, "what the registry finds", {
    versions: SINCE_1_18,
    query: "term=redis",
    shape: [{ description: "text", is_official: "flag", is_automated: "flag", name: "text", star_count: "number" }],
  }),
  respondsWith(500, "the limit is not a number", { query: "term=redis&limit=x", matches: "invalid syntax" }),
);

export const imagesNames: readonly EndpointRow[] = [list, inspect, history, tag, remove, search];

type Holds = (answer: TestResponse, docker: MockedDaemon) => void;

function listNames({ json }: TestResponse): string[] {
  return json.flatMap(({ RepoTags }: { RepoTags: string[] | null }) => RepoTags ?? []);
}

function expectListed(...names: readonly string[]): Holds {
  return (answer) => expect(listNames(answer)).toEqual(expect.arrayContaining([...names]));
}

function expectOnlyListed(...names: readonly string[]): Holds {
  return (answer) => expect(listNames(answer)).toEqual(names);
}

/** Before content had addresses, an id was 64 digits. */
function hasBareIds({ json }: TestResponse): void {
  expect(json.map(({ Id }: { Id: string }) => Id)).toEqual(json.map(() => expect.stringMatching(/^[0-9a-f]{64}$/)));
}

function isNamed(name: string): Holds {
  return (_, { engine }) => expect(engine.images.find(name).id).toBe(engine.images.find("busybox").id);
}

/** One name, and then whatever it was made of. */
function isRemoved(untagged: RegExp): Holds {
  return ({ json }, { engine }) => {
    const [first, ...others] = json;
    expect(first).toEqual({ Untagged: expect.stringMatching(untagged) });
    expect(others.length).toBeGreaterThan(0);
    expect(others).toEqual(others.map(() => ({ Deleted: expect.stringMatching(/^(sha256:)?[0-9a-f]{12,64}$/) })));
    expect(engine.images.lookUp("hello-world")).toBeUndefined();
  };
}
