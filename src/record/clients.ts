/** Who asked, for the cassette's header: the products that User-Agents name, without the machines they run on. */
import { fieldValue, type HeaderField } from "../wire/head.ts";

const PRODUCT = /^[\w.-]+\/v?[\w.+~-]+$/;
const MACHINES = /^(Linux|Darwin|Windows)\//i;
/** More clients than this have nothing in common. */
const MOST = 8;

export class Clients {
  readonly #seen: Set<string>;

  /** @param known those of the recording that is added to */
  constructor(known = "") {
    this.#seen = new Set(known === "" ? [] : known.split(", "));
  }

  note(fields: readonly HeaderField[]): void {
    const products = (fieldValue(fields, "User-Agent") ?? "")
      .split(" ")
      .filter((part) => PRODUCT.test(part) && !MACHINES.test(part));
    if (products.length > 0 && this.#seen.size < MOST) this.#seen.add(products.join(" "));
  }

  /** `Docker-Client/28.2.2, docker-sdk-python/5.0.3`; undefined if none said so. */
  get text(): string | undefined {
    return this.#seen.size === 0 ? undefined : [...this.#seen].join(", ");
  }
}
