/** What is told of images, and done to their names. */
import { expect } from "vitest";
import type { Heard, Mocked } from "../../../playbook/mocked.ts";
import { answers, type Case, noSuch, OLD, type Row, row, SINCE_1_18, struck, UP_TO_1_19 } from "../row.ts";
import {
  INSPECTED_1_18,
  INSPECTED_1_21,
  INSPECTED_OF_OLD,
  LISTED_OF_OLD,
  LISTED_WITH_DIGESTS,
  STEP_1_21,
  STEP_OF_OLD,
} from "./shapes.ts";

const NO_IMAGE: Case = noSuch("image", /No such image: nosuch/);
/** Three names beside busybox's own; the last is of an image of its own. */
const NAMES = {
  images: [{ name: "tide:low" }, { name: "shop", labels: { tier: "front" }, files: { "/srv": "open" } }],
};

const list = row(
  "GET /images/json",
  "List Images",
  answers(200, "all that have names", { at: OLD, shape: [LISTED_OF_OLD], holds: hasBareIds }),
  answers(200, "all that have names", { at: SINCE_1_18, shape: [LISTED_OF_OLD] }),
  answers(200, "all of them", { query: "all=1", given: NAMES, holds: lists("hello-world:latest", "busybox:latest") }),
  answers(200, "their digests, too", { at: SINCE_1_18, query: "digests=1", shape: [LISTED_WITH_DIGESTS] }),
  answers(200, "those of a name", {
    at: SINCE_1_18,
    query: "filter=hello-world",
    holds: listsOnly("hello-world:latest"),
  }),
  answers(200, "those that have a label", {
    at: SINCE_1_18,
    given: NAMES,
    query: `filters=${encodeURIComponent('{"label":["tier=front"]}')}`,
    holds: listsOnly("shop:latest"),
  }),
  answers(200, "those without a name", {
    at: SINCE_1_18,
    query: `filters=${encodeURIComponent('{"dangling":["true"]}')}`,
    holds: listsOnly(),
  }),
);

const inspect = row(
  "GET /images/{name}/json",
  "Inspect an image",
  answers(200, "all of one", { at: OLD, of: "busybox", shape: INSPECTED_OF_OLD }),
  answers(200, "all of one", {
    at: UP_TO_1_19,
    of: "busybox",
    shape: INSPECTED_1_18,
    misfits: ["ContainerConfig.Dns: missing", "ContainerConfig.VolumesFrom: missing"],
    otherwise: "settings of a host are told no more",
  }),
  answers(200, "all of one", {
    at: ["1.21"],
    of: "busybox",
    shape: INSPECTED_1_21,
    misfits: ["Config", "ContainerConfig"].flatMap((member) => [
      `${member}.ExposedPorts: missing`,
      `${member}.MacAddress: missing`,
      `${member}.NetworkDisabled: missing`,
      `${member}.PublishService: missing`,
    ]),
    otherwise: "settings that nobody made are not told",
  }),
  NO_IMAGE,
  answers(500, "the name is none", { at: OLD, of: "Reef", says: "invalid reference format" }),
  struck(500, "busybox", { at: SINCE_1_18, otherwise: "a name that is none is told with 400" }),
);

const history = row(
  "GET /images/{name}/history",
  "Get the history of an image",
  answers(200, "its steps", { at: ["1.9", "1.18", "1.19"], of: "busybox", shape: [STEP_OF_OLD] }),
  answers(200, "its steps, their sizes and names", { at: ["1.21"], of: "busybox", shape: [STEP_1_21] }),
  NO_IMAGE,
  answers(500, "the name is none", { at: OLD, of: "Reef", says: "invalid reference format" }),
  struck(500, "busybox", { at: SINCE_1_18, otherwise: "a name that is none is told with 400" }),
);

const tag = row(
  "POST /images/{name}/tag",
  "Tag an image into a repository",
  answers(201, "it has another name", {
    of: "busybox",
    query: "repo=reef",
    type: undefined,
    holds: isNamed("reef:latest"),
  }),
  answers(201, "it has another name, with a tag", {
    at: SINCE_1_18,
    of: "busybox",
    query: "repo=reef&tag=v42",
    type: undefined,
    holds: isNamed("reef:v42"),
  }),
  answers(201, "it has the name that another had", {
    of: "busybox",
    query: "repo=hello-world&force=1",
    type: undefined,
    holds: isNamed("hello-world:latest"),
  }),
  answers(400, "the name is none", { at: OLD, of: "busybox", query: "repo=Reef", says: "invalid reference format" }),
  struck(400, "busybox", { at: SINCE_1_18, query: "repo=reef", otherwise: "a name that is none is told with 500" }),
  noSuch("image", "No such image: nosuch", { query: "repo=reef" }),
  answers(409, "another has the name", {
    at: OLD,
    of: "busybox",
    query: "repo=hello-world&force=0",
    says: "already set to image",
  }),
  struck(409, "busybox", {
    at: SINCE_1_18,
    query: "repo=hello-world&force=0",
    otherwise: "a name goes over to whom it is given last",
  }),
  struck(500, "busybox", { at: OLD, query: "repo=reef" }),
  answers(500, "the name is none", {
    at: SINCE_1_18,
    of: "busybox",
    query: "repo=Reef",
    says: "invalid reference format",
  }),
);

const remove = row(
  "DELETE /images/{name}",
  "Remove an image",
  answers(200, "what became of it", {
    at: OLD,
    of: "hello-world",
    shape: "list",
    holds: isRemoved(/^[0-9a-f]{12,64}$/),
  }),
  answers(200, "what became of it", {
    at: SINCE_1_18,
    of: "hello-world",
    shape: "list",
    holds: isRemoved(/^hello-world:latest$/),
  }),
  answers(200, "it has no name any more, whoever uses it", {
    at: SINCE_1_18,
    of: "shop",
    given: { containers: [{ name: "till", image: "shop", state: "exited" }] },
    query: "force=1",
    holds: ({ json }) => expect(json[0]).toEqual({ Untagged: "shop:latest" }),
  }),
  answers(200, "and what it was made from is left alone", {
    at: SINCE_1_18,
    of: "hello-world",
    query: "noprune=1",
    shape: "list",
  }),
  NO_IMAGE,
  answers(409, "a container runs from it", { of: "busybox", says: "unable to remove repository reference" }),
  answers(500, "the name is none", { at: OLD, of: "Reef", says: "invalid reference format" }),
  struck(500, "hello-world", { at: SINCE_1_18, otherwise: "a name that is none is told with 400" }),
);

const search = row(
  "GET /images/search",
  "Search images",
  answers(200, "what the registry finds", {
    at: OLD,
    query: "term=redis",
    shape: [{ description: "text", is_official: "flag", is_trusted: "flag", name: "text", star_count: "number" }],
  }),
  answers(200, "what the registry finds", {
    at: SINCE_1_18,
    query: "term=redis",
    shape: [{ description: "text", is_official: "flag", is_automated: "flag", name: "text", star_count: "number" }],
  }),
  answers(500, "the limit is no number", { query: "term=redis&limit=x", says: "invalid syntax" }),
);

export const imagesTold: readonly Row[] = [list, inspect, history, tag, remove, search];

type Holds = (answer: Heard, docker: Mocked) => void;

function namesIn({ json }: Heard): string[] {
  return json.flatMap(({ RepoTags }: { RepoTags: string[] | null }) => RepoTags ?? []);
}

function lists(...names: readonly string[]): Holds {
  return (answer) => expect(namesIn(answer)).toEqual(expect.arrayContaining([...names]));
}

function listsOnly(...names: readonly string[]): Holds {
  return (answer) => expect(namesIn(answer)).toEqual(names);
}

/** Before content had addresses, an id was 64 digits. */
function hasBareIds({ json }: Heard): void {
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
