/** The web that a simulated daemon sees: only the pages of its options. */
import { toBaseName } from "../../userland/files/path.ts";
import { ApiError } from "../model/api-error.ts";

/** Bodies of pages, by URL. */
export type WebPages = Readonly<Record<string, string | Buffer>>;

/** @throws ApiError 500 with the message of Go's HTTP client for an unknown page, or what is no URL */
export function getPage(pages: WebPages, address: string): Buffer {
  const url = toUrl(address);
  if (/^https?:\/\/\[[^\]/?#]*(?:[/?#]|$)/.test(url)) throw new ApiError(500, `parse "${url}": missing ']' in host`);
  const page = pages[url] ?? pages[address];
  if (page !== undefined) return Buffer.from(page as string);
  throw new ApiError(500, `Get "${url}": ${describeFailure(url)}`);
}

function toUrl(address: string): string {
  return /^https?:\/\//.test(address) ? address : `http://${address}`;
}

/** The name of the file that a URL is of. Undefined for one that ends at a folder, and for what is no URL. */
export function toPageName(url: string): string | undefined {
  const name = URL.canParse(url) ? toBaseName(new URL(url).pathname) : "/";
  return name === "/" ? undefined : name;
}

/** A name that is no address is unknown; at an address nothing listens. */
function describeFailure(url: string): string {
  const host = toHostName(url);
  const [, scheme, port] = /^(https?):\/\/[^/?#]*?(?::([^/?#:]*))?(?:[/?#]|$)/.exec(url) ?? [];
  if (!/^\d*$/.test(port ?? "") || Number(port) > MAX_PORT) return `dial tcp: address ${port}: invalid port`;
  if (!/^[\d.]+$/.test(host)) return `dial tcp: lookup ${host}: no such host`;
  return `dial tcp ${host}:${port || (scheme === "https" ? "443" : "80")}: connect: connection refused`;
}

const MAX_PORT = 65_535;

function toHostName(url: string): string {
  return /^https?:\/\/([^/:]*)/.exec(url)?.[1] ?? "";
}

/** Addresses for documentation (RFC 5737, TEST-NET-3). The hosts of pages have them, in order. */
const TEST_NET = "203.0.113.";
const PLAIN_PORT = 80;

/** The address of a host that has pages. Undefined for any other host. */
export function findWebAddress(pages: WebPages, host: string): string | undefined {
  const at = listHosts(pages).indexOf(host);
  return at === -1 ? undefined : `${TEST_NET}${at + 1}`;
}

/** The host with pages at an address. */
export function findWebHost(pages: WebPages, address: string): string | undefined {
  return address.startsWith(TEST_NET) ? listHosts(pages)[Number(address.slice(TEST_NET.length)) - 1] : undefined;
}

/** The pages of a host at a port over plain HTTP, by path. Undefined without pages. */
export function findPages(pages: WebPages, host: string, port: number): Record<string, string | Buffer> | undefined {
  const own = Object.entries(pages).flatMap(([address, page]) => {
    if (!URL.canParse(toUrl(address))) return [];
    const url = new URL(toUrl(address));
    const isIt = url.hostname === host && url.protocol === "http:" && Number(url.port || PLAIN_PORT) === port;
    return isIt ? [[url.pathname, page] as const] : [];
  });
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function listHosts(pages: WebPages): string[] {
  return [...new Set(Object.keys(pages).map((address) => toHostName(toUrl(address))))];
}
