/** The taken addresses of each network. */
export class AddressAllocator {
  readonly #taken = new Map<string, Set<string>>();
  /** By network, the number below which no address is free. It keeps allocation fast with ten thousand containers. */
  readonly #lowest = new Map<string, number>();

  isTaken(networkId: string, address: string): boolean {
    return this.#taken.get(networkId)?.has(address) === true;
  }

  /** The first free address from `first` on and below `end`. Undefined if all are taken. */
  findFree(networkId: string, first: number, end: number, textOf: (number: number) => string): string | undefined {
    for (let number = Math.max(first, this.#lowest.get(networkId) ?? 0); number < end; number += 1) {
      const address = textOf(number);
      if (this.isTaken(networkId, address)) continue;
      this.#lowest.set(networkId, number);
      return address;
    }
    return undefined;
  }

  take(networkId: string, address: string): void {
    const taken = this.#taken.get(networkId) ?? new Set();
    this.#taken.set(networkId, taken.add(address));
  }

  release(networkId: string, address: string): void {
    if (this.#taken.get(networkId)?.delete(address) === true) this.#lowest.delete(networkId);
  }
}
