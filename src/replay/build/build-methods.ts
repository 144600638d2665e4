/** The gRPC methods that a replay treats each in its own way (src/wire/buildkit/services.ts has all). */

export const SOLVE = "/moby.buildkit.v1.Control/Solve";
export const STATUS = "/moby.buildkit.v1.Control/Status";
export const SESSION = "/moby.buildkit.v1.Control/Session";
export const LLB_SOLVE = "/moby.buildkit.v1.frontend.LLBBridge/Solve";
export const LLB_RETURN = "/moby.buildkit.v1.frontend.LLBBridge/Return";
export const HISTORY = "/moby.buildkit.v1.Control/ListenBuildHistory";
export const EXPORT_TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
/** `POST /build?version=2` of an older client, named like a method. */
export const HTTP_BUILD = "POST /build";

const LLB_PING = "/moby.buildkit.v1.frontend.LLBBridge/Ping";
const LLB_BRIDGE = "/moby.buildkit.v1.frontend.LLBBridge/";

/** Whether a call belongs to one build: its answer depends on the build's other calls. */
export function isBuildMethod(method: string): boolean {
  return method === SOLVE || method === STATUS || (method.startsWith(LLB_BRIDGE) && method !== LLB_PING);
}

/** Whether a build stands on this call: a client that gives it up leaves the build. */
export function isRootMethod(method: string): boolean {
  return method === SOLVE || method === HTTP_BUILD;
}
