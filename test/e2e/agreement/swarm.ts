import { type Probe, probe } from "./probe.ts";

/** Last of all, and at the last version: a daemon that was in a swarm keeps a network of it. */
const since = "1.41";
const INIT = { ListenAddr: "127.0.0.1:4500", AdvertiseAddr: "127.0.0.1" };
const TOP = { Name: "top", Data: "dG9w", Labels: { a: "b" } };

const swarmProbe = (about: string, ask: string, body?: unknown): Probe =>
  probe(about, ask, { since, ...(body === undefined ? {} : { body }) });

const alone: readonly Probe[] = [
  swarmProbe("SwarmLeave", "POST /swarm/leave"),
  swarmProbe("SwarmUnlock", "POST /swarm/unlock", {}),
  swarmProbe("SwarmUpdate", "POST /swarm/update?version=1", {}),
  swarmProbe("SwarmJoin", "POST /swarm/join", {}),
  swarmProbe("SwarmJoin", "POST /swarm/join", {
    ListenAddr: "127.0.0.1:4500",
    JoinToken: "x",
    RemoteAddrs: ["127.0.0.1:1"],
  }),
  swarmProbe("SwarmInit", "POST /swarm/init", {}),
  swarmProbe("NodeInspect", "GET /nodes/x"),
];

const recordProbes = (thing: "Secret" | "Config"): readonly Probe[] => {
  const path = `/${thing.toLowerCase()}s`;
  return [
    swarmProbe(`${thing}List`, `GET ${path}`),
    ...[TOP, TOP, { Name: "", Data: "dG9w" }, { Name: "bare" }, { Name: "_x!", Data: "dG9w" }].map((body) =>
      swarmProbe(`${thing}Create`, `POST ${path}/create`, body),
    ),
    probe(`${thing}Inspect`, `GET ${path}/top`, { since, values: [".Spec.Name", ".Spec.Labels"] }),
    swarmProbe(`${thing}Inspect`, `GET ${path}/nosuch`),
    swarmProbe(`${thing}Update`, `POST ${path}/top/update?version=1`, TOP),
    swarmProbe(`${thing}Update`, `POST ${path}/top/update?version=1`, { ...TOP, Name: "other" }),
    swarmProbe(`${thing}Update`, `POST ${path}/top/update`, TOP),
    swarmProbe(`${thing}List`, `GET ${path}`),
    swarmProbe(`${thing}Delete`, `DELETE ${path}/top`),
    swarmProbe(`${thing}Delete`, `DELETE ${path}/top`),
  ];
};

const managed: readonly Probe[] = [
  swarmProbe("SwarmInit", "POST /swarm/init", INIT),
  swarmProbe("SwarmInit", "POST /swarm/init", INIT),
  swarmProbe("SwarmInspect", "GET /swarm"),
  swarmProbe("SystemInfo", "GET /info"),
  swarmProbe("SwarmUnlockkey", "GET /swarm/unlockkey"),
  swarmProbe("SwarmUnlock", "POST /swarm/unlock", {}),
  swarmProbe("SwarmUpdate", "POST /swarm/update?version=1", { Name: "default" }),
  swarmProbe("SwarmUpdate", "POST /swarm/update", { Name: "default" }),
  swarmProbe("NodeList", "GET /nodes"),
  swarmProbe("NodeInspect", "GET /nodes/nosuch"),
  swarmProbe("NodeDelete", "DELETE /nodes/nosuch"),
  ...recordProbes("Secret"),
  ...recordProbes("Config"),
  swarmProbe("ServiceList", "GET /services"),
  swarmProbe("ServiceInspect", "GET /services/x"),
  swarmProbe("ServiceDelete", "DELETE /services/x"),
  swarmProbe("TaskList", "GET /tasks"),
  swarmProbe("TaskInspect", "GET /tasks/x"),
  swarmProbe("SwarmLeave", "POST /swarm/leave"),
  swarmProbe("SwarmLeave", "POST /swarm/leave?force=1"),
];

export const swarmProbes: readonly Probe[] = [...alone, ...managed];
