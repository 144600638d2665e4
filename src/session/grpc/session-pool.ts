/** The sessions that clients hold open today, by the id that their headers name. A session may come before its build. */
import type { GrpcClient } from "./grpc-client.ts";

export class SessionPool {
  readonly #clients = new Map<string, GrpcClient>();
  readonly #waiting = new Map<string, ((client: GrpcClient) => void)[]>();

  add(id: string, client: GrpcClient): void {
    this.#clients.set(id, client);
    for (const resolve of this.#waiting.get(id) ?? []) resolve(client);
    this.#waiting.delete(id);
    void client.closed.then(() => this.#remove(id, client));
  }

  /** Resolves when the session stands: never, where its client does not open it. */
  waitFor(id: string): Promise<GrpcClient> {
    const client = this.#clients.get(id);
    if (client !== undefined) return Promise.resolve(client);
    return new Promise((resolve) => {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]);
    });
  }

  #remove(id: string, client: GrpcClient): void {
    if (this.#clients.get(id) === client) this.#clients.delete(id);
  }
}
