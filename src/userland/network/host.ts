/** The network as the processes of one container see it: who they are, whom they know, whom they reach. */
import type { Connection } from "../../session/connection.ts";
import { connectionPair } from "../../session/pair.ts";
import type { Disk } from "../files/disk.ts";
import { Listeners } from "./listeners.ts";

export interface Host {
  /** Its addresses, the first of which it tells of itself. */
  readonly addresses: readonly string[];
  /** Where names are asked for that are not in /etc/hosts. */
  readonly nameserver: string;
  /** Its own processes that listen. */
  readonly listeners: Listeners;
  /** The address of another one by its name. */
  addressOf(name: string): string | undefined;
  /** Whether anybody has the address. */
  isThere(address: string): boolean;
  /** A connection; or that nobody listens there, or that there is no way. */
  connect(address: string, port: number): Connection | "refused" | "unreachable";
}

/** One that is in no network. */
export function lonelyHost(): Host {
  const listeners = new Listeners();
  return {
    addresses: [],
    nameserver: "127.0.0.11",
    listeners,
    addressOf: () => undefined,
    isThere: isLocal,
    connect: (address, port) => (isLocal(address) ? connectTo(listeners, port) : "unreachable"),
  };
}

function connectTo(listeners: Listeners, port: number): Connection | "refused" {
  const daemon = listeners.at(port);
  if (daemon === undefined) return "refused";
  const [near, far] = connectionPair();
  void daemon(far);
  return near;
}

export function isLocal(address: string): boolean {
  return address.startsWith("127.") || address === "0.0.0.0" || address === "::1";
}

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** As gethostbyname(3): an address, a name in /etc/hosts, or one that the name server knows. */
export function resolve(
  { table: { host, disk } }: { readonly table: { readonly host: Host; readonly disk: Disk } },
  name: string,
): string | undefined {
  if (ADDRESS.test(name)) return name;
  return inHosts(disk, name) ?? host.addressOf(name.toLowerCase().replace(/\.$/, ""));
}

function inHosts(disk: Disk, wanted: string): string | undefined {
  const file = disk.peek("/etc/hosts");
  if (file?.kind !== "file") return undefined;
  for (const line of file.content.toString("utf8").split("\n")) {
    const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (names.includes(wanted) && ADDRESS.test(address)) return address;
  }
  return undefined;
}
