import { expect, expectTypeOf, test } from "vitest";
import { wrapStateErrors } from "../../../src/mock/daemon/control.ts";
import { readState } from "../../../src/mock/daemon/fixtures/read-state.ts";
import type { ContainerLiteral, StateLiteral } from "../../../src/mock/daemon/fixtures/state-literal.ts";
import { parseYamlDocument } from "../../../src/yaml/place.ts";
import { decodeFrames } from "../../playbook/mocked.ts";
import { waitForQuiet } from "../../playbook/quiet.ts";
import { SimulatedDaemon } from "../../playbook/simulated.ts";

function read(text: string): StateLiteral {
  return wrapStateErrors(() => readState(parseYamlDocument({ file: "state.yaml", text, firstLine: 1 }, "state")));
}

test("a container needs a name and an image, and runs", async () => {
  const mocked = new SimulatedDaemon({ containers: [{ name: "web", image: "nginx:1" }] });
  const { json } = await mocked.asks("GET /v1.41/containers/json");
  expect(json).toMatchObject([{ Names: ["/web"], Image: "nginx:1", State: "running" }]);
  expect((await mocked.asks("GET /v1.41/images/nginx:1/json")).status).not.toBe(404);
});

test("a container that only waits stops at once", async () => {
  const mocked = new SimulatedDaemon({ containers: [{ name: "web", image: "nginx" }] });
  expect(await mocked.asks("POST /v1.41/containers/web/stop")).toMatchObject({ status: 204 });
  expect(mocked.simulation.containers.get("web")).toMatchObject({ status: "exited", exitCode: 0 });
});

test.each([
  ["created", { Status: "created", Running: false, Pid: 0 }],
  ["running", { Status: "running", Running: true }],
  ["paused", { Status: "paused", Paused: true, Running: true }],
  ["exited", { Status: "exited", Running: false, ExitCode: 7 }],
  ["dead", { Status: "dead", Dead: true }],
  ["removing", { Status: "removing", Dead: false, Running: false }],
  ["restarting", { Status: "restarting", Restarting: true, ExitCode: 7 }],
] as const)("a container may be %s", async (state, expected) => {
  const mocked = new SimulatedDaemon({ containers: [{ name: "web", image: "busybox", state, exitCode: 7 }] });
  const { json } = await mocked.asks("GET /v1.41/containers/web/json");
  expect(json.State).toMatchObject(expected);
});

test.each(["dead", "removing", "restarting"] as const)(
  "a container that is %s is listed by that state, and has no process",
  async (state) => {
    const mocked = new SimulatedDaemon({
      containers: [
        { name: "web", image: "busybox", state },
        { name: "up", image: "busybox" },
      ],
    });
    const filters = encodeURIComponent(JSON.stringify({ status: [state] }));
    const { json } = await mocked.asks(`GET /v1.41/containers/json?all=1&filters=${filters}`);
    expect(json).toMatchObject([{ Names: ["/web"], State: state }]);
    const { status } = await mocked.asks("POST /v1.41/containers/web/start");
    expect(status).toBe(state === "restarting" ? 204 : 409);
  },
);

test("a container in removal cannot be removed again; a dead one can", async () => {
  const mocked = new SimulatedDaemon({
    containers: [
      { name: "going", image: "busybox", state: "removing" },
      { name: "gone", image: "busybox", state: "dead" },
    ],
  });
  const refused = await mocked.asks("DELETE /v1.41/containers/going?force=1");
  expect([refused.status, refused.json.message]).toEqual([409, "removal of container going is already in progress"]);
  expect((await mocked.asks("DELETE /v1.41/containers/gone")).status).toBe(204);
});

test("a container has what the literal says", async () => {
  const web: ContainerLiteral = {
    name: "web",
    image: "busybox",
    command: ["sleep", "100"],
    env: { TZ: "UTC" },
    labels: { team: "a" },
    ports: ["127.0.0.1:8080:80", "53/udp"],
    volumes: ["data:/data:ro"],
    network: "back",
    restart: "on-failure:3",
    health: "unhealthy",
    files: { "/etc/web/a.conf": "x=1\n" },
    logs: ["ready", { stderr: "oops" }],
  };
  const mocked = new SimulatedDaemon({ networks: ["back"], volumes: ["data"], containers: [web] });
  const { json } = await mocked.asks("GET /v1.41/containers/web/json");
  expect(json).toMatchObject({
    Path: "sleep",
    Args: ["100"],
    State: { Status: "running", Health: { Status: "unhealthy" } },
    Config: { Env: expect.arrayContaining(["TZ=UTC"]), Labels: { team: "a" } },
    HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 }, NetworkMode: "back" },
    NetworkSettings: {
      Ports: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }], "53/udp": expect.any(Array) },
      Networks: { back: { IPAddress: expect.stringMatching(/^172\.18\./) } },
    },
    Mounts: [{ Name: "data", Destination: "/data", RW: false }],
  });
  const { text } = await mocked.asks("GET /v1.41/containers/web/logs?stdout=1&stderr=1");
  expect(decodeFrames(text)).toBe("ready\noops\n");
  expect(mocked.simulation.containers.get("web").readFile("/etc/web/a.conf").toString()).toBe("x=1\n");
});

test("an image is busybox with other names, files and settings, and has the same id on every day", async () => {
  const image = { name: "team/web:1", command: "cat /srv/page", env: { A: "1" }, files: { "/srv/page": "hello\n" } };
  const state: StateLiteral = { images: [image], containers: [{ name: "web", image: "team/web:1" }] };
  const [one, two] = [new SimulatedDaemon(state), new SimulatedDaemon(state)];
  const idOf = ({ simulation }: SimulatedDaemon): string => simulation.engine.images.find("team/web:1").id;
  expect(idOf(one)).toBe(idOf(two));
  const { json } = await one.asks("POST /v1.41/containers/create", { Image: "team/web:1" });
  const made = one.simulation.containers.get(json.Id);
  expect(made.record.argv).toEqual(["sh", "-c", "cat /srv/page"]);
  made.start();
  await made.until(({ state }) => state.status === "exited");
  expect(made.logs()).toBe("hello\n");
});

interface Told {
  readonly Name: string;
  readonly Internal: boolean;
  readonly IPAM: { readonly Config: readonly { readonly Subnet: string }[] };
}

test("networks get their subnet, or Docker's next one", async () => {
  const mocked = new SimulatedDaemon({ networks: ["a", { name: "b", subnet: "172.19.0.0/16", internal: true }, "c"] });
  const { json } = await mocked.asks("GET /v1.41/networks");
  const subnets = json.map(({ Name, IPAM, Internal }: Told) => [Name, IPAM.Config?.[0]?.Subnet, Internal]);
  expect(subnets).toEqual(
    expect.arrayContaining([
      ["a", "172.18.0.0/16", false],
      ["b", "172.19.0.0/16", true],
      ["c", "172.20.0.0/16", false],
    ]),
  );
});

test("behaviours are part of the literal", async () => {
  const mocked = new SimulatedDaemon({
    behaviours: [
      { image: "shop:1", does: ["open"], stays: true, signals: { TERM: 7 } },
      { command: "ask", does: ["yes"] },
    ],
    containers: [{ name: "shop", image: "shop:1" }],
  });
  await waitForQuiet();
  const shop = mocked.simulation.containers.get("shop");
  expect([shop.status, shop.logs()]).toEqual(["running", "open\n"]);
  const { json } = await mocked.asks("POST /v1.41/containers/shop/exec", { Cmd: ["ask"], AttachStdout: true });
  expect(decodeFrames((await mocked.asks(`POST /v1.41/exec/${json.Id}/start`, {})).text)).toBe("yes\n");
  await mocked.asks("POST /v1.41/containers/shop/stop");
  expect(shop.exitCode).toBe(7);
});

test("YAML, JSON and code give the same state", () => {
  const state: StateLiteral = {
    images: [
      "alpine:3",
      { name: "web", from: "busybox", entrypoint: ["/x"], ports: ["80"], user: "nobody", workdir: "/w" },
    ],
    networks: [{ name: "back", driver: "bridge", subnet: "10.1.0.0/16", internal: true, labels: { a: "1" } }],
    volumes: ["data", { name: "more", files: { "/x": "1" } }],
    behaviours: [{ command: "pg_isready", does: ["ok"], exit: 2 }],
    containers: [{ name: "web", image: "web", state: "exited", exitCode: 3, tty: true, logs: ["a", { stderr: "b" }] }],
  };
  expect(read(JSON.stringify(state))).toEqual(state);
  expect(read("containers:\n  - name: web\n    image: nginx\n    logs: [up]\n")).toEqual({
    containers: [{ name: "web", image: "nginx", logs: ["up"] }],
  });
});

test.each([
  ["containers: [{name: web}]", "state.yaml:1:14  `containers` must be a map with a `image`, got a map"],
  [
    "containers: [{name: a, image: b, stat: x}]",
    "state.yaml:1:34  unknown key `stat` in a container (did you mean `state`?)",
  ],
  [
    "containers: [{name: a, image: b, state: runing}]",
    "state.yaml:1:41  unknown `state`: `runing` (did you mean `running`?)",
  ],
  [
    "containers: [{name: a, image: b, exitCode: 300}]",
    "state.yaml:1:44  `exitCode` must be a number from 0 to 255, got `300`",
  ],
  ["behaviours: [{does: x}]", "state.yaml:1:14  a behaviour must say whose it is: `image`, `container` or `command`"],
  ["container: []", "unknown key `container` in a state (did you mean `containers`?)"],
  ["volumes: [{files: {/x: y}}]", "state.yaml:1:11  `volumes` must be a map with a `name`, got a map"],
])("%s is refused where it is wrong", (text, message) => {
  expect(() => read(text)).toThrow(message);
  expect(() => read(text)).toThrow(expect.objectContaining({ code: "WHALESONG_BAD_STATE" }));
});

test.each([
  [
    "a name that is taken",
    {
      containers: [
        { name: "web", image: "a" },
        { name: "web", image: "a" },
      ],
    },
    /^cannot make the container `web`: Conflict/,
  ],
  [
    "a port that is none",
    { containers: [{ name: "web", image: "a", ports: ["http"] }] },
    /a port must be like `8080:80`, got `http`/,
  ],
  [
    "a network that is not there",
    { containers: [{ name: "web", image: "a", network: "nowhere" }] },
    /network nowhere not found/,
  ],
  [
    "an image from none",
    { images: [{ name: "web", from: "nothing" }] },
    /^cannot make the image `web`: No such image: nothing:latest/,
  ],
  [
    "a file in a file",
    { volumes: [{ name: "vol", files: { "/a": "", "/a/b": "" } }] },
    /^cannot make the volume `vol`: \/a\/b: /,
  ],
  ["a volume that is there", { volumes: ["data", "data"] }, /volume with name data already exists/],
  ["a volume without a good name", { volumes: ["a/b"] }, /includes invalid characters for a local volume name/],
  ["a network that is there", { networks: ["back", "back"] }, /network with name back already exists/],
  ["a network of docker's own", { networks: ["host"] }, /operation is not permitted on predefined host network/],
  ["a driver that is none", { networks: [{ name: "back", driver: "pigeon" }] }, /plugin "pigeon" not found/],
  [
    "a subnet that is taken",
    { networks: [{ name: "back", subnet: "172.17.0.0/24" }] },
    /Pool overlaps with other one on this address space/,
  ],
] satisfies [string, StateLiteral, RegExp][])("%s is refused in the daemon's words", (_what, state, message) => {
  expect(() => new SimulatedDaemon(state)).toThrow(message);
});

test("the types are exact", () => {
  expectTypeOf<ContainerLiteral["state"]>().toEqualTypeOf<
    "created" | "running" | "paused" | "restarting" | "exited" | "dead" | "removing" | undefined
  >();
  // @ts-expect-error a container needs an image
  const bare: ContainerLiteral = { name: "web" };
  expect(bare).toBeDefined();
});
