import { resolve } from "node:path";
import { createAddressError, parseHostAndPort } from "../upstream/upstream.ts";

/** Where a listener is to listen. */
export type ListenAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/**
 * `unix:///path` or `tcp://host:port`; no host means this machine only, no port means any that is free.
 * @throws UsageError `WHALESONG_BAD_ADDRESS`
 */
export function parseListenAddress(url: string): ListenAddress {
  if (url.startsWith("unix://") && url.length > 7) return { kind: "unix", path: resolve(url.slice(7)) };
  const tcp = url.startsWith("tcp://") ? parseHostAndPort(url.slice(6)) : undefined;
  if (tcp === undefined) throw createAddressError(url, "to listen, write `unix:///path` or `tcp://host:port`");
  return { kind: "tcp", host: tcp.host ?? "127.0.0.1", port: tcp.port ?? 0 };
}
