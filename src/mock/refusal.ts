/** What the daemon says no to, in its own words. Thrown by whoever finds out; the version decides how it is told. */
export class Refusal extends Error {
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

export function badParameter(message: string): Refusal {
  return new Refusal(400, message);
}

export function notFound(message: string): Refusal {
  return new Refusal(404, message);
}

export function conflict(message: string): Refusal {
  return new Refusal(409, message);
}

export function systemError(message: string): Refusal {
  return new Refusal(500, message);
}
