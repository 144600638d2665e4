/**
 * Which moment of the recording is a client in, which of today's things is which recorded one, and when does a client
 * leave: a row for each way in which a replay could answer wrongly. A case returns what its client has seen. Replayed, it
 * must see the same, however slow it is and in whatever order its parts come.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CLIENT_CASES } from "./client-cases.ts";
import { MISS_CASES } from "./miss-cases.ts";
import type { MomentCase } from "./moment-case.ts";
import type { Answer, Heard, SlowDocker } from "./slow-docker.ts";
import { tarOf } from "./tar-of.ts";

export const IDLE = ["sh", "-c", "trap exit TERM; while :; do sleep 0.1; done"];
export const DEAF = ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"];

export interface MadeContainer {
  readonly id: string;
  readonly path: string;
}

export async function make(
  docker: SlowDocker,
  command = IDLE,
  name?: string,
  more: object = {},
): Promise<MadeContainer> {
  const query = name === undefined ? "" : `?name=${name}`;
  const { json } = await docker.post(`/containers/create${query}`, { Image: "busybox", Cmd: command, ...more });
  return { id: json.Id, path: `/containers/${json.Id}` };
}

export async function start(
  docker: SlowDocker,
  command = IDLE,
  name?: string,
  more: object = {},
): Promise<MadeContainer> {
  const made = await make(docker, command, name, more);
  await docker.post(`${made.path}/start`);
  return made;
}

export const remove = (docker: SlowDocker, { path }: MadeContainer): Promise<Answer> =>
  docker.delete(`${path}?force=1`);

async function openExec(
  docker: SlowDocker,
  path: string,
  script: string,
): Promise<readonly [id: string, heard: Heard]> {
  const { json } = await docker.post(`${path}/exec`, { AttachStdout: true, Cmd: ["sh", "-c", script] });
  return [json.Id, await docker.open("POST", `/exec/${json.Id}/start`, { Detach: false, Tty: false })];
}

async function execIn(docker: SlowDocker, path: string, script: string): Promise<string> {
  const [, heard] = await openExec(docker, path, script);
  return heard.all;
}

const readState = ({ json }: Answer): string => `${json.State.Status} ${json.State.ExitCode}`;
const context = (run: string, time: number, dockerfile: string): Buffer =>
  tarOf({ Dockerfile: dockerfile, "fish.txt": "reef\n" }, time + run.charCodeAt(0));

// 1: reads while a change is under way.

const DURING: readonly MomentCase[] = [
  {
    kind: "during",
    does: "the state of an exec, its container and processes are read while it runs",
    see: async (docker) => {
      const made = await start(docker);
      const [id, heard] = await openExec(docker, made.path, "echo first; sleep 1; echo last; exit 3");
      await heard.upTo("first");
      const during = (await docker.get(`/exec/${id}/json`)).json.Running;
      const processes = (await docker.get(`${made.path}/top`)).text.includes("echo last");
      const execs = ((await docker.get(`${made.path}/json`)).json.ExecIDs ?? []).length;
      const output = await heard.all;
      const { Running, ExitCode } = (await docker.get(`/exec/${id}/json`)).json;
      const later = (await docker.get(`${made.path}/top`)).text.includes("echo last");
      await remove(docker, made);
      return { during, processes, execs, output, Running, ExitCode, later };
    },
  },
  {
    kind: "during",
    does: "an exec is polled while it runs",
    see: async (docker) => {
      const made = await start(docker);
      const [id, heard] = await openExec(docker, made.path, "echo first; sleep 1");
      await heard.upTo("first");
      const polls: boolean[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        polls.push((await docker.get(`/exec/${id}/json`)).json.Running);
        await sleep(100);
      }
      await heard.all;
      polls.push((await docker.get(`/exec/${id}/json`)).json.Running);
      await remove(docker, made);
      return polls;
    },
  },
  ...["stop", "restart"].map(
    (verb): MomentCase => ({
      kind: "during",
      does: `a container is inspected and listed while it takes its time for a ${verb}`,
      see: async (docker) => {
        const made = await start(docker, ["sh", "-c", "trap 'sleep 1; exit 3' TERM; while :; do sleep 0.1; done"]);
        await sleep(300);
        const changed = docker.post(`${made.path}/${verb}?t=5`);
        await sleep(docker.isRecorded ? 300 : 100);
        const during = readState(await docker.get(`${made.path}/json`));
        const { status } = await changed;
        const after = (await docker.get(`${made.path}/json`)).json;
        await remove(docker, made);
        return { during, status, after: after.State.Status, restarts: after.State.StartedAt > after.Created };
      },
    }),
  ),
  {
    kind: "during",
    does: "an image is looked for while it is built",
    see: async (docker) => {
      const tag = `tide:${docker.run}`;
      const body = context(docker.run, 1e9, "FROM busybox\nRUN sleep 1\n");
      const built = await docker.open("POST", `/build?t=${tag}&nocache=1`, body, { isHijack: false });
      await built.upTo("Step 2");
      const during = (await docker.get(`/images/${tag}/json`)).status;
      const isBuilt = (await built.all).includes("Successfully tagged");
      const after = (await docker.get(`/images/${tag}/json`)).status;
      await docker.delete(`/images/${tag}`);
      return { during, isBuilt, after };
    },
  },
];

// 2: nothing is seen before it is made.

const UNMADE: readonly MomentCase[] = [
  {
    kind: "unmade",
    does: "a container is looked for before it is made, and after it is gone",
    see: async (docker) => {
      const path = `/containers/web-${docker.run}/json`;
      const before = await docker.getUnrecorded(path, 404);
      const made = await start(docker, ["true"], `web-${docker.run}`);
      const ended = await docker.poll(path, ({ json }) => json.State.Status === "exited");
      await remove(docker, made);
      return { before, ended: readState(ended), after: await docker.getUnrecorded(path, 404) };
    },
  },
  ...(["network", "volume"] as const).map(
    (thing): MomentCase => ({
      kind: "unmade",
      does: `a ${thing} is looked for before it is made, and after it is gone`,
      see: async (docker) => {
        const path = `/${thing}s/tide-${docker.run}`;
        const before = await docker.getUnrecorded(path, 404);
        await docker.post(`/${thing}s/create`, { Name: `tide-${docker.run}` });
        const there = (await docker.get(path)).status;
        await docker.delete(path);
        return { before, there, after: await docker.getUnrecorded(path, 404) };
      },
    }),
  ),
];

// 3: a client that left leaves again.

const LEFT: readonly MomentCase[] = [
  ...["stop?t=1", "restart?t=1"].map(
    (change): MomentCase => ({
      kind: "left",
      does: `a client has no patience for ${change}`,
      see: async (docker) => {
        const made = await start(docker, DEAF);
        await sleep(300);
        const before = (await docker.get(`${made.path}/json`)).json.State.StartedAt;
        const outcome = await docker.postWithin(300, `${made.path}/${change}`);
        const isOver = ({ json }: Answer): boolean => !json.State.Running || json.State.StartedAt !== before;
        const { json } = await docker.poll(`${made.path}/json`, isOver);
        await remove(docker, made);
        return { outcome, running: json.State.Running };
      },
    }),
  ),
  {
    kind: "left",
    does: "a client has no patience for a wait",
    see: async (docker) => {
      const made = await start(docker, ["sleep", "2"]);
      const outcome = await docker.postWithin(300, `${made.path}/wait`);
      const { text } = await docker.post(`${made.path}/wait`);
      await remove(docker, made);
      return { outcome, code: JSON.parse(text).StatusCode };
    },
  },
  {
    kind: "left",
    does: "a client has no patience for a build",
    see: async (docker) => {
      const body = context(docker.run, 1e9, "FROM busybox\nRUN sleep 2\n");
      const outcome = await docker.postWithin(800, "/build?nocache=1&q=1", body);
      // The recorder hears of the end of the request.
      if (docker.isRecorded) await sleep(2500);
      return { outcome, ping: (await docker.get("/_ping")).status };
    },
  },
];

// 4: things that look alike.

async function twins<T>(
  docker: SlowDocker,
  side: (made: MadeContainer, role: string) => Promise<T>,
  ...roles: string[]
): Promise<readonly T[]> {
  const play = async (role: string): Promise<T> => {
    const made = await start(docker);
    await sleep(docker.isRecorded ? 400 : docker.random() * 400);
    const seen = await side(made, role);
    await remove(docker, made);
    return seen;
  };
  return docker.inAnyOrder(...roles.map((role) => () => play(role)));
}

const ALIKE: readonly MomentCase[] = [
  {
    kind: "alike",
    does: "two containers run other commands",
    see: (docker) => twins(docker, async ({ path }, role) => execIn(docker, path, `echo ${role}`), "one", "two"),
  },
  {
    kind: "alike",
    does: "three containers run other commands, and know their own names",
    see: (docker) =>
      twins(
        docker,
        async ({ id, path }, role) => {
          const said = await execIn(docker, path, `echo ${role} $(hostname)`);
          return said.replace(id.slice(0, 12), "<id>");
        },
        "one",
        "two",
        "three",
      ),
  },
  {
    kind: "alike",
    does: "three containers end by themselves, of which not each is seen running, and their logs are read in other ways",
    see: (docker) =>
      docker.inAnyOrder(
        ...["stdout=1", "stderr=1", "stdout=1&stderr=1"].map((query, number) => async () => {
          const made = await start(docker, ["sh", "-c", "echo out; echo err >&2; sleep 0.5"]);
          await sleep(docker.isRecorded ? number * 500 : docker.random() * 1000);
          while ((await docker.get(`${made.path}/json`)).json.State.Running) await sleep(200);
          const said = (await docker.get(`${made.path}/logs?${query}`)).text;
          await remove(docker, made);
          return ["out", "err"].filter((word) => said.includes(word));
        }),
      ),
  },
  {
    kind: "alike",
    does: "two containers that were inspected are renamed",
    see: (docker) =>
      twins(
        docker,
        async ({ id, path }, role) => {
          const before = (await docker.get(`${path}/json`)).json;
          await docker.post(`${path}/rename?name=${role}-of-alike`);
          const after = (await docker.get(`/containers/${role}-of-alike/json`)).json;
          const address = ({ NetworkSettings }: typeof before): string => NetworkSettings.IPAddress;
          return [
            after.Id === id,
            after.Name,
            address(before) === address(after),
            before.Config.Hostname === after.Config.Hostname,
          ];
        },
        "one",
        "two",
      ),
  },
  {
    kind: "alike",
    does: "two containers stop within other limits",
    see: (docker) =>
      twins(
        docker,
        async ({ path }, role) => {
          const { status } = await docker.post(`${path}/stop?t=${role}`);
          return [status, (await docker.get(`${path}/json`)).json.State.Status];
        },
        "7",
        "9",
      ),
  },
  {
    kind: "alike",
    does: "two containers join other networks",
    see: async (docker) => {
      for (const role of ["one", "two"]) await docker.post("/networks/create", { Name: `net-${role}` });
      const seen = await twins(
        docker,
        async ({ id, path }, role) => {
          const { status } = await docker.post(`/networks/net-${role}/connect`, { Container: id });
          const { Networks } = (await docker.get(`${path}/json`)).json.NetworkSettings;
          return [status, Object.keys(Networks).sort()];
        },
        "one",
        "two",
      );
      for (const role of ["one", "two"]) await docker.delete(`/networks/net-${role}`);
      return seen;
    },
  },
  {
    kind: "alike",
    does: "two containers that clients are attached to are told apart before they start",
    see: (docker) => {
      const side = async (role: string): Promise<unknown> => {
        const made = await make(docker, ["sh", "-c", "hostname; sleep 0.5; exit 0"]);
        const heard = await docker.open("POST", `${made.path}/attach?stream=1&stdout=1`);
        const ended = docker.post(`${made.path}/wait?condition=next-exit`);
        await sleep(docker.isRecorded ? 300 : docker.random() * 200);
        await docker.post(`${made.path}/rename?name=${role}-attached`);
        await docker.post(`${made.path}/start`);
        const output = await heard.all;
        const code = (await ended).text;
        await docker.delete(`/containers/${role}-attached`);
        return [output.trim() === made.id.slice(0, 12), JSON.parse(code).StatusCode];
      };
      return docker.inAnyOrder(
        () => side("one"),
        () => side("two"),
      );
    },
  },
  {
    kind: "alike",
    does: "two volumes without names are given to other containers",
    see: (docker) => {
      const side = async (role: string): Promise<unknown> => {
        const { Name } = (await docker.post("/volumes/create", {})).json;
        await sleep(docker.isRecorded ? 400 : docker.random() * 400);
        const made = await make(docker, ["sh", "-c", `echo ${role}`], undefined, {
          HostConfig: { Binds: [`${Name}:/data`] },
        });
        const { Mounts } = (await docker.get(`${made.path}/json`)).json;
        await remove(docker, made);
        const { status } = await docker.delete(`/volumes/${Name}`);
        return [Mounts[0].Name === Name, status];
      };
      return docker.inAnyOrder(
        () => side("one"),
        () => side("two"),
      );
    },
  },
  {
    kind: "alike",
    does: "two networks and containers under names of this run are used for other things",
    see: (docker) => {
      const side = async (role: string): Promise<unknown> => {
        const random = Array.from({ length: 12 }, () => Math.floor(docker.random() * 16).toString(16)).join("");
        const { Id } = (await docker.post("/networks/create", { Name: `net_${random}` })).json;
        await sleep(docker.isRecorded ? 400 : docker.random() * 400);
        const made = await start(docker, IDLE, `web_${random}`, { HostConfig: { NetworkMode: `net_${random}` } });
        const output = await execIn(docker, `/containers/web_${random}`, `echo ${role}`);
        const { Networks } = (await docker.get(`${made.path}/json`)).json.NetworkSettings;
        await remove(docker, made);
        const { status } = await docker.delete(`/networks/${Id}`);
        return [output, Object.keys(Networks).join() === `net_${random}`, status];
      };
      return docker.inAnyOrder(
        () => side("one"),
        () => side("two"),
      );
    },
  },
  {
    kind: "alike",
    does: "two execs of one container are started in other ways",
    see: async (docker) => {
      const made = await start(docker);
      const side = async (isDetached: boolean): Promise<unknown> => {
        const { Id } = (await docker.post(`${made.path}/exec`, { AttachStdout: true, Cmd: ["echo", "out"] })).json;
        await sleep(docker.isRecorded ? 400 : docker.random() * 400);
        if (isDetached) return (await docker.post(`/exec/${Id}/start`, { Detach: true, Tty: false })).status;
        return (await docker.open("POST", `/exec/${Id}/start`, { Detach: false, Tty: false })).all;
      };
      const seen = await docker.inAnyOrder(
        () => side(false),
        () => side(true),
      );
      await remove(docker, made);
      return seen;
    },
  },
];

// 5 and 6: what is made up, and archives that are built anew.

const MADE_UP: readonly MomentCase[] = [
  {
    kind: "made up",
    does: "temporary names of Go and Python are in labels, binds and filters",
    see: async (docker) => {
      const number = String(1_000_000_000 + Math.floor(docker.random() * 2e9));
      const labels = { test: `TestRun${number}`, folder: `tmp${docker.run.slice(0, 8)}` };
      const made = await start(docker, IDLE, undefined, {
        Labels: labels,
        HostConfig: { Binds: [`test-tmp${number}:/data`] },
      });
      const filters = encodeURIComponent(JSON.stringify({ label: [`test=TestRun${number}`] }));
      const listed = (await docker.get(`/containers/json?filters=${filters}`)).json as { readonly Id: string }[];
      const { Labels } = (await docker.get(`${made.path}/json`)).json.Config;
      await remove(docker, made);
      const { status } = await docker.delete(`/volumes/test-tmp${number}`);
      return [listed.map(({ Id }) => Id === made.id), Labels.test === labels.test, status];
    },
  },
  {
    kind: "built anew",
    does: "a context and files for a container are written anew",
    see: async (docker) => {
      const time = 1e9 + Math.floor(docker.random() * 5e8);
      const built = await docker.post(
        "/build?q=1",
        tarOf({ Dockerfile: "FROM busybox\nCOPY fish.txt /\n", "fish.txt": "reef\n" }, time),
      );
      const made = await start(docker);
      const { status } = await docker.put(`${made.path}/archive?path=/`, tarOf({ "shell.txt": "sea\n" }, time));
      const output = await execIn(docker, made.path, "cat /shell.txt");
      await remove(docker, made);
      return [built.status, status, output];
    },
  },
  {
    kind: "built anew",
    does: "an image is loaded whose layers differ in their times alone",
    see: async (docker) => {
      const build = async (time: number): Promise<Buffer> => {
        const files = { Dockerfile: 'FROM scratch\nCOPY fish.txt /\nCMD ["swim"]\n', "fish.txt": "reef\n" };
        await docker.post("/build?t=reef:1&nocache=1&q=1", tarOf(files, time));
        const { text } = await docker.get("/images/reef:1/get");
        await docker.delete("/images/reef:1?force=1");
        return Buffer.from(text, "latin1");
      };
      const [one, other] = [await build(1e9), await build(1.1e9)];
      const { status, text } = await docker.post("/images/load?quiet=1", docker.isRecorded ? one : other);
      const { Config, RootFS } = (await docker.get("/images/reef:1/json")).json;
      await docker.delete("/images/reef:1?force=1");
      return [one.equals(other), status, text.includes("Loaded image: reef:1"), Config.Cmd, RootFS.Layers.length];
    },
  },
];

// 9: events of things that are done side by side.

const EVENTS: readonly MomentCase[] = [
  {
    kind: "events",
    does: "two containers are made, run and removed while events are followed",
    see: async (docker) => {
      const filters = encodeURIComponent(JSON.stringify({ type: ["container"] }));
      const events = await docker.open("GET", `/events?filters=${filters}`, undefined, { isHijack: false });
      const side = async (role: string): Promise<string> => {
        const made = await start(docker, ["true"], `${role}-of-events`);
        await docker.post(`${made.path}/wait`);
        await remove(docker, made);
        return made.id;
      };
      const ids = await docker.inAnyOrder(
        () => side("one"),
        () => side("two"),
      );
      const stop = await start(docker, ["true"], "last-of-events");
      await remove(docker, stop);
      await events.upTo(`"destroy","id":"${stop.id}"`);
      events.leave();
      const lines = events.soFar.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
      return ids.map((id) => lines.filter((line) => line.id === id).map(({ status }) => status));
    },
  },
];

export const MOMENT_CASES: readonly MomentCase[] = [
  ...DURING,
  ...UNMADE,
  ...LEFT,
  ...ALIKE,
  ...MADE_UP,
  ...MISS_CASES,
  ...CLIENT_CASES,
  ...EVENTS,
];
