/** The JSON of a swarm and of what it contains (moby api/types/swarm). */
import { createHash } from "node:crypto";
import type { ApiJson } from "../../../model/api-json.ts";
import type { EngineRelease } from "../../../model/engine-release.ts";
import { formatRfc3339Nano } from "../../../model/go-time.ts";
import type { Swarm, SwarmRecord } from "../../../model/swarm.ts";
import { listPlugins } from "../plugin-drivers.ts";

const LINE = /.{1,64}/g;

export function toRecordJson({ id, version, created, updated, spec }: SwarmRecord): ApiJson {
  return {
    ID: id,
    Version: { Index: version },
    CreatedAt: formatRfc3339Nano(created),
    UpdatedAt: formatRfc3339Nano(updated),
    Spec: spec,
  };
}

export function toClusterJson({ cluster }: Swarm): ApiJson {
  return {
    ...toRecordJson(cluster),
    TLSInfo: toTlsInfo(cluster.id),
    RootRotationInProgress: false,
    DefaultAddrPool: ["10.0.0.0/8"],
    SubnetSize: 24,
    DataPathPort: 4789,
  };
}

/** The swarm's only node, which is this daemon. */
export function toNodeJson({ cluster, node, address }: Swarm, release: EngineRelease): ApiJson {
  return {
    ...toRecordJson(node),
    Description: {
      Hostname: "docker",
      Platform: { Architecture: "x86_64", OS: "linux" },
      Resources: { NanoCPUs: 2_000_000_000, MemoryBytes: 4_294_967_296 },
      Engine: { EngineVersion: release.version, Plugins: toPluginsJson(release) },
      TLSInfo: toTlsInfo(cluster.id),
    },
    Status: { State: "ready", Addr: removePort(address) },
    ManagerStatus: { Leader: true, Reachability: "reachable", Addr: address },
  };
}

/** The member `Swarm` of `/info`. */
export function toSwarmInfo(swarm: Swarm | undefined): ApiJson {
  if (swarm === undefined) {
    const state = { LocalNodeState: "inactive", ControlAvailable: false, Error: "", RemoteManagers: null };
    return { NodeID: "", NodeAddr: "", ...state };
  }
  const { node, address } = swarm;
  return {
    NodeID: node.id,
    NodeAddr: removePort(address),
    LocalNodeState: "active",
    ControlAvailable: true,
    Error: "",
    RemoteManagers: [{ NodeID: node.id, Addr: address }],
    Nodes: 1,
    Managers: 1,
    Cluster: toClusterJson(swarm),
  };
}

function removePort(address: string): string {
  return address.replace(/:\d+$/, "");
}

function toPluginsJson({ name }: EngineRelease): ApiJson[] {
  const { Log, Network, Volume } = listPlugins(name);
  return Object.entries({ Log, Network, Volume }).flatMap(([Type, names]) => names.map((Name) => ({ Type, Name })));
}

/** The certificate's bytes are made from the swarm's id. No client verifies them. */
function toTlsInfo(id: string): ApiJson {
  const deriveBytes = (what: string, rounds: number): string =>
    Buffer.concat(
      Array.from({ length: rounds }, (_, round) => createHash("sha256").update(`${id} ${what} ${round}`).digest()),
    ).toString("base64");
  const certificate = deriveBytes("certificate", 11).match(LINE)?.join("\n");
  return {
    TrustRoot: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
    CertIssuerSubject: Buffer.from("0\x131\x110\x0f\x06\x03U\x04\x03\x13\bswarm-ca", "latin1").toString("base64"),
    CertIssuerPublicKey: deriveBytes("key", 3),
  };
}
