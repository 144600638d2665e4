/** The host ports that containers hold, by address (moby libnetwork/portallocator). */
import type { EngineState } from "../../model/engine-state.ts";
import type { PortBinding } from "../../model/host-config.ts";

const ANY_ADDRESSES: ReadonlySet<string> = new Set(["", "0.0.0.0", "::"]);
const ANY = "0.0.0.0";

/** How a requested port clashes with a held one: at the same address, or because one of both is for all addresses. */
export type PortClash = "same address" | "all addresses";

export class TakenPorts {
  readonly #addresses = new Map<string, Set<string>>();

  constructor({ containers }: Pick<EngineState, "containers">) {
    for (const { ports } of containers) {
      for (const [port, bindings] of Object.entries(ports))
        for (const binding of bindings ?? []) this.add(port, binding);
    }
  }

  /** @param port the container's port, whose protocol counts: `80/tcp` */
  add(port: string, { HostIp, HostPort }: PortBinding): void {
    const key = toKey(port, HostPort);
    const addresses = this.#addresses.get(key) ?? new Set();
    this.#addresses.set(key, addresses.add(toAddress(HostIp)));
  }

  findClash(port: string, { HostIp, HostPort }: PortBinding): PortClash | undefined {
    const addresses = this.#addresses.get(toKey(port, HostPort));
    if (addresses === undefined) return undefined;
    const address = toAddress(HostIp);
    if (addresses.has(address)) return "same address";
    return address === ANY || addresses.has(ANY) ? "all addresses" : undefined;
  }
}

function toAddress(hostIp: string): string {
  return ANY_ADDRESSES.has(hostIp) ? ANY : hostIp;
}

function toKey(port: string, hostPort: string): string {
  return `${hostPort}/${port.split("/")[1] ?? "tcp"}`;
}
