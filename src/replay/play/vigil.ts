import type { Exchange } from "../../cassette/model.ts";

/** What was awaited of the client, and what came instead. */
export interface Complaint {
  readonly awaited: string;
  readonly got: string;
  readonly message: string;
}

/** A stream that stands still. */
export interface Stall {
  readonly exchange: Exchange;
  readonly awaits: string;
}

/** Keeps count of who waits for what, and of clients that said something else than was recorded. */
export class Vigil {
  readonly #stalls = new Set<Stall>();
  readonly #complaints: { readonly exchange: Exchange; readonly complaint: Complaint }[] = [];

  /** `exchange` waits for something; call what is returned when it has come. */
  keep(exchange: Exchange, awaits: string): () => void {
    const stall = { exchange, awaits };
    this.#stalls.add(stall);
    return () => this.#stalls.delete(stall);
  }

  complain(exchange: Exchange, complaint: Complaint): void {
    this.#complaints.push({ exchange, complaint });
  }

  get stalls(): readonly Stall[] {
    return [...this.#stalls];
  }

  get complaints(): readonly { readonly exchange: Exchange; readonly complaint: Complaint }[] {
    return this.#complaints;
  }
}
