/** The built-in drivers by purpose, as `/info` and `/nodes` list them. */
export const PLUGIN_DRIVERS: Readonly<
  Record<"Volume" | "Network" | "Log", readonly string[]> & { Authorization: null }
> = {
  Volume: ["local"],
  Network: ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"],
  Authorization: null,
  Log: ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "logentries", "splunk", "syslog"],
};
