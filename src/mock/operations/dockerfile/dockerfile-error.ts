import { ApiError } from "../../model/api-error.ts";

/** A Dockerfile that BuildKit cannot read, and the lines at fault. */
export class DockerfileError extends ApiError {
  /** From 1. */
  readonly first: number;
  readonly last: number;

  constructor(message: string, first: number, last: number) {
    super(400, message);
    this.first = first;
    this.last = last;
  }
}
