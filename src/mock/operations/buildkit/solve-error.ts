/** Why a build fails, as BuildKit tells its client: a gRPC status, and the lines of the Dockerfile (buildkit solver/errdefs). */
import { encodeRpcStatus } from "../../../wire/buildkit/status-details.ts";
import { type GrpcStatus, toGrpcStatusCode } from "../../../wire/grpc/status.ts";
import { ApiError } from "../../model/api-error.ts";
import { DockerfileError } from "../dockerfile/dockerfile-error.ts";
import type { DockerfileInstruction } from "../dockerfile/instruction.ts";

/** Lines of a Dockerfile, from 1: clients print them with `>>>`. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

type InstructionLines = Pick<DockerfileInstruction, "line" | "lastLine">;

export interface DockerfileText {
  readonly filename: string;
  readonly text: string;
}

const SOURCE = "github.com/moby/buildkit/errdefs.Source+json";
const UNKNOWN = toGrpcStatusCode("UNKNOWN");

interface SolveErrorParts {
  readonly code?: number;
  /** What the step is called to have failed at: clients print it before the message, but not at the step. */
  readonly prefix?: string;
  /** What clients print last comes first. */
  readonly sources?: readonly LineRange[];
}

export class SolveError extends Error {
  readonly code: number;
  readonly prefix: string;
  readonly sources: readonly LineRange[];

  constructor(message: string, { code = UNKNOWN, prefix = "", sources = [] }: SolveErrorParts = {}) {
    super(message);
    this.code = code;
    this.prefix = prefix;
    this.sources = sources;
  }

  /** What the client prints. */
  get reason(): string {
    return `${this.prefix}${this.message}`;
  }
}

/** The error with the lines at which it happened. Errors of the simulator itself pass as they are. */
function withSource(error: unknown, source: LineRange): unknown {
  const known = toSolveError(error);
  if (known === undefined) return error;
  return known.sources.length === 0 ? withLines(known, source) : known;
}

/** The error with the lines of the instruction at which it happened. */
export function withInstruction(error: unknown, { line, lastLine }: InstructionLines): unknown {
  return withSource(error, { first: line, last: lastLine });
}

/** Does what an instruction is to blame for. @throws SolveError with its lines */
export function blameInstruction<T>(instruction: InstructionLines, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withInstruction(error, instruction);
  }
}

/** The error with more lines; clients print them before those that it has. */
export function withLines(error: unknown, source: LineRange): unknown {
  const known = toSolveError(error);
  if (known === undefined) return error;
  const { message, code, prefix, sources } = known;
  return new SolveError(message, { code, prefix, sources: [source, ...sources] });
}

export function toSolveError(error: unknown): SolveError | undefined {
  if (error instanceof SolveError) return error;
  if (error instanceof DockerfileError) return new SolveError(error.message, { sources: [error] });
  return error instanceof ApiError ? new SolveError(error.message) : undefined;
}

const CANCELLED = toGrpcStatusCode("CANCELLED");

export function createCancelError(): SolveError {
  return new SolveError("context canceled", { code: CANCELLED });
}

export function isCancelError(error: unknown): boolean {
  return error instanceof SolveError && error.code === CANCELLED;
}

/** @param file where the lines of the error are from; without it clients print none */
export function toFailedStatus({ code, reason, sources }: SolveError, file?: DockerfileText): GrpcStatus {
  if (sources.length === 0 || file === undefined) return { code, message: reason };
  const details = sources.map((source) => ({
    typeUrl: SOURCE,
    value: Buffer.from(JSON.stringify({ info: toSourceInfo(file), ranges: [toRangeJson(source)] }), "utf8"),
  }));
  return { code, message: reason, details: encodeRpcStatus({ code, message: reason, details }) };
}

/** As protobuf's JSON has it. */
export function toSourceInfo({ filename, text }: DockerfileText): object {
  return { filename, data: Buffer.from(text, "utf8").toString("base64"), language: "Dockerfile" };
}

export function toRangeJson({ first, last }: LineRange): object {
  return { start: { line: first }, end: { line: last } };
}
