/** Writes the files that dockerd mounts over the image's own: /etc/hostname, /etc/hosts and /etc/resolv.conf. */

import { createDirectoryNode, createFileNode, type DirectoryNode } from "../../userland/files/node.ts";
import { buildTree, type PlacedNode } from "../../userland/files/tree.ts";
import type { Container } from "../model/container.ts";
import { isOlderEngine } from "../model/engine-release.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { resolveLinks } from "./links.ts";
import { formatResolvConf } from "./resolv-conf.ts";

export const ETC_FILES: readonly string[] = ["hostname", "hosts", "resolv.conf"];
/** @param zero how the addresses of a prefix end */
const formatLocalhost = (zero: string): string => `127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::${zero}	ip6-localnet
ff00::${zero}	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
`;
/** The address in `--add-host` that stands for the host's. */
const GATEWAY = "host-gateway";

export function createEtcFiles(engine: EngineRuntime, container: Container, nowMs: number): DirectoryNode {
  const texts = [
    `${container.config.Hostname}\n`,
    formatHosts(engine, container),
    formatResolvConf(engine.release, container),
  ];
  const files = ETC_FILES.map((path, index): PlacedNode => ({ path, node: createFileNode(texts[index] ?? "", nowMs) }));
  return buildTree(files, createDirectoryNode(nowMs));
}

/** Extra hosts, then links, then its own name (libnetwork sandbox.go, moby daemon/container_operations.go). */
function formatHosts(engine: EngineRuntime, container: Container): string {
  const { config, networks, hostConfig } = container;
  const gateway = [...engine.networks].find(({ name }) => name === "bridge")?.gateway ?? "";
  const extra = ((hostConfig.ExtraHosts as string[] | null) ?? []).map((pair) => {
    const [name = "", address = ""] = pair.split(/:(.*)/);
    return `${address === GATEWAY ? gateway : address}\t${name}\n`;
  });
  const links = resolveLinks(engine, container).map(({ alias, to, address }) => {
    const names = new Set([alias, to.config.Hostname, to.name]);
    return `${address}\t${[...names].join(" ")}\n`;
  });
  const name = config.Domainname ? `${config.Hostname}.${config.Domainname} ${config.Hostname}` : config.Hostname;
  const own = Object.values(networks).flatMap(({ address }) => (address === "" ? [] : [`${address}\t${name}\n`]));
  return `${formatLocalhost(isOlderEngine(engine.release, "28") ? "0" : "")}${extra.join("")}${links.join("")}${own.join("")}`;
}
