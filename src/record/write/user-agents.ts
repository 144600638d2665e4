/** The clients of a recording, for the cassette's header: the products that User-Agents name, without their machines. */
import type { HeaderField } from "../../wire/http/head.ts";
import { findProducts } from "../../wire/http/user-agent.ts";

/** More clients than this have nothing in common. */
const AGENT_LIMIT = 8;

export class UserAgents {
  readonly #products: Set<string>;

  /** @param known the text of the recording that is added to */
  constructor(known = "") {
    this.#products = new Set(known === "" ? [] : known.split(", "));
  }

  note(fields: readonly HeaderField[]): void {
    const products = findProducts(fields);
    if (products !== "" && this.#products.size < AGENT_LIMIT) this.#products.add(products);
  }

  /** `Docker-Client/28.2.2, docker-sdk-python/5.0.3`; undefined where no request names one. */
  get text(): string | undefined {
    return this.#products.size === 0 ? undefined : [...this.#products].join(", ");
  }
}
