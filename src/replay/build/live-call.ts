/** A call of today's client: gRPC on /grpc, or the request of an older client to /build. */
import { type GrpcStatus, toGrpcStatusCode } from "../../wire/grpc/status.ts";
import { LLB_RETURN, STATUS } from "./build-methods.ts";

export interface LiveCall {
  /** Aborted when the call is over, whichever side has ended it. */
  readonly signal: AbortSignal;
  sendHead(): void;
  /** A promise where the client does not keep up. */
  send(message: Buffer): Promise<void> | undefined;
  /** @param status default: OK */
  end(status?: GrpcStatus): void;
}

const NOTHING = Buffer.alloc(0);

/** Clients print a status as one line. */
export function toOneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}

/** Ends a call with a status of this text, which the client prints. */
export function refuseCall(call: LiveCall, message: string): void {
  call.end({ code: toGrpcStatusCode("FAILED_PRECONDITION"), message });
}

/** Answers a call with an empty message. */
export function answerEmpty(call: LiveCall): void {
  void call.send(NOTHING);
  call.end();
}

/**
 * Ends a call of a build that was refused. Only Solve may tell why: an error of Status would hide the reason behind
 * "failed to receive status", and one of Return would replace it.
 */
export function endRefusedCall(method: string, call: LiveCall, message: string): void {
  if (method === STATUS) call.end();
  else if (method === LLB_RETURN) answerEmpty(call);
  else refuseCall(call, message);
}
