/** The clients of a recording, for the cassette's header: the products that User-Agents name, without their machines. */
import { findFieldValue, type HeaderField } from "../wire/head.ts";

const PRODUCT = /^[\w.-]+\/v?[\w.+~-]+$/;
const MACHINES = /^(Linux|Darwin|Windows)\//i;
/** More clients than this have nothing in common. */
const AGENT_LIMIT = 8;

export class UserAgents {
  readonly #products: Set<string>;

  /** @param known the text of the recording that is added to */
  constructor(known = "") {
    this.#products = new Set(known === "" ? [] : known.split(", "));
  }

  note(fields: readonly HeaderField[]): void {
    const products = (findFieldValue(fields, "User-Agent") ?? "")
      .split(" ")
      .filter((part) => PRODUCT.test(part) && !MACHINES.test(part));
    if (products.length > 0 && this.#products.size < AGENT_LIMIT) this.#products.add(products.join(" "));
  }

  /** `Docker-Client/28.2.2, docker-sdk-python/5.0.3`; undefined where no request names one. */
  get text(): string | undefined {
    return this.#products.size === 0 ? undefined : [...this.#products].join(", ");
  }
}
