import type Docker from "dockerode";
import { type Case, type Cases, call, refusal } from "./case.ts";

type Spec = Record<string, unknown>;
interface Thing {
  inspect(): Promise<{ ID?: string; Version?: { Index: number }; Spec?: Spec }>;
  update(options: object): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** Asked of a daemon that is in no swarm: it says so. */
export const NO_SWARM: Cases = {
  swarmInspect: (docker) => refusal(docker.swarmInspect()),
  swarmLeave: (docker) => refusal(docker.swarmLeave({})),
  swarmUpdate: (docker) => refusal(docker.swarmUpdate({ version: 1, Name: "default" })),
  swarmJoin: (docker) =>
    refusal(call(docker, "swarmJoin", { RemoteAddrs: ["127.0.0.1:1"], JoinToken: "none", ListenAddr: "127.0.0.1:0" })),
  listServices: (docker) => refusal(docker.listServices()),
  listNodes: (docker) => refusal(docker.listNodes()),
  listTasks: (docker) => refusal(docker.listTasks()),
  "node: inspect, update, remove": async (docker) => {
    const node = docker.getNode("somebody");
    return [
      await refusal(node.inspect()),
      await refusal(call(node, "update", { version: 1 })),
      await refusal(call(node, "remove", {})),
    ];
  },
  "task: inspect, logs": async (docker) => {
    const task = docker.getTask("something");
    return [await refusal(call(task, "inspect")), await refusal(call(task, "logs", { stdout: true }))];
  },
};

/** In a swarm of one, which is left in the end. */
export const SWARM: Cases = {
  "swarmInit, swarmInspect, swarmUpdate": inSwarm(async (docker) => {
    const { Version, Spec } = (await docker.swarmInspect()) as { Version: { Index: number }; Spec: Spec };
    await docker.swarmUpdate({ version: Version.Index, ...Spec, TaskDefaults: {} });
    return Spec.Name;
  }),
  "createService, inspect, update, logs, remove": inSwarm(async (docker) => {
    const service = (await docker.createService(serviceNamed("shoal"))) as unknown as Thing & {
      logs(how: object): Promise<unknown>;
    };
    const { Version } = await service.inspect();
    await service.update({ version: Version?.Index, ...serviceNamed("shoal"), Labels: { salt: "yes" } });
    const { Spec } = await service.inspect();
    const logs = await refusal(service.logs({ stdout: true, follow: false }));
    const found = (await docker.listServices()).length;
    await service.remove();
    return [Spec?.Labels, found, logs, (await docker.listTasks()).length];
  }),
  "createSecret, listSecrets, inspect, update, remove": inSwarm(async (docker) => {
    const spec = { Name: "tide", Labels: {}, Data: Buffer.from("s3cret-tide").toString("base64") };
    return kept((await docker.createSecret(spec)) as unknown as Thing, () => docker.listSecrets(), "tide");
  }),
  "createConfig, listConfigs, inspect, update, remove": inSwarm(async (docker) => {
    const spec = { Name: "chart", Labels: {}, Data: Buffer.from("here be whales").toString("base64") };
    return kept((await docker.createConfig(spec)) as unknown as Thing, () => docker.listConfigs(), "chart");
  }),
};

async function kept(thing: Thing, list: () => Promise<unknown[]>, name: string): Promise<unknown> {
  const { Version, Spec } = await thing.inspect();
  await thing.update({ version: Version?.Index, ...Spec, Labels: { salt: "yes" } });
  const labels = (await thing.inspect()).Spec?.Labels;
  const found = (await list()).length;
  await thing.remove();
  return [name, labels, found, (await list()).length];
}

function serviceNamed(name: string): Docker.CreateServiceOptions {
  return {
    Name: name,
    Labels: {},
    TaskTemplate: { ContainerSpec: { Image: "busybox", Command: ["sleep", "600"] } },
    Mode: { Replicated: { Replicas: 0 } },
  } as Docker.CreateServiceOptions;
}

function inSwarm(work: Case): Case {
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
