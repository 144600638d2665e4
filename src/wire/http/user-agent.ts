/** What a client calls itself: the products of its User-Agent (RFC 9110, section 10.1.5), without its machine. */
import { findFieldValue, type HeaderField } from "./head.ts";

const PRODUCT = /^[\w.-]+\/v?[\w.+~-]+$/;
const MACHINES = /^(Linux|Darwin|Windows)\//i;

/**
 * The products, such as `Docker-Client/28.5.2`, or `compose/2.40 Docker-Client/28.5.2`.
 * @returns "" if the client names none
 */
export function findProducts(fields: readonly HeaderField[]): string {
  return (findFieldValue(fields, "User-Agent") ?? "")
    .split(" ")
    .filter((part) => PRODUCT.test(part) && !MACHINES.test(part))
    .join(" ");
}
