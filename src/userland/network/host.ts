/** The network as the processes of one container see it: its addresses, its names, and the hosts that it reaches. */
import type { Connection } from "../../session/connection.ts";
import { connectionPair } from "../../session/pair.ts";
import type { Disk } from "../files/disk.ts";
import { PortListeners } from "./listeners.ts";

export interface NetworkHost {
  /** Its addresses; `hostname -i` prints them in this order. */
  readonly addresses: readonly string[];
  /** The address of the name server, for names that are not in /etc/hosts. */
  readonly nameserver: string;
  /** The ports at which its own processes listen. */
  readonly listeners: PortListeners;
  /** The address of another host by its name. */
  findAddress(name: string): string | undefined;
  /** Whether a host has the address. */
  hasAddress(address: string): boolean;
  /** A connection, or why there is none: no process listens at the port, or no network leads to the address. */
  connect(address: string, port: number): Connection | "refused" | "unreachable";
}

/** A host that is in no network. */
export function createUnconnectedHost(): NetworkHost {
  const listeners = new PortListeners();
  return {
    addresses: [],
    nameserver: "127.0.0.11",
    listeners,
    findAddress: () => undefined,
    hasAddress: isLocal,
    connect: (address, port) => (isLocal(address) ? connectTo(listeners, port) : "unreachable"),
  };
}

function connectTo(listeners: PortListeners, port: number): Connection | "refused" {
  const daemon = listeners.findListener(port);
  if (daemon === undefined) return "refused";
  const [near, far] = connectionPair();
  void daemon(far);
  return near;
}

export function isLocal(address: string): boolean {
  return address.startsWith("127.") || address === "0.0.0.0" || address === "::1";
}

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** As gethostbyname(3): an address, a name in /etc/hosts, or a name of the name server. */
export function resolveName(
  { table: { host, disk } }: { readonly table: { readonly host: NetworkHost; readonly disk: Disk } },
  name: string,
): string | undefined {
  if (ADDRESS.test(name)) return name;
  return findInHosts(disk, name) ?? host.findAddress(name.toLowerCase().replace(/\.$/, ""));
}

function findInHosts(disk: Disk, name: string): string | undefined {
  const file = disk.peek("/etc/hosts");
  if (file?.kind !== "file") return undefined;
  for (const line of file.content.toString("utf8").split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (names.includes(name) && ADDRESS.test(address)) return address;
  }
  return undefined;
}
