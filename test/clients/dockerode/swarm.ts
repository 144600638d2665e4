import type Docker from "dockerode";
import { type Case, type Cases, call, catchRefusal } from "./case.ts";

type Spec = Record<string, unknown>;
interface Thing {
  inspect(): Promise<{ ID?: string; Version?: { Index: number }; Spec?: Spec }>;
  update(options: object): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** Asked of a daemon that is in no swarm: it says so. */
export const NO_SWARM: Cases = {
  swarmInspect: (docker) => catchRefusal(docker.swarmInspect()),
  swarmLeave: (docker) => catchRefusal(docker.swarmLeave({})),
  swarmUpdate: (docker) => catchRefusal(docker.swarmUpdate({ version: 1, Name: "default" })),
  swarmJoin: (docker) =>
    catchRefusal(
      call(docker, "swarmJoin", { RemoteAddrs: ["127.0.0.1:1"], JoinToken: "none", ListenAddr: "127.0.0.1:0" }),
    ),
  listServices: (docker) => catchRefusal(docker.listServices()),
  listNodes: (docker) => catchRefusal(docker.listNodes()),
  listTasks: (docker) => catchRefusal(docker.listTasks()),
  "node: inspect, update, remove": async (docker) => {
    const node = docker.getNode("somebody");
    return [
      await catchRefusal(node.inspect()),
      await catchRefusal(call(node, "update", { version: 1 })),
      await catchRefusal(call(node, "remove", {})),
    ];
  },
  "task: inspect, logs": async (docker) => {
    const task = docker.getTask("something");
    return [await catchRefusal(call(task, "inspect")), await catchRefusal(call(task, "logs", { stdout: true }))];
  },
};

/** In a swarm of one, which is left in the end. */
export const SWARM: Cases = {
  "swarmInit, swarmInspect, swarmUpdate": runInSwarm(async (docker) => {
    const { Version, Spec } = (await docker.swarmInspect()) as { Version: { Index: number }; Spec: Spec };
    await docker.swarmUpdate({ version: Version.Index, ...Spec, TaskDefaults: {} });
    return Spec.Name;
  }),
  "createService, inspect, update, logs, remove": runInSwarm(async (docker) => {
    const service = (await docker.createService(createService("shoal"))) as unknown as Thing & {
      logs(how: object): Promise<unknown>;
    };
    const { Version } = await service.inspect();
    await service.update({ version: Version?.Index, ...createService("shoal"), Labels: { salt: "yes" } });
    const { Spec } = await service.inspect();
    const logs = await catchRefusal(service.logs({ stdout: true, follow: false }));
    const found = (await docker.listServices()).length;
    await service.remove();
    return [Spec?.Labels, found, logs, (await docker.listTasks()).length];
  }),
  "createSecret, listSecrets, inspect, update, remove": runInSwarm(async (docker) => {
    const spec = { Name: "tide", Labels: {}, Data: Buffer.from("s3cret-tide").toString("base64") };
    return keepCase((await docker.createSecret(spec)) as unknown as Thing, () => docker.listSecrets(), "tide");
  }),
  "createConfig, listConfigs, inspect, update, remove": runInSwarm(async (docker) => {
    const spec = { Name: "chart", Labels: {}, Data: Buffer.from("here be whales").toString("base64") };
    return keepCase((await docker.createConfig(spec)) as unknown as Thing, () => docker.listConfigs(), "chart");
  }),
};

async function keepCase(thing: Thing, list: () => Promise<unknown[]>, name: string): Promise<unknown> {
  const { Version, Spec } = await thing.inspect();
  await thing.update({ version: Version?.Index, ...Spec, Labels: { salt: "yes" } });
  const labels = (await thing.inspect()).Spec?.Labels;
  const found = (await list()).length;
  await thing.remove();
  return [name, labels, found, (await list()).length];
}

function createService(name: string): Docker.CreateServiceOptions {
  return {
    Name: name,
    Labels: {},
    TaskTemplate: { ContainerSpec: { Image: "busybox", Command: ["sleep", "600"] } },
    Mode: { Replicated: { Replicas: 0 } },
  } as Docker.CreateServiceOptions;
}

function runInSwarm(work: Case): Case {
  return async (docker) => {
    await docker.swarmInit({
      ListenAddr: "127.0.0.1:2377",
      AdvertiseAddr: "127.0.0.1",
      ForceNewCluster: false,
      Spec: {},
    });
    try {
      return await work(docker);
    } finally {
      await docker.swarmLeave({ force: true });
    }
  };
}
