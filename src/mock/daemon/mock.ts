/**
 * A simulated daemon as one who answers. A call goes: is there such a page, is the version spoken here, who answers
 * it; and whatever is refused is told in the manner of the client's version.
 */
import type { Call, Responder } from "../../session/call.ts";
import type { HeaderField } from "../../wire/head.ts";
import { ENDPOINTS } from "../api/endpoints/table.ts";
import { type Answer, noBody, nothing } from "../api/http/answer.ts";
import { Request } from "../api/http/request.ts";
import { type Letterhead, writeAnswer } from "../api/http/write-answer.ts";
import { daemonFields, versionFields } from "../api/version/daemon-fields.ts";
import { documentedStatus, isDocumented, isGone } from "../api/version/documented.ts";
import { errorAnswer } from "../api/version/errors.ts";
import { ApiError } from "../model/api-error.ts";
import { ApiVersion } from "../model/api-version.ts";
import { MAX_API } from "../model/daemon-version.ts";
import { httpTime } from "../model/go-time.ts";
import type { Engine } from "../operations/engine.ts";

const NO_SUCH_PAGE = "page not found";

/** Answers everything that a client of Docker can ask. */
export function mock(engine: Engine): Responder {
  return async (call) => {
    const settled = engine.time.settled();
    if (settled !== undefined) await settled;
    const request = requestOf(call);
    const { answer, fields } = await answered(call, request, engine);
    await write(call, request, answer, fields, engine);
    return true;
  };
}

/** Says what somebody else has thought of, on the daemon's own paper. */
export async function sayInstead(call: Call, answer: Answer, engine: Engine): Promise<void> {
  await write(call, requestOf(call), answer, daemonFields(engine), engine);
}

/** Refuses for somebody else, in the manner of the client's version. */
export function refuseInstead(call: Call, status: number, message: string, engine: Engine): Promise<void> {
  return sayInstead(call, errorAnswer(requestOf(call).api, status, message), engine);
}

/** Whether an operation is simulated, in whatever version. */
export function isSimulated(operation: string): boolean {
  return ENDPOINTS.has(operation);
}

function requestOf(call: Call): Request {
  return new Request(call, new ApiVersion(call.operation.apiVersion ?? MAX_API));
}

function write(
  call: Call,
  { left }: Request,
  answer: Answer,
  fields: readonly HeaderField[],
  engine: Engine,
): Promise<void> {
  const letterhead: Letterhead = { fields, date: httpTime(engine.time.now()) };
  return writeAnswer(call, answer, letterhead, left);
}

interface Answered {
  readonly answer: Answer;
  readonly fields: readonly HeaderField[];
}

/** Where there is no such page, the router answers, which knows nothing of Docker's headers. */
async function answered(call: Call, request: Request, engine: Engine): Promise<Answered> {
  const { api } = request;
  if (!isKnown(request, engine)) return { answer: errorAnswer(api, 404, NO_SUCH_PAGE), fields: [] };
  const refused = versionRefusal(call, api, engine);
  if (refused !== undefined) return { answer: errorAnswer(api, 400, refused), fields: versionFields() };
  return { answer: await asked(request, engine), fields: daemonFields(engine) };
}

/** A browser may ask about any page what it may do there. A version that is refused is not looked up. */
function isKnown({ method, operation, api }: Request, { minApi }: Engine): boolean {
  if (method === "OPTIONS") return true;
  if (operation === "Unknown") return false;
  if (api.isBygone && !api.isBefore(minApi)) return isDocumented(operation, api);
  return !isGone(operation) && !api.isBefore(ENDPOINTS.get(operation)?.since ?? "0");
}

/** moby api/server/middleware/version.go */
function versionRefusal({ operation: { apiVersion } }: Call, api: ApiVersion, { minApi }: Engine): string | undefined {
  if (apiVersion === undefined) return undefined;
  const client = `client version ${apiVersion} is too`;
  if (api.isBefore(minApi)) {
    return `${client} old. Minimum supported API version is ${minApi}, please upgrade your client to a newer version`;
  }
  return api.isAfter(MAX_API) ? `${client} new. Maximum supported API version is ${MAX_API}` : undefined;
}

async function asked(request: Request, engine: Engine): Promise<Answer> {
  if (request.method === "OPTIONS") return noBody(200);
  try {
    const endpoint = ENDPOINTS.get(request.operation);
    if (endpoint === undefined) throw notSimulated(request.operation);
    return await endpoint.answer(request, engine);
  } catch (error) {
    if (error instanceof ApiError) return refusal(request, error);
    engine.onFault(error);
    const message = error instanceof Error ? error.message : String(error);
    return errorAnswer(request.api, 500, `whalesong's mock failed at ${request.operation}: ${message}`);
  }
}

/** Never a silent success: who meets it is to know what is missing. */
function notSimulated(operation: string): ApiError {
  return new ApiError(501, `whalesong's mock does not simulate ${operation}`);
}

function refusal({ api, operation }: Request, { status, message }: ApiError): Answer {
  if (api.isBygone) return status === 304 ? nothing() : errorAnswer(api, documentedStatus(operation, status), message);
  if (status !== 304) return errorAnswer(api, status, message);
  const isOld = api.isBefore("1.24");
  return { kind: "empty", status, saysLength: false, fields: isOld ? [["X-Content-Type-Options", "nosniff"]] : [] };
}
