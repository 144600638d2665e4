import { type Probe, probe } from "./probe.ts";

/** Last of all, and at the last version: a daemon that was in a swarm keeps a network of it. */
const since = "1.41";
const INIT = { ListenAddr: "127.0.0.1:4500", AdvertiseAddr: "127.0.0.1" };
const TOP = { Name: "top", Data: "dG9w", Labels: { a: "b" } };

const asked = (about: string, ask: string, body?: unknown): Probe =>
  probe(about, ask, { since, ...(body === undefined ? {} : { body }) });

const alone: readonly Probe[] = [
  asked("SwarmLeave", "POST /swarm/leave"),
  asked("SwarmUnlock", "POST /swarm/unlock", {}),
  asked("SwarmUpdate", "POST /swarm/update?version=1", {}),
  asked("SwarmJoin", "POST /swarm/join", {}),
  asked("SwarmJoin", "POST /swarm/join", {
    ListenAddr: "127.0.0.1:4500",
    JoinToken: "x",
    RemoteAddrs: ["127.0.0.1:1"],
  }),
  asked("SwarmInit", "POST /swarm/init", {}),
  asked("NodeInspect", "GET /nodes/x"),
];

const kept = (thing: "Secret" | "Config"): readonly Probe[] => {
  const path = `/${thing.toLowerCase()}s`;
  return [
    asked(`${thing}List`, `GET ${path}`),
    ...[TOP, TOP, { Name: "", Data: "dG9w" }, { Name: "bare" }, { Name: "_x!", Data: "dG9w" }].map((body) =>
      asked(`${thing}Create`, `POST ${path}/create`, body),
    ),
    probe(`${thing}Inspect`, `GET ${path}/top`, { since, values: [".Spec.Name", ".Spec.Labels"] }),
    asked(`${thing}Inspect`, `GET ${path}/nosuch`),
    asked(`${thing}Update`, `POST ${path}/top/update?version=1`, TOP),
    asked(`${thing}Update`, `POST ${path}/top/update?version=1`, { ...TOP, Name: "other" }),
    asked(`${thing}Update`, `POST ${path}/top/update`, TOP),
    asked(`${thing}List`, `GET ${path}`),
    asked(`${thing}Delete`, `DELETE ${path}/top`),
    asked(`${thing}Delete`, `DELETE ${path}/top`),
  ];
};

const managed: readonly Probe[] = [
  asked("SwarmInit", "POST /swarm/init", INIT),
  asked("SwarmInit", "POST /swarm/init", INIT),
  asked("SwarmInspect", "GET /swarm"),
  asked("SystemInfo", "GET /info"),
  asked("SwarmUnlockkey", "GET /swarm/unlockkey"),
  asked("SwarmUnlock", "POST /swarm/unlock", {}),
  asked("SwarmUpdate", "POST /swarm/update?version=1", { Name: "default" }),
  asked("SwarmUpdate", "POST /swarm/update", { Name: "default" }),
  asked("NodeList", "GET /nodes"),
  asked("NodeInspect", "GET /nodes/nosuch"),
  asked("NodeDelete", "DELETE /nodes/nosuch"),
  ...kept("Secret"),
  ...kept("Config"),
  asked("ServiceList", "GET /services"),
  asked("ServiceInspect", "GET /services/x"),
  asked("ServiceDelete", "DELETE /services/x"),
  asked("TaskList", "GET /tasks"),
  asked("TaskInspect", "GET /tasks/x"),
  asked("SwarmLeave", "POST /swarm/leave"),
  asked("SwarmLeave", "POST /swarm/leave?force=1"),
];

export const swarmProbes: readonly Probe[] = [...alone, ...managed];
