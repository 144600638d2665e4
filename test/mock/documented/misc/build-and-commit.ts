/** Images that are built, and those that containers become. */
import { expect } from "vitest";
import { RAW_STREAM } from "../../../playbook/http.ts";
import type { MockedDaemon, TestResponse } from "../../../playbook/mocked.ts";
import { packTar } from "../../../playbook/tarred.ts";
import {
  type EndpointRow,
  endpointRow,
  OLD,
  respondsWith,
  SINCE_1_18,
  SINCE_1_19,
  type StatusCase,
} from "../endpoint-row.ts";

const CONTEXT = packTar({
  Dockerfile: "FROM busybox\nARG WHO=nobody\nRUN echo $WHO > /who\n",
  "other/Dockerfile": "FROM busybox\nLABEL tier=back\n",
});
const BUILT = { body: CONTEXT, matches: /"stream":"Step 1.*Successfully built/s } satisfies Partial<StatusCase>;

const build = endpointRow(
  "POST /build",
  "Build image from a Dockerfile",
  respondsWith(200, "step by step", { query: "t=reef:1", ...BUILT, check: isThere("reef:1") }),
  respondsWith(200, "only the id, with `q`", {
    query: "q=1",
    body: CONTEXT,
    check: ({ text }) => expect(text.trim().split("\n")).toHaveLength(1),
  }),
  respondsWith(200, "without a cache, and without the containers of its steps", {
    query: "nocache=1&rm=1",
    ...BUILT,
    check: (_, { engine }) => expect(engine.containers.size).toBe(3),
  }),
  respondsWith(200, "from another file", {
    versions: SINCE_1_18,
    query: "dockerfile=other/Dockerfile&forcerm=1",
    body: CONTEXT,
    matches: "LABEL tier=back",
  }),
  respondsWith(200, "from an image that is pulled before", { versions: SINCE_1_18, query: "pull=1", ...BUILT }),
  respondsWith(200, "from a web page", {
    versions: SINCE_1_18,
    query: "remote=http://tide.example/Dockerfile",
    engine: { pages: { "http://tide.example/Dockerfile": "FROM busybox\nLABEL tier=page\n" } },
    matches: "LABEL tier=page",
  }),
  respondsWith(200, "within limits", {
    versions: SINCE_1_18,
    query: "memory=67108864&memswap=-1&cpushares=2&cpusetcpus=0",
    ...BUILT,
  }),
  respondsWith(200, "within more limits", { versions: SINCE_1_19, query: "cpuperiod=100000&cpuquota=50000", ...BUILT }),
  respondsWith(200, "with arguments", {
    versions: ["1.21"],
    query: `t=reef:1&buildargs=${encodeURIComponent('{"WHO":"tide"}')}`,
    ...BUILT,
    check: async (_, docker) => {
      const id = await docker.runs("cat /who", { Image: "reef:1" });
      expect(await docker.readsLogs(id)).toBe("tide\n");
    },
  }),
  respondsWith(500, "there is no Dockerfile", { body: packTar({ page: "hello\n" }), matches: "Dockerfile" }),
);

const COMMITTED: Partial<StatusCase> = {
  query: "container=web&repo=reef&tag=1&author=tide",
  body: { Cmd: ["date"] },
  matches: /^\{"Id":"[0-9a-f:sh]+/,
  check: (answer, docker) => {
    isThere("reef:1")(answer, docker);
    const { configuration } = docker.engine.images.find("reef:1");
    expect([configuration.author, configuration.config?.Cmd]).toEqual(["tide", ["date"]]);
  },
};

const commit = endpointRow(
  "POST /commit",
  "Create a new image from a container's changes",
  respondsWith(201, "the commit is an image", { versions: OLD, contentType: RAW_STREAM, ...COMMITTED }),
  respondsWith(201, "the commit is an image", { versions: SINCE_1_18, ...COMMITTED, shape: { Id: "text" } }),
  respondsWith(201, "the commit is an image with a comment", {
    versions: OLD,
    query: "container=web&repo=reef&m=why",
    contentType: RAW_STREAM,
    check: (_, { engine }) => expect(engine.images.find("reef").configuration.comment).toBe("why"),
  }),
  respondsWith(201, "the commit is an image with a comment", {
    versions: SINCE_1_18,
    query: "container=web&repo=reef&comment=why",
    check: (_, { engine }) => expect(engine.images.find("reef").configuration.comment).toBe("why"),
  }),
  respondsWith(201, "the commit is an image with changes, without a pause", {
    versions: ["1.21"],
    query: "container=web&repo=reef&pause=0&changes=ENV%20A=1",
    check: (_, { engine }) => expect(engine.images.find("reef").configuration.config?.Env).toContain("A=1"),
  }),
  respondsWith(404, "there is no such container", { query: "container=nosuch", matches: "No such container: nosuch" }),
  respondsWith(500, "the name is invalid", { query: "container=web&repo=Reef", matches: "invalid reference format" }),
);

export const miscBuildAndCommit: readonly EndpointRow[] = [build, commit];

function isThere(name: string): (answer: TestResponse, docker: MockedDaemon) => void {
  return (_, { engine }) => expect(engine.images.lookUp(name)?.tags).toContain(name);
}
