/** Images that are built, and those that containers become. */
import { expect } from "vitest";
import { RAW_STREAM } from "../../../playbook/http.ts";
import type { Heard, Mocked } from "../../../playbook/mocked.ts";
import { tarred } from "../../../playbook/tarred.ts";
import { answers, type Case, OLD, type Row, row, SINCE_1_18, SINCE_1_19 } from "../row.ts";

const CONTEXT = tarred({
  Dockerfile: "FROM busybox\nARG WHO=nobody\nRUN echo $WHO > /who\n",
  "other/Dockerfile": "FROM busybox\nLABEL tier=back\n",
});
const BUILT = { body: CONTEXT, says: /"stream":"Step 1.*Successfully built/s } as const;

const build = row(
  "POST /build",
  "Build image from a Dockerfile",
  answers(200, "step by step", { query: "t=reef:1", ...BUILT, holds: isThere("reef:1") }),
  answers(200, "only its id, where quiet is wanted", {
    query: "q=1",
    body: CONTEXT,
    holds: ({ text }) => expect(text.trim().split("\n")).toHaveLength(1),
  }),
  answers(200, "without a cache, and without what is left of its steps", {
    query: "nocache=1&rm=1",
    ...BUILT,
    holds: (_, { engine }) => expect(engine.containers.size).toBe(3),
  }),
  answers(200, "from another file", {
    at: SINCE_1_18,
    query: "dockerfile=other/Dockerfile&forcerm=1",
    body: CONTEXT,
    says: "LABEL tier=back",
  }),
  answers(200, "from what was pulled before", { at: SINCE_1_18, query: "pull=1", ...BUILT }),
  answers(200, "from a page", {
    at: SINCE_1_18,
    query: "remote=http://tide.example/Dockerfile",
    engine: { pages: { "http://tide.example/Dockerfile": "FROM busybox\nLABEL tier=page\n" } },
    says: "LABEL tier=page",
  }),
  answers(200, "within limits", {
    at: SINCE_1_18,
    query: "memory=67108864&memswap=-1&cpushares=2&cpusetcpus=0",
    ...BUILT,
  }),
  answers(200, "within more limits", { at: SINCE_1_19, query: "cpuperiod=100000&cpuquota=50000", ...BUILT }),
  answers(200, "with arguments", {
    at: ["1.21"],
    query: `t=reef:1&buildargs=${encodeURIComponent('{"WHO":"tide"}')}`,
    ...BUILT,
    holds: async (_, docker) => {
      const id = await docker.runs("cat /who", { Image: "reef:1" });
      expect(await docker.printed(id)).toBe("tide\n");
    },
  }),
  answers(500, "there is no Dockerfile", { body: tarred({ page: "hello\n" }), says: "Dockerfile" }),
);

const COMMITTED: Partial<Case> = {
  query: "container=web&repo=reef&tag=1&author=tide",
  body: { Cmd: ["date"] },
  says: /^\{"Id":"[0-9a-f:sh]+/,
  holds: (answer, docker) => {
    isThere("reef:1")(answer, docker);
    const { configuration } = docker.engine.images.find("reef:1");
    expect([configuration.author, configuration.config?.Cmd]).toEqual(["tide", ["date"]]);
  },
};

const commit = row(
  "POST /commit",
  "Create a new image from a container's changes",
  answers(201, "it is an image", { at: OLD, type: RAW_STREAM, ...COMMITTED }),
  answers(201, "it is an image", { at: SINCE_1_18, ...COMMITTED, shape: { Id: "text" } }),
  answers(201, "it is an image, and says why", {
    at: OLD,
    query: "container=web&repo=reef&m=why",
    type: RAW_STREAM,
    holds: (_, { engine }) => expect(engine.images.find("reef").configuration.comment).toBe("why"),
  }),
  answers(201, "it is an image, and says why", {
    at: SINCE_1_18,
    query: "container=web&repo=reef&comment=why",
    holds: (_, { engine }) => expect(engine.images.find("reef").configuration.comment).toBe("why"),
  }),
  answers(201, "it is an image, with changes, of what was not paused", {
    at: ["1.21"],
    query: "container=web&repo=reef&pause=0&changes=ENV%20A=1",
    holds: (_, { engine }) => expect(engine.images.find("reef").configuration.config?.Env).toContain("A=1"),
  }),
  answers(404, "there is no such container", { query: "container=nosuch", says: "No such container: nosuch" }),
  answers(500, "the name is none", { query: "container=web&repo=Reef", says: "invalid reference format" }),
);

export const miscMade: readonly Row[] = [build, commit];

function isThere(name: string): (answer: Heard, docker: Mocked) => void {
  return (_, { engine }) => expect(engine.images.lookUp(name)?.tags).toContain(name);
}
