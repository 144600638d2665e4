/** What the daemon says no to, in its own words. Thrown by whoever finds out; the version decides how it is told. */
export class ApiError extends Error {
  readonly status: number;
  /** Told where a refusal comes in the middle of a stream: the exit code of what has failed. */
  readonly code: number | undefined;

  constructor(status: number, message: string, code?: number) {
    super(message);
    this.name = new.target.name;
    this.status = status;
    this.code = code;
  }
}

export function badParameter(message: string): ApiError {
  return new ApiError(400, message);
}

export function notFound(message: string): ApiError {
  return new ApiError(404, message);
}

export function conflict(message: string): ApiError {
  return new ApiError(409, message);
}

export function systemError(message: string): ApiError {
  return new ApiError(500, message);
}
