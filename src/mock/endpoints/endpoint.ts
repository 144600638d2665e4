import type { Engine } from "../engine.ts";
import type { Answer } from "../http/answer.ts";
import type { Request } from "../http/request.ts";

/** One operation of the API, answered. */
export interface Endpoint {
  /** As in `src/wire/routes.ts`. */
  readonly operation: string;
  /** The versions that know it; to others there is no such page. */
  readonly since?: string;
  readonly until?: string;
  /** @throws Refusal: it is told in the manner of the client's version */
  readonly answer: (request: Request, engine: Engine) => Answer | Promise<Answer>;
}
