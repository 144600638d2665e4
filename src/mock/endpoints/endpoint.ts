import type { Engine } from "../engine.ts";
import type { Answer } from "../http/answer.ts";
import type { Request } from "../http/request.ts";

/** One operation of the API, answered. */
export interface Endpoint {
  /** As in `src/wire/routes.ts`. */
  readonly operation: string;
  /** The first version that knows it, of those that dockerd still speaks; for older ones see `version/documented.ts`. */
  readonly since?: string;
  /** @throws Refusal: it is told in the manner of the client's version */
  readonly answer: (request: Request, engine: Engine) => Answer | Promise<Answer>;
}
