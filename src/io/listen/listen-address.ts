import { resolve } from "node:path";
import { createAddressError, parseHostAndPort } from "../upstream/upstream.ts";

/** The address of a listener. */
export type ListenAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/**
 * Parses `unix:///path` or `tcp://host:port`. Without a host it is 127.0.0.1, without a port any free port.
 * @throws UsageError `WHALESONG_BAD_ADDRESS`
 */
export function parseListenAddress(url: string): ListenAddress {
  if (url.startsWith("unix://") && url.length > 7) return { kind: "unix", path: resolve(url.slice(7)) };
  const tcp = url.startsWith("tcp://") ? parseHostAndPort(url.slice(6)) : undefined;
  if (tcp === undefined) throw createAddressError(url, "to listen, write `unix:///path` or `tcp://host:port`");
  return { kind: "tcp", host: tcp.host ?? "127.0.0.1", port: tcp.port ?? 0 };
}
