/** The web as a simulated daemon sees it: pages that are given, and nothing else. */
import { Refusal } from "../refusal.ts";

/** By url. */
export type Pages = Readonly<Record<string, string | Buffer>>;

/** @throws Refusal 500 in the words of Go's client where there is no such page */
export function pageAt(pages: Pages, address: string): Buffer {
  const url = /^https?:\/\//.test(address) ? address : `http://${address}`;
  const page = pages[url] ?? pages[address];
  if (page !== undefined) return Buffer.from(page as string);
  throw new Refusal(500, `Get "${url}": dial tcp: lookup ${hostOf(url)}: no such host`);
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/:]*)/.exec(url)?.[1] ?? "";
}
