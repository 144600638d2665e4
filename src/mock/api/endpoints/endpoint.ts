import type { Engine } from "../../operations/engine.ts";
import type { ApiRequest } from "../http/request.ts";
import type { ApiResponse } from "../http/response.ts";

/** One operation of the API, answered. */
export interface Endpoint {
  /** As in `src/wire/routes.ts`. */
  readonly operation: string;
  /** The first version that knows it: dockerd 20.10 knows what has none in all versions that it speaks. For older ones see `version/documented.ts`. */
  readonly since?: string;
  /** @throws Refusal: it is told in the manner of the client's version */
  readonly respond: (request: ApiRequest, engine: Engine) => ApiResponse | Promise<ApiResponse>;
}
