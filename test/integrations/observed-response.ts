/** A client as Node's own http is one, and what it hears. */
import http, { type IncomingMessage } from "node:http";
import type { Exchange } from "../../src/cassette/model.ts";
import type { ExpectedBytes } from "../golden/expected-bytes.ts";
import { NOWHERE } from "./library-transports.ts";

export class ObservedResponse {
  status: number | undefined;
  reason: string | undefined;
  fields: readonly (readonly [string, string])[] = [];
  body: Buffer = Buffer.alloc(0);
  hasEnded = false;
  problem: Error | undefined;
  #leave: () => void = () => undefined;

  /** Asks for what an exchange asked for. */
  static async request({ request }: Exchange, script: ExpectedBytes): Promise<ObservedResponse> {
    const body = request.body === undefined ? undefined : await script.readContent(request.body);
    const length = body === undefined ? [] : [["Content-Length", `${body.length}`] as const];
    const headers = Object.fromEntries([["Connection", "keep-alive"], ...request.headers, ...length]);
    const hearing = new ObservedResponse();
    // Not a named import of `request`: msw and nock replace the module's members.
    const sent = http.request({ socketPath: NOWHERE, method: request.method, path: request.target, headers });
    sent.on("response", (answer) => hearing.#observe(answer));
    sent.on("error", (problem) => hearing.#end(problem));
    sent.end(body);
    hearing.#leave = () => sent.destroy();
    return hearing;
  }

  leave(): void {
    this.#leave();
  }

  #observe(answer: IncomingMessage): void {
    this.status = answer.statusCode;
    this.reason = answer.statusMessage;
    const { rawHeaders } = answer;
    this.fields = rawHeaders.flatMap((name, at) =>
      at % 2 === 0 ? [[name, rawHeaders[at + 1] as string] as const] : [],
    );
    answer.on("data", (bytes: Buffer) => {
      this.body = Buffer.concat([this.body, bytes]);
    });
    answer.on("end", () => this.#end());
    answer.on("error", (problem) => this.#end(problem));
  }

  #end(problem?: Error): void {
    this.hasEnded = true;
    this.problem ??= problem;
  }
}
