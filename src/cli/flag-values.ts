/**
 * Refuses values of flags that no verb can understand, before the verb does anything: some would never have an effect,
 * and never say so; others would be reported when a recording was over.
 */
import { UsageError } from "../base/errors.ts";
import { parseListenAddress } from "../io/listen/listen-address.ts";
import { isRegistryHost } from "../io/oci/artifact-reference.ts";
import { createAddressError, parseUpstream } from "../io/upstream/upstream.ts";
import { UsageMistake } from "./usage/usage-mistake.ts";

/** The value of `--upstream` that is no address. */
export const MOCK_UPSTREAM = "mock";
/** RFC 9110, 5.6.2: a token. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** By the flag's name in camel case, as verbs get them. A flag has one kind of value in all verbs. */
const CHECKS: Readonly<Record<string, (value: string) => void>> = {
  listen: (url) => void parseListenAddress(url),
  control: (url) => void parseListenAddress(url),
  upstream: (url) => void (url === MOCK_UPSTREAM || parseUpstream(url)),
  now: (text) => void parseTime(text),
  registry: refuseNoRegistry,
  apiCorsHeader: refuseNoOrigin,
  match: refuseNoHeader,
  image: refuseNoPair,
  maxMegabytes: refuseNoLimit,
};

/**
 * @param argv flags by their names in camel case
 * @throws UsageError
 */
export function checkFlagValues(argv: Readonly<Record<string, unknown>>): void {
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = argv[name];
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) check(String(each));
  }
}

/** @throws UsageError `WHALESONG_BAD_TIME` */
export function parseTime(text: string): Date {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime())) return date;
  throw new UsageError("WHALESONG_BAD_TIME", `--now must be a time like \`2026-11-20T12:00:00Z\`, got \`${text}\``);
}

/** An image of a host without dot or port is one of Docker Hub. */
function refuseNoRegistry(address: string): void {
  if (isRegistryHost(address)) return;
  throw createAddressError(address, "--registry takes HOST:PORT without a scheme or a path, such as `localhost:5000`");
}

function refuseNoOrigin(origin: string): void {
  if (origin === "*" || (URL.canParse(origin) && new URL(origin).origin === origin)) return;
  throw createAddressError(origin, "--api-cors-header takes `*`, or an origin such as `https://app.example.com`");
}

function refuseNoHeader(name: string): void {
  if (HEADER_NAME.test(name)) return;
  const message = `--match names a header of requests, such as \`X-Tenant\`, got \`${name}\``;
  throw new UsageError("WHALESONG_BAD_RULE", message, { fields: { field: name } });
}

function refuseNoPair(pair: string): void {
  if (pair.indexOf("=") > 0) return;
  throw new UsageMistake(`--image must be NAME=FILE, such as \`web:1=rootfs.tar\`, got \`${pair}\``, "mock");
}

function refuseNoLimit(megabytes: string): void {
  if (Number(megabytes) > 0) return;
  throw new UsageError("WHALESONG_BAD_LIMIT", "`--max-megabytes` must be a number above 0, such as `1000`");
}
