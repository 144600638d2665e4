/** What all parts of one build share. */

import { waitUntilSettledOrAborted } from "../../../base/abort.ts";
import type { GrpcClient } from "../../../session/grpc/grpc-client.ts";
import type { Engine } from "../engine.ts";
import type { BuildProgress } from "./build-progress.ts";
import type { BuildkitBuilder } from "./buildkit-builder.ts";
import { createCancelError } from "./solve-error.ts";
import type { SolveOptions } from "./solve-options.ts";

export interface SolveScope {
  readonly engine: Engine;
  readonly builder: BuildkitBuilder;
  readonly options: SolveOptions;
  readonly progress: BuildProgress;
  /** Aborted when the client is gone: then the build stops. */
  readonly signal: AbortSignal;
}

/** Waits for a session that the client opens. @throws SolveError if the client goes before */
export async function waitForSession({ builder, signal }: SolveScope, id: string): Promise<GrpcClient> {
  const session = builder.sessions.waitFor(id);
  await waitUntilSettledOrAborted(session, signal);
  if (signal.aborted) throw createCancelError();
  return session;
}
