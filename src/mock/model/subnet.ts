/** IPv4 addresses and pools of them, as numbers. */
export interface Subnet {
  /** Its first address, which is nobody's. */
  readonly first: number;
  /** How many addresses it has. */
  readonly size: number;
  readonly prefix: number;
}

const CIDR = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/;

/** `10.7.0.0/24`, also with the address of a host in it; undefined where the text is no subnet. */
export function subnetIn(text: string): Subnet | undefined {
  const [, address = "", bits = ""] = CIDR.exec(text) ?? [];
  const number = addressIn(address);
  const prefix = Number(bits);
  if (number === undefined || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { first: number - (number % size), size, prefix };
}

/** Undefined where the text is no address. */
export function addressIn(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

export function contains({ first, size }: Subnet, address: number): boolean {
  return address >= first && address < first + size;
}

export function overlap(one: Subnet, other: Subnet): boolean {
  return contains(one, other.first) || contains(other, one.first);
}
