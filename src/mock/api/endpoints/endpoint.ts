import type { EngineName } from "../../model/engine-release.ts";
import type { Engine } from "../../operations/engine.ts";
import type { ApiRequest } from "../http/request.ts";
import type { ApiResponse } from "../http/response.ts";

/** Handles one operation of the API. `table.ts` lists all endpoints. */
export interface Endpoint {
  /** The operation's name in `src/wire/operations/routes.ts`. */
  readonly operation: string;
  /**
   * The first API version that has it. Without one, every version that dockerd speaks has it.
   * `version/documented-operations.ts` decides for older versions.
   */
  readonly since?: string;
  /** The first engine that has it, in all versions. */
  readonly sinceEngine?: EngineName;
  /** The first engine that lacks it, in all versions. */
  readonly goneSinceEngine?: EngineName;
  /** @throws ApiError, which `mock.ts` formats for the client's version */
  readonly respond: (request: ApiRequest, engine: Engine) => ApiResponse | Promise<ApiResponse>;
}
