/** What is done to containers. */
import { expect } from "vitest";
import type { Heard, Mocked } from "../../../playbook/mocked.ts";
import { answers, type Case, noSuch, OLD, type Row, row, SINCE_1_18, struck } from "../row.ts";

const NO_CONTAINER: Case = noSuch("container", /No such container: nosuch/);
const JSON_THAT_BREAKS_OFF = { headers: ["Content-Type: application/json"], body: Buffer.from('{"Image":') };

const create = row(
  "POST /containers/create",
  "Create a container",
  answers(201, "it was made", {
    body: { Image: "busybox", Cmd: ["date"], Volumes: { "/tmp": {} }, ExposedPorts: { "22/tcp": {} } },
    shape: { Id: "text", Warnings: "list" },
  }),
  answers(201, "it was made under the name that was wished", {
    query: "name=other",
    body: { Image: "busybox", Cmd: ["date"] },
    holds: (_, { engine }) => expect(engine.containers.find("other").state.status).toBe("created"),
  }),
  answers(201, "it was made with settings of its host", {
    at: SINCE_1_18,
    query: "name=other",
    body: {
      Image: "busybox",
      Cmd: ["date"],
      Labels: { tier: "back" },
      HostConfig: { Binds: ["/tmp:/tmp"], CpuShares: 512, PortBindings: { "22/tcp": [{ HostPort: "11022" }] } },
    },
    holds: (_, { engine }) => {
      const { config, hostConfig } = engine.containers.find("other");
      expect([config.Labels, hostConfig.Binds, hostConfig.CpuShares]).toEqual([{ tier: "back" }, ["/tmp:/tmp"], 512]);
    },
  }),
  answers(400, "there is nothing to run", { body: { Image: "" }, says: "No command specified" }),
  answers(404, "there is no such image", {
    body: { Image: "nosuch", Cmd: ["date"] },
    says: "No such image: nosuch",
  }),
  struck(406, undefined, { body: { Image: "busybox", Cmd: ["date"] } }),
  answers(409, "the name is taken", {
    query: "name=web",
    body: { Image: "busybox", Cmd: ["date"] },
    says: 'The container name "/web" is already in use',
  }),
  answers(500, "its JSON breaks off", { ...JSON_THAT_BREAKS_OFF, says: "unexpected EOF" }),
);

const SETTINGS: Partial<Case> = {
  body: { Binds: ["/tmp:/tmp"], PortBindings: { "22/tcp": [{ HostPort: "11022" }] } },
  holds: (_, { engine }) => expect(engine.containers.find("fresh").hostConfig.Binds).toEqual(["/tmp:/tmp"]),
};

const start = row(
  "POST /containers/{id}/start",
  "Start a container",
  answers(204, "it has run", { at: OLD, of: "fresh", type: "text/plain", holds: ended("fresh", 0) }),
  answers(204, "it has run", { at: SINCE_1_18, of: "fresh", holds: ended("fresh", 0) }),
  answers(204, "it has run with settings of its host", { at: OLD, of: "fresh", type: "text/plain", ...SETTINGS }),
  answers(204, "it has run with settings of its host", { at: SINCE_1_18, of: "fresh", ...SETTINGS }),
  answers(304, "it runs already", { of: "web" }),
  NO_CONTAINER,
  answers(500, "its port is somebody else's", {
    of: "late",
    given: {
      containers: [{ name: "late", image: "busybox", state: "created", command: ["true"], ports: ["8080:80"] }],
    },
    says: "port is already allocated",
  }),
);

const stop = row(
  "POST /containers/{id}/stop",
  "Stop a container",
  answers(204, "it has stopped", { of: "web", query: "t=5", holds: was("web", "exited") }),
  answers(304, "it does not run", { of: "job" }),
  NO_CONTAINER,
  answers(500, "the time is no number", { of: "web", query: "t=x", says: "invalid syntax" }),
);

const restart = row(
  "POST /containers/{id}/restart",
  "Restart a container",
  answers(204, "it runs anew", { of: "web", query: "t=5", holds: was("web", "running") }),
  answers(204, "it runs again", { of: "job", holds: was("job", "running") }),
  NO_CONTAINER,
  answers(500, "the time is no number", { of: "web", query: "t=x", says: "invalid syntax" }),
);

const kill = row(
  "POST /containers/{id}/kill",
  "Kill a container",
  answers(204, "it was killed", { of: "web", holds: ended("web", 137) }),
  answers(204, "it heard a signal by its name", { of: "web", query: "signal=SIGTERM", holds: ended("web", 0) }),
  answers(204, "it heard a signal by its number", { of: "web", query: "signal=15", holds: ended("web", 0) }),
  NO_CONTAINER,
  answers(500, "there is no such signal", { at: OLD, of: "web", query: "signal=XX", says: "Invalid signal: XX" }),
  struck(500, "web", { at: SINCE_1_18, otherwise: "a signal that is none is told with 400" }),
);

const rename = row(
  "POST /containers/{id}/rename",
  "Rename a container",
  answers(204, "it has another name", { of: "web", query: "name=shop", holds: was("shop", "running") }),
  noSuch("container", "No such container: nosuch", { query: "name=shop" }),
  answers(409, "the name is taken", {
    of: "web",
    query: "name=job",
    says: 'The container name "/job" is already in use',
  }),
  struck(500, "web", { query: "name=shop", otherwise: "a name that is none is told with 400" }),
);

const pause = row(
  "POST /containers/{id}/pause",
  "Pause a container",
  answers(204, "it stands still", { of: "web", holds: was("web", "paused") }),
  NO_CONTAINER,
  struck(500, "web", { otherwise: "what cannot be paused is told with 409" }),
);

const unpause = row(
  "POST /containers/{id}/unpause",
  "Unpause a container",
  answers(204, "it goes on", { of: "web", first: ["POST /containers/web/pause"], holds: was("web", "running") }),
  NO_CONTAINER,
  answers(500, "it does not stand still", { of: "web", says: "is not paused" }),
);

const wait = row(
  "POST /containers/{id}/wait",
  "Wait a container",
  answers(200, "with what it ended", {
    of: "job",
    shape: { StatusCode: "number" },
    holds: ({ json }) => expect(json.StatusCode).toBe(3),
  }),
  NO_CONTAINER,
  struck(500, "job"),
);

const remove = row(
  "DELETE /containers/{id}",
  "Remove a container",
  answers(204, "it is gone", { of: "job", holds: isGone("job") }),
  answers(204, "its volumes are gone, too", {
    of: "other",
    query: "v=1",
    first: [
      {
        asks: "POST /containers/create?name=other",
        body: { Image: "busybox", Cmd: ["date"], Volumes: { "/tmp": {} } },
      },
    ],
    holds: (answer, docker) => {
      isGone("other")(answer, docker);
      expect([...docker.engine.volumes].map(({ name }) => name)).toEqual(["data", "pages"]);
    },
  }),
  answers(204, "it was killed, and is gone", { at: SINCE_1_18, of: "web", query: "force=1", holds: isGone("web") }),
  answers(400, "a word is neither true nor false", { at: OLD, of: "job", query: "v=maybe", says: "Bad parameter" }),
  struck(400, "job", { at: SINCE_1_18, otherwise: "every word but a few means yes" }),
  NO_CONTAINER,
  answers(409, "it runs", { of: "web", says: "You cannot remove a running container" }),
  answers(500, "it runs", { at: OLD, of: "web", says: "You cannot remove a running container" }),
  answers(500, "its only name is no link", {
    at: SINCE_1_18,
    of: "job",
    query: "link=1",
    says: "cannot remove the default link name",
  }),
);

export const containersDone: readonly Row[] = [
  create,
  start,
  stop,
  restart,
  kill,
  rename,
  pause,
  unpause,
  wait,
  remove,
];

type Holds = (answer: Heard, docker: Mocked) => void;

function was(name: string, status: string): Holds {
  return (_, { engine }) => expect(engine.containers.find(name).state.status).toBe(status);
}

function ended(name: string, exitCode: number): Holds {
  return (_, { engine }) => expect(engine.containers.find(name).state).toMatchObject({ status: "exited", exitCode });
}

function isGone(name: string): Holds {
  return (_, { engine }) => expect(engine.containers.named(name)).toBeUndefined();
}
