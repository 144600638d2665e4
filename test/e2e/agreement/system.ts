import { type Probe, probe } from "./probe.ts";

export const systemProbes: readonly Probe[] = [
  probe("SystemPing", "GET /_ping"),
  probe("SystemPingHead", "HEAD /_ping"),
  probe("SystemVersion", "GET /version", { values: [".ApiVersion", ".Os", ".Arch"] }),
  probe("SystemInfo", "GET /info", { values: [".OSType", ".Containers", ".ContainersRunning"] }),
  probe("SystemAuth", "POST /auth", { body: {} }),
  probe("SystemEvents", "GET /events?since=20&until=10"),
  probe("SystemEvents", "GET /events?filters=x"),
  probe("SystemEvents", "GET /events?since=x"),
  probe("SystemEvents", "GET /events?since=1&until=2"),
  probe("Unknown", "GET /nosuch"),
  probe("Unknown", "GET /containers/ps"),
  probe("Unknown", "PUT /info"),
  probe("Unknown", "POST /images/busybox/insert"),
  probe("PluginList", "GET /plugins"),
  probe("PluginInspect", "GET /plugins/nosuch/json"),
  probe("SwarmInspect", "GET /swarm"),
  probe("ServiceList", "GET /services"),
  probe("NodeList", "GET /nodes"),
];
