/**
 * The responder of a simulated daemon. It checks the route, checks the API version, calls the endpoint, and formats an
 * error for the client's version.
 */
import { toErrorMessage } from "../../base/error-message.ts";
import type { Call, Responder } from "../../session/call.ts";
import type { HeaderField } from "../../wire/http/head.ts";
import type { Endpoint } from "../api/endpoints/endpoint.ts";
import { ENDPOINTS } from "../api/endpoints/table.ts";
import { formatError } from "../api/http/error-response.ts";
import { ApiRequest } from "../api/http/request.ts";
import { type ApiResponse, emptyResponse, noContent } from "../api/http/response.ts";
import { type CommonHeaders, writeResponse } from "../api/http/write-response.ts";
import { daemonHeaders, versionHeaders } from "../api/version/daemon-headers.ts";
import { isDocumentedOperation, isRemovedOperation, toDocumentedStatus } from "../api/version/documented-operations.ts";
import { ApiError } from "../model/api-error.ts";
import { ApiVersion } from "../model/api-version.ts";
import { isOlderEngine, selectRelease } from "../model/engine-release.ts";
import { wordError } from "../model/error-wording.ts";
import { formatHttpTime } from "../model/go-time.ts";
import type { Engine } from "../operations/engine.ts";

const NO_SUCH_PAGE = "page not found";

/**
 * Responds to every request of a Docker client.
 * @example
 * const daemon = createDaemon(mock(createEngine({ clock: systemClock, startMs: Date.now() })));
 */
export function mock(engine: Engine): Responder {
  return async (call) => {
    const settled = engine.time.waitUntilSettled();
    if (settled !== undefined) await settled;
    const request = toRequest(call, engine);
    const { response, fields } = await routeCall(call, request, engine);
    await writeCall(call, request, response, fields, engine);
    return true;
  };
}

/** Writes a response that a hook or a fault made, with the daemon's own headers. */
export async function respondInstead(call: Call, response: ApiResponse, engine: Engine): Promise<void> {
  await writeCall(call, toRequest(call, engine), response, daemonHeaders(engine), engine);
}

/** Writes an error that a hook or a fault made, in the format of the client's version. */
export function refuseInstead(call: Call, status: number, message: string, engine: Engine): Promise<void> {
  return respondInstead(call, formatError(toRequest(call, engine).api, status, message), engine);
}

/** Whether the mock simulates an operation, in any API version. */
export function isSimulated(operation: string): boolean {
  return ENDPOINTS.has(operation);
}

function toRequest(call: Call, { release }: Engine): ApiRequest {
  const api = new ApiVersion(call.operation.apiVersion ?? release.maxApi);
  return new ApiRequest(call, api, selectRelease(release, api));
}

function writeCall(
  call: Call,
  { signal }: ApiRequest,
  response: ApiResponse,
  fields: readonly HeaderField[],
  engine: Engine,
): Promise<void> {
  const common: CommonHeaders = { fields, date: formatHttpTime(engine.time.now()) };
  return writeResponse(call, response, common, signal);
}

interface RoutedResponse {
  readonly response: ApiResponse;
  readonly fields: readonly HeaderField[];
}

/** For an unknown page moby's router answers, which does not write Docker's headers. */
async function routeCall(call: Call, request: ApiRequest, engine: Engine): Promise<RoutedResponse> {
  const { api } = request;
  if (!isKnown(request, engine)) return { response: formatError(api, 404, NO_SUCH_PAGE), fields: [] };
  const refusal = describeVersionRefusal(call, api, engine);
  if (refusal !== undefined) return { response: formatError(api, 400, refusal), fields: versionHeaders(engine) };
  return { response: await runEndpoint(request, engine), fields: daemonHeaders(engine) };
}

/** moby answers OPTIONS for every page. It looks up a page of a version that it refuses as if it were of today. */
function isKnown(request: ApiRequest, { minApi }: Engine): boolean {
  const { method, operation, api } = request;
  if (method === "OPTIONS") return true;
  if (operation === "Unknown") return false;
  if (api.isLegacy && !api.isBefore(minApi)) return isDocumentedOperation(operation, api);
  return !isRemovedOperation(operation) && hasEndpoint(request, ENDPOINTS.get(operation));
}

/** Operations that the simulation lacks count as known. */
function hasEndpoint({ api, release }: ApiRequest, endpoint: Partial<Endpoint> = {}): boolean {
  const { since = "0", sinceEngine = release.name, goneSinceEngine } = endpoint;
  const isGone = goneSinceEngine !== undefined && !isOlderEngine(release, goneSinceEngine);
  return !isGone && !isOlderEngine(release, sinceEngine) && !api.isBefore(since);
}

/** From moby api/server/middleware/version.go. */
function describeVersionRefusal(
  { operation: { apiVersion } }: Call,
  api: ApiVersion,
  { minApi, release: { maxApi } }: Engine,
): string | undefined {
  if (apiVersion === undefined) return undefined;
  const client = `client version ${apiVersion} is too`;
  if (api.isBefore(minApi)) {
    return `${client} old. Minimum supported API version is ${minApi}, please upgrade your client to a newer version`;
  }
  return api.isAfter(maxApi) ? `${client} new. Maximum supported API version is ${maxApi}` : undefined;
}

async function runEndpoint(request: ApiRequest, engine: Engine): Promise<ApiResponse> {
  if (request.method === "OPTIONS") return emptyResponse(200);
  try {
    const endpoint = ENDPOINTS.get(request.operation);
    if (endpoint === undefined) throw createNotSimulatedError(request.operation);
    return await endpoint.respond(request, engine);
  } catch (error) {
    if (error instanceof ApiError) return toErrorResponse(request, error);
    engine.onFault(error);
    const message = toErrorMessage(error);
    return formatError(request.api, 500, `whalesong's mock failed at ${request.operation}: ${message}`);
  }
}

/** An operation that the mock lacks never succeeds silently: its error names the operation. */
function createNotSimulatedError(operation: string): ApiError {
  return new ApiError(501, `whalesong's mock does not simulate ${operation}`);
}

function toErrorResponse(request: ApiRequest, error: ApiError): ApiResponse {
  const { api, operation } = request;
  const { status, message } = wordError(request.release, error, request);
  if (api.isLegacy)
    return status === 304 ? noContent() : formatError(api, toDocumentedStatus(operation, status), message);
  if (status !== 304) return formatError(api, status, message);
  const isOld = api.isBefore("1.24");
  return { kind: "empty", status, sendsLength: false, fields: isOld ? [["X-Content-Type-Options", "nosniff"]] : [] };
}
