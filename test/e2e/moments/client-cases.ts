/**
 * One recording of several clients, each with allowances of its own. Their requests are equal by what one of them sets
 * aside, and each has to get the answer to its own, in whatever order they come.
 */
import type { MomentCase } from "./moment-case.ts";
import { type CliRelease, runCli } from "./run-cli.ts";
import type { Answer, SlowDocker } from "./slow-docker.ts";

const CLI = "Docker-Client/28.5.2 (linux)";
const COMPOSE = "compose/v2.40.3";
const PYTHON = "docker-sdk-python/7.1.0";
const UNKNOWN = "python-requests/2.31.0";
const CHECKOUT = "com.docker.compose.project.working_dir";
const LIBRARY = "org.testcontainers.version";

/** A client that only shows itself, so that the recording knows it. */
const greet = (docker: SlowDocker, agent: string): Promise<Answer> => docker.as(agent).get("/_ping");

function cliCase(
  does: string,
  side: (run: (...words: readonly string[]) => Promise<string>) => Promise<unknown>,
): MomentCase {
  return {
    kind: "clients",
    does: `CLI 20.10 and CLI 28.5 ${does}`,
    see: (docker) =>
      docker.inAnyOrder(
        ...(["20.10", "28.5"] as const).map((release: CliRelease) => () => {
          return side((...words) => runCli(docker.as(release), release, ...words));
        }),
      ),
  };
}

/** Two clients of one name make containers that another client of the recording would take for equal. */
function containerCase(does: string, agent: string, other: string, bodies: readonly object[]): MomentCase {
  return {
    kind: "clients",
    does,
    see: async (docker) => {
      await greet(docker, other);
      const side = async (body: object, at: number): Promise<unknown> => {
        const client = agent === "" ? docker : docker.as(`${agent} (side ${at})`);
        const { json } = await client.post("/containers/create", { Image: "busybox", Cmd: ["true"], ...body });
        const seen = (await client.get(`/containers/${json.Id}/json`)).json;
        await client.delete(`/containers/${json.Id}`);
        return [seen.Config.Labels, seen.HostConfig.ConsoleSize];
      };
      return docker.inAnyOrder(...bodies.map((body, at) => () => side(body, at)));
    },
  };
}

const labelled = (label: string, ...values: readonly string[]): readonly object[] =>
  values.map((value) => ({ Labels: { [label]: value } }));

interface DetectedRequests {
  /** Members of the container. */
  readonly made?: object;
  /** What is posted to start it. */
  readonly started?: object;
}

function detectedCase(
  does: string,
  presets: readonly string[],
  agents: readonly string[],
  { made = {}, started }: DetectedRequests = {},
): MomentCase {
  return {
    kind: "clients",
    does: `a recording is for ${does}`,
    presets,
    see: async (docker) => {
      for (const agent of agents) await greet(docker, agent);
      const last = agents.at(-1);
      const client = last === undefined ? docker : docker.as(last);
      const { json } = await client.post("/containers/create", { Image: "busybox", Cmd: ["true"], ...made });
      const { status } = await client.post(`/containers/${json.Id}/start`, started);
      await client.post(`/containers/${json.Id}/wait`);
      await client.delete(`/containers/${json.Id}`);
      return status;
    },
  };
}

export const CLIENT_CASES: readonly MomentCase[] = [
  cliCase("create containers, and look at them", async (run) => {
    const id = await run("create", "busybox", "true");
    const seen = await run("inspect", "--format", "{{json .HostConfig}}", id);
    await run("rm", id);
    const { Ulimits, BlkioDeviceReadBps, KernelMemory } = JSON.parse(seen);
    return { Ulimits, BlkioDeviceReadBps, KernelMemory };
  }),
  cliCase("create volumes without names, and look at them", async (run) => {
    const name = await run("volume", "create");
    const options = await run("volume", "inspect", "--format", "{{json .Options}}", name);
    await run("volume", "rm", name);
    return options;
  }),
  containerCase(
    "docker-py labels containers for two folders, beside compose",
    PYTHON,
    COMPOSE,
    labelled(CHECKOUT, "/srv/reef", "/srv/shore"),
  ),
  containerCase(
    "docker-py labels containers for two releases of a library, beside compose",
    PYTHON,
    COMPOSE,
    labelled(LIBRARY, "11.0.0", "11.1.0"),
  ),
  containerCase(
    "a client without a name labels containers for three folders, beside compose",
    "",
    COMPOSE,
    labelled(CHECKOUT, "/srv/reef", "/srv/shore", "/srv/tide"),
  ),
  containerCase("an unknown client gives terminals two sizes, beside the CLI", UNKNOWN, CLI, [
    { Tty: true, HostConfig: { ConsoleSize: [24, 80] } },
    { Tty: true, HostConfig: { ConsoleSize: [50, 132] } },
  ]),
  {
    kind: "clients",
    does: "an unknown client asks for lines of two moments, beside the CLI",
    see: async (docker) => {
      await greet(docker, CLI);
      const { json } = await docker.post("/containers/create", { Image: "busybox", Cmd: ["echo", "reef"] });
      const path = `/containers/${json.Id}`;
      await docker.post(`${path}/start`);
      await docker.post(`${path}/wait`);
      const side = async (since: number): Promise<boolean> => {
        const { text } = await docker.as(UNKNOWN).get(`${path}/logs?stdout=1&since=${since}`);
        return text.includes("reef");
      };
      const seen = await docker.inAnyOrder(
        () => side(1),
        () => side(4_000_000_000),
      );
      await docker.delete(path);
      return seen;
    },
  },
  detectedCase("the CLI, though an unknown client posts empty objects", ["docker-cli"], [CLI, UNKNOWN], {
    started: {},
  }),
  detectedCase("dockerode, which has no name and posts them", ["dockerode"], [], { started: {} }),
  detectedCase("several clients", ["docker-py", "compose"], [PYTHON, COMPOSE]),
  detectedCase("compose by its labels", ["compose"], [UNKNOWN], {
    made: { Labels: { "com.docker.compose.project": "shop" } },
  }),
];
