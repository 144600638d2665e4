/**
 * An error of the Engine API: a status, and dockerd's message. Any room may throw it. The mock formats it for the
 * client's API version.
 */
export class ApiError extends Error {
  readonly status: number;
  /** The exit code of a failed RUN, which the error in a build's stream carries. */
  readonly code: number | undefined;

  constructor(status: number, message: string, code?: number) {
    super(message);
    this.name = new.target.name;
    this.status = status;
    this.code = code;
  }
}

/** 400 */
export function badParameter(message: string): ApiError {
  return new ApiError(400, message);
}

/** 403 */
export function forbiddenError(message: string): ApiError {
  return new ApiError(403, message);
}

/** 404 */
export function notFound(message: string): ApiError {
  return new ApiError(404, message);
}

/** 409 */
export function conflictError(message: string): ApiError {
  return new ApiError(409, message);
}

/** 500 */
export function systemError(message: string): ApiError {
  return new ApiError(500, message);
}
