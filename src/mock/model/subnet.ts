/** IPv4 addresses and subnets, as numbers. */
export interface Subnet {
  /** The network's own address, which no container gets. */
  readonly first: number;
  /** The number of addresses. */
  readonly size: number;
  readonly prefix: number;
}

const CIDR = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/;

/** Parses `10.7.0.0/24`, also with a host's address such as `10.7.0.9/24`. Undefined for anything else. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, address = "", bits = ""] = CIDR.exec(text) ?? [];
  const number = parseAddress(address);
  const prefix = Number(bits);
  if (number === undefined || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { first: number - (number % size), size, prefix };
}

/** Undefined for a text that is not an IPv4 address. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

export function isInSubnet({ first, size }: Subnet, address: number): boolean {
  return address >= first && address < first + size;
}

export function isOverlapping(one: Subnet, other: Subnet): boolean {
  return isInSubnet(one, other.first) || isInSubnet(other, one.first);
}
