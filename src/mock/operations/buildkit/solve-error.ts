/** Why a build fails, as BuildKit tells its client: a gRPC status, and the lines of the Dockerfile (buildkit solver/errdefs). */
import { encodeRpcStatus } from "../../../wire/buildkit/status-details.ts";
import { type GrpcStatus, toGrpcStatusCode } from "../../../wire/grpc/status.ts";
import { ApiError } from "../../model/api-error.ts";

/** The lines of a Dockerfile that the client prints with `>>>`. */
export interface DockerfileExcerpt {
  readonly filename: string;
  /** The whole file. */
  readonly text: string;
  /** From 1. */
  readonly first: number;
  readonly last: number;
}

const SOURCE = "github.com/moby/buildkit/errdefs.Source+json";
const UNKNOWN = toGrpcStatusCode("UNKNOWN");

export class SolveError extends Error {
  readonly code: number;
  readonly source: DockerfileExcerpt | undefined;

  constructor(
    message: string,
    { code = UNKNOWN, source }: { code?: number; source?: DockerfileExcerpt | undefined } = {},
  ) {
    super(message);
    this.code = code;
    this.source = source;
  }
}

/** The error with the lines at which it happened. Errors of the simulator itself pass as they are. */
export function withSource(error: unknown, source: DockerfileExcerpt): unknown {
  if (error instanceof SolveError) {
    return error.source === undefined ? new SolveError(error.message, { code: error.code, source }) : error;
  }
  return error instanceof ApiError ? new SolveError(error.message, { source }) : error;
}

export function toSolveError(error: unknown): SolveError | undefined {
  if (error instanceof SolveError) return error;
  return error instanceof ApiError ? new SolveError(error.message) : undefined;
}

export function createCancelError(): SolveError {
  return new SolveError("context canceled", { code: toGrpcStatusCode("CANCELLED") });
}

export function toFailedStatus({ code, message, source }: SolveError): GrpcStatus {
  if (source === undefined) return { code, message };
  const value = Buffer.from(JSON.stringify(toSourceJson(source)), "utf8");
  return { code, message, details: encodeRpcStatus({ code, message, details: [{ typeUrl: SOURCE, value }] }) };
}

function toSourceJson({ filename, text, first, last }: DockerfileExcerpt): object {
  return {
    info: { filename, data: Buffer.from(text, "utf8").toString("base64"), language: "Dockerfile" },
    ranges: [{ start: { line: first }, end: { line: last } }],
  };
}
