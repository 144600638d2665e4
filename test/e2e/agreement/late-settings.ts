/** Settings of the host that come with the start, up to 1.23: they are all that counts then. */
import { type Probe, probe } from "./probe.ts";

const LIMITED = {
  Image: "busybox",
  Cmd: ["sleep", "100"],
  Volumes: { "/own": {} },
  HostConfig: { Memory: 67_108_864 },
};
const SETTLED = [".HostConfig.Memory", ".HostConfig.Binds", ".HostConfig.NetworkMode", ".HostConfig.Runtime"];

function late(name: string, sent: object): Probe[] {
  const probes = [
    probe("ContainerCreate", `POST /containers/create?name=${name}`, { body: LIMITED }),
    probe("ContainerStart", `POST /containers/${name}/start`, { body: sent, settles: 500 }),
    probe("ContainerInspect", `GET /containers/${name}/json`, { values: SETTLED, sorted: [".Mounts.*.Destination"] }),
    probe("ContainerDelete", `DELETE /containers/${name}?force=1&v=1`, { settles: 300 }),
  ];
  return probes.map((one) => ({ ...one, before: "1.24" }));
}

export const lateProbes: readonly Probe[] = [
  late("bound", { Binds: ["/tmp:/bound:ro"] }),
  late("elsewhere", { NetworkMode: "host" }),
  late("nowhere", { Binds: ["/tmp:relative"] }),
  late("unsaid", {}),
].flat();
