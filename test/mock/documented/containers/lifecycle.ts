/** What is done to containers. */
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
} from "../endpoint-row.ts";

const NO_CONTAINER: StatusCase = respondsNotFound("container", /No such container: nosuch/);
const JSON_THAT_BREAKS_OFF = { headers: ["Content-Type: application/json"], body: Buffer.from('{"Image":') };

const create = endpointRow(
  "POST /containers/create",
  "Create a container",
  respondsWith(201, "the container exists", {
    body: { Image: "busybox", Cmd: ["date"], Volumes: { "/tmp": {} }, ExposedPorts: { "22/tcp": {} } },
    shape: { Id: "text", Warnings: "list" },
  }),
  respondsWith(201, "the container has the requested name", {
    query: "name=other",
    body: { Image: "busybox", Cmd: ["date"] },
    check: (_, { engine }) => expect(engine.containers.find("other").state.status).toBe("created"),
  }),
  respondsWith(201, "the container has host settings", {
    versions: SINCE_1_18,
    query: "name=other",
    body: {
      Image: "busybox",
      Cmd: ["date"],
      Labels: { tier: "back" },
      HostConfig: { Binds: ["/tmp:/tmp"], CpuShares: 512, PortBindings: { "22/tcp": [{ HostPort: "11022" }] } },
    },
    check: (_, { engine }) => {
      const { config, hostConfig } = engine.containers.find("other");
      expect([config.Labels, hostConfig.Binds, hostConfig.CpuShares]).toEqual([{ tier: "back" }, ["/tmp:/tmp"], 512]);
    },
  }),
  respondsWith(400, "the configuration is empty", { body: { Image: "" }, matches: "No command specified" }),
  respondsWith(404, "there is no such image", {
    body: { Image: "nosuch", Cmd: ["date"] },
    matches: "No such image: nosuch",
  }),
  respondsByFault(406, undefined, { body: { Image: "busybox", Cmd: ["date"] } }),
  respondsWith(409, "the name is taken", {
    query: "name=web",
    body: { Image: "busybox", Cmd: ["date"] },
    matches: 'The container name "/web" is already in use',
  }),
  respondsWith(500, "the JSON breaks off", { ...JSON_THAT_BREAKS_OFF, matches: "unexpected EOF" }),
);

const SETTINGS: Partial<StatusCase> = {
  body: { Binds: ["/tmp:/tmp"], PortBindings: { "22/tcp": [{ HostPort: "11022" }] } },
  check: (_, { engine }) => expect(engine.containers.find("fresh").hostConfig.Binds).toEqual(["/tmp:/tmp"]),
};

const start = endpointRow(
  "POST /containers/{id}/start",
  "Start a container",
  respondsWith(204, "the container has run", {
    versions: OLD,
    pathValue: "fresh",
    contentType: "text/plain",
    check: expectEnded("fresh", 0),
  }),
  respondsWith(204, "the container has run", {
    versions: SINCE_1_18,
    pathValue: "fresh",
    check: expectEnded("fresh", 0),
  }),
  respondsWith(204, "the container has run with host settings", {
    versions: OLD,
    pathValue: "fresh",
    contentType: "text/plain",
    ...SETTINGS,
  }),
  respondsWith(204, "the container has run with host settings", {
    versions: SINCE_1_18,
    pathValue: "fresh",
    ...SETTINGS,
  }),
  respondsWith(304, "the container runs already", { pathValue: "web" }),
  NO_CONTAINER,
  respondsWith(500, "another container has the port", {
    pathValue: "late",
    setup: {
      containers: [{ name: "late", image: "busybox", state: "created", command: ["true"], ports: ["8080:80"] }],
    },
    matches: "port is already allocated",
  }),
);

const stop = endpointRow(
  "POST /containers/{id}/stop",
  "Stop a container",
  respondsWith(204, "the container has stopped", {
    pathValue: "web",
    query: "t=5",
    check: expectStatus("web", "exited"),
  }),
  respondsWith(304, "the container does not run", { pathValue: "job" }),
  NO_CONTAINER,
  respondsWith(500, "the time is not a number", { pathValue: "web", query: "t=x", matches: "invalid syntax" }),
);

const restart = endpointRow(
  "POST /containers/{id}/restart",
  "Restart a container",
  respondsWith(204, "the container starts", { pathValue: "web", query: "t=5", check: expectStatus("web", "running") }),
  respondsWith(204, "the container runs again", { pathValue: "job", check: expectStatus("job", "running") }),
  NO_CONTAINER,
  respondsWith(500, "the time is not a number", { pathValue: "web", query: "t=x", matches: "invalid syntax" }),
);

const kill = endpointRow(
  "POST /containers/{id}/kill",
  "Kill a container",
  respondsWith(204, "the container is killed", { pathValue: "web", check: expectEnded("web", 137) }),
  respondsWith(204, "the signal has a name", {
    pathValue: "web",
    query: "signal=SIGTERM",
    check: expectEnded("web", 0),
  }),
  respondsWith(204, "the signal has a number", {
    pathValue: "web",
    query: "signal=15",
    check: expectEnded("web", 0),
  }),
  NO_CONTAINER,
  respondsWith(500, "there is no such signal", {
    versions: OLD,
    pathValue: "web",
    query: "signal=XX",
    matches: "Invalid signal: XX",
  }),
  respondsByFault(500, "web", { versions: SINCE_1_18, realDifference: "a signal that is none is told with 400" }),
);

const rename = endpointRow(
  "POST /containers/{id}/rename",
  "Rename a container",
  respondsWith(204, "the object has another name", {
    pathValue: "web",
    query: "name=shop",
    check: expectStatus("shop", "running"),
  }),
  respondsNotFound("container", "No such container: nosuch", { query: "name=shop" }),
  respondsWith(409, "the name is taken", {
    pathValue: "web",
    query: "name=job",
    matches: 'The container name "/job" is already in use',
  }),
  respondsByFault(500, "web", { query: "name=shop", realDifference: "a name that is none is told with 400" }),
);

const pause = endpointRow(
  "POST /containers/{id}/pause",
  "Pause a container",
  respondsWith(204, "the container is paused", { pathValue: "web", check: expectStatus("web", "paused") }),
  NO_CONTAINER,
  respondsByFault(500, "web", { realDifference: "what cannot be paused is told with 409" }),
);

const unpause = endpointRow(
  "POST /containers/{id}/unpause",
  "Unpause a container",
  respondsWith(204, "the container goes on", {
    pathValue: "web",
    first: ["POST /containers/web/pause"],
    check: expectStatus("web", "running"),
  }),
  NO_CONTAINER,
  respondsWith(500, "the container is not paused", { pathValue: "web", matches: "is not paused" }),
);

const wait = endpointRow(
  "POST /containers/{id}/wait",
  "Wait a container",
  respondsWith(200, "its exit code", {
    pathValue: "job",
    shape: { StatusCode: "number" },
    check: ({ json }) => expect(json.StatusCode).toBe(3),
  }),
  NO_CONTAINER,
  respondsByFault(500, "job"),
);

const remove = endpointRow(
  "DELETE /containers/{id}",
  "Remove a container",
  respondsWith(204, "the object is removed", { pathValue: "job", check: isGone("job") }),
  respondsWith(204, "its volumes are removed, too", {
    pathValue: "other",
    query: "v=1",
    first: [
      {
        asks: "POST /containers/create?name=other",
        body: { Image: "busybox", Cmd: ["date"], Volumes: { "/tmp": {} } },
      },
    ],
    check: (answer, docker) => {
      isGone("other")(answer, docker);
      expect([...docker.engine.volumes].map(({ name }) => name)).toEqual(["data", "pages"]);
    },
  }),
  respondsWith(204, "the container is killed and removed", {
    versions: SINCE_1_18,
    pathValue: "web",
    query: "force=1",
    check: isGone("web"),
  }),
  respondsWith(400, "a flag is neither true nor false", {
    versions: OLD,
    pathValue: "job",
    query: "v=maybe",
    matches: "Bad parameter",
  }),
  respondsByFault(400, "job", { versions: SINCE_1_18, realDifference: "every word but a few means yes" }),
  NO_CONTAINER,
  respondsWith(409, "the container runs", { pathValue: "web", matches: "You cannot remove a running container" }),
  respondsWith(500, "the container runs", {
    versions: OLD,
    pathValue: "web",
    matches: "You cannot remove a running container",
  }),
  respondsWith(500, "its name is not a link", {
    versions: SINCE_1_18,
    pathValue: "job",
    query: "link=1",
    matches: "cannot remove the default link name",
  }),
);

export const containersLifecycle: readonly EndpointRow[] = [
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

type Holds = (answer: TestResponse, docker: MockedDaemon) => void;

function expectStatus(name: string, status: string): Holds {
  return (_, { engine }) => expect(engine.containers.find(name).state.status).toBe(status);
}

function expectEnded(name: string, exitCode: number): Holds {
  return (_, { engine }) => expect(engine.containers.find(name).state).toMatchObject({ status: "exited", exitCode });
}

function isGone(name: string): Holds {
  return (_, { engine }) => expect(engine.containers.getByName(name)).toBeUndefined();
}
