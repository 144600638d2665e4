/** The built-in drivers by purpose, as `/info` and `/nodes` list them. */
import type { EngineName } from "../../model/engine-release.ts";

type PluginDrivers = Readonly<Record<"Volume" | "Network" | "Log", readonly string[]> & { Authorization: null }>;

const LOGGERS = ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "splunk", "syslog"];

/** dockerd 20.10 has one more logging driver. */
export function listPlugins(engine: EngineName): PluginDrivers {
  return {
    Volume: ["local"],
    Network: ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"],
    Authorization: null,
    Log: engine === "20.10" ? [...LOGGERS, "logentries"].sort() : LOGGERS,
  };
}
