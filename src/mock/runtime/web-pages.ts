/** The web as a simulated daemon sees it: pages that are given, and nothing else. */
import { ApiError } from "../model/api-error.ts";

/** By url. */
export type Pages = Readonly<Record<string, string | Buffer>>;

/** @throws Refusal 500 in the words of Go's client where there is no such page */
export function pageAt(pages: Pages, address: string): Buffer {
  const url = whole(address);
  const page = pages[url] ?? pages[address];
  if (page !== undefined) return Buffer.from(page as string);
  throw new ApiError(500, `Get "${url}": dial tcp: lookup ${hostOf(url)}: no such host`);
}

function whole(address: string): string {
  return /^https?:\/\//.test(address) ? address : `http://${address}`;
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/:]*)/.exec(url)?.[1] ?? "";
}

/** Addresses that are nobody's (RFC 5737, TEST-NET-3): hosts of pages have them, in their order. */
const NOBODYS = "203.0.113.";
const PLAIN_PORT = 80;

/** The address of a host that has pages. */
export function webAddress(pages: Pages, host: string): string | undefined {
  const at = hostsOf(pages).indexOf(host);
  return at === -1 ? undefined : `${NOBODYS}${at + 1}`;
}

/** The host at an address. */
export function webHost(pages: Pages, address: string): string | undefined {
  return address.startsWith(NOBODYS) ? hostsOf(pages)[Number(address.slice(NOBODYS.length)) - 1] : undefined;
}

/** What a host says at a port over plain HTTP, by path; undefined where it says nothing. */
export function pagesAt(pages: Pages, host: string, port: number): Record<string, string | Buffer> | undefined {
  const own = Object.entries(pages).flatMap(([address, page]) => {
    const url = new URL(whole(address));
    const isIt = url.hostname === host && url.protocol === "http:" && Number(url.port || PLAIN_PORT) === port;
    return isIt ? [[url.pathname, page] as const] : [];
  });
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function hostsOf(pages: Pages): string[] {
  return [...new Set(Object.keys(pages).map((address) => hostOf(whole(address))))];
}
