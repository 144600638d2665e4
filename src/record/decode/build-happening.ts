/** What happens in a build, on all its connections, in one order. A `BuildAssembler` tells it, a `BuildWriter` writes it. */

import type { GrpcStatus } from "../../wire/grpc/status.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import type { Http2Side } from "../../wire/http2/http2-event.ts";

/** A call that the client makes for one build of the group. */
interface OfCall {
  /** Counted from 1. */
  readonly build: number;
  /** `Control/Solve` */
  readonly method: string;
}

/** A call that the daemon makes on a session; the number is unique in the group. */
interface OfSessionCall {
  readonly call: number;
}

export type BuildHappening =
  /** The client has said all that it says. */
  | ({ readonly kind: "call"; readonly message: Buffer } & OfCall)
  | ({ readonly kind: "answer"; readonly message: Buffer; readonly isLast: boolean } & OfCall)
  | ({ readonly kind: "end"; readonly status: GrpcStatus } & OfCall)
  | ({ readonly kind: "cancel" } & OfCall)
  /** The daemon begins a transfer. */
  | ({
      readonly kind: "session-call";
      readonly session: string;
      readonly method: string;
      readonly fields: readonly HeaderField[];
    } & OfSessionCall)
  | ({ readonly kind: "session-message"; readonly side: Http2Side; readonly bytes: Buffer } & OfSessionCall)
  /** The transfer is over; a status other than 0 says that the client refused it. */
  | ({ readonly kind: "session-end"; readonly status: GrpcStatus | undefined } & OfSessionCall)
  /** The daemon asks for something secret. */
  | { readonly kind: "secret"; readonly of: "secret" | "ssh" | "login"; readonly id: string }
  /** The client answers with it. It is looked for, and never written. */
  | { readonly kind: "secret-value"; readonly value: Buffer };

/** A single call of BuildKit's API, as a whole. */
export interface BuildkitRead {
  readonly request: Buffer;
  readonly answers: readonly Buffer[];
  readonly status: GrpcStatus;
}
