/** Files that the daemon mounts over those of the image: who the container is, and whom it knows. */

import { type DirectoryNode, directoryNode, fileNode } from "../../userland/files/node.ts";
import { type Placed, treeOf } from "../../userland/files/tree.ts";
import type { Container } from "../model/container.ts";
import { isBuiltin } from "../model/network.ts";
import { nameserverFor } from "./container-network.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { linksOf } from "./links.ts";

export const OWN_FILES: readonly string[] = ["hostname", "hosts", "resolv.conf"];
const LOCALHOST = `127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::0	ip6-localnet
ff00::0	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
`;
/** What stands for the host in `--add-host`. */
const GATEWAY = "host-gateway";

export function ownFiles(engine: EngineRuntime, container: Container, nowMs: number): DirectoryNode {
  const texts = [`${container.config.Hostname}\n`, hosts(engine, container), nameservers(container)];
  const files = OWN_FILES.map((path, index): Placed => ({ path, node: fileNode(texts[index] ?? "", nowMs) }));
  return treeOf(files, directoryNode(nowMs));
}

/** Those told, then those linked, then its own (libnetwork sandbox.go, moby daemon/container_operations.go). */
function hosts(engine: EngineRuntime, container: Container): string {
  const { config, networks, hostConfig } = container;
  const gateway = [...engine.networks].find(({ name }) => name === "bridge")?.gateway ?? "";
  const told = ((hostConfig.ExtraHosts as string[] | null) ?? []).map((pair) => {
    const [name = "", address = ""] = pair.split(/:(.*)/);
    return `${address === GATEWAY ? gateway : address}\t${name}\n`;
  });
  const linked = linksOf(engine, container).map(({ alias, to, address }) => {
    const names = new Set([alias, to.config.Hostname, to.name]);
    return `${address}\t${[...names].join(" ")}\n`;
  });
  const name = config.Domainname ? `${config.Hostname}.${config.Domainname} ${config.Hostname}` : config.Hostname;
  const own = Object.values(networks).flatMap(({ address }) => (address === "" ? [] : [`${address}\t${name}\n`]));
  return `${LOCALHOST}${told.join("")}${linked.join("")}${own.join("")}`;
}

/** In a network that somebody made, the daemon's own name server stands before all others. */
function nameservers(container: Container): string {
  const { Dns, DnsSearch, DnsOptions } = container.hostConfig as Readonly<Record<string, string[] | null | undefined>>;
  const isInOwn = Object.keys(container.networks).some((name) => !isBuiltin({ name }));
  const servers = isInOwn || (Dns ?? []).length === 0 ? [nameserverFor(container)] : (Dns ?? []);
  const options = [...(DnsOptions ?? []), ...(isInOwn ? ["ndots:0"] : [])];
  return [
    ...((DnsSearch ?? []).length === 0 ? [] : [`search ${DnsSearch?.join(" ")}\n`]),
    ...servers.map((server) => `nameserver ${server}\n`),
    ...(options.length === 0 ? [] : [`options ${options.join(" ")}\n`]),
  ].join("");
}
