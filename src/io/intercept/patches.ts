/**
 * What is replaced in Node while anything is intercepted.
 *
 * `net.Socket.prototype.connect` and not `net.connect`: every way to open a connection ends there, however it was
 * imported or captured (Node 20's http.Agent captures `createConnection` when it is loaded).
 *
 * `http.Agent` keeps connections for the next request to the same address. An intercepted connection is reused only
 * for the same address AND the same interception: otherwise a cassette would answer another test. So a request is
 * marked with its interception when it is made, and the mark is part of the pool's key.
 *
 * `http.request` is patched because msw and nock replace it, and their requests cannot be hijacked: an intercepted
 * request bypasses them. (Named imports keep Node's own function, which msw and nock do not replace either.)
 */
import http from "node:http";
import { Socket } from "node:net";
import { UsageError } from "../../base/errors.ts";
import { INTERCEPTION_MARK, type MarkedOptions } from "../connections/interception-mark.ts";
import { type Destination, type DialOptions, getRequestDestination, getSocketDestination } from "./destination.ts";
import { type NamedOptions, PoolNames } from "./pool-names.ts";
import { findTarget, type InterceptionTarget, type LookupResult } from "./registry.ts";
import type { RequestLike } from "./request-origins.ts";
import { detachBridge, failConnection } from "./socket-bridge.ts";
import { createSocketError } from "./socket-error.ts";

const BELOW = Symbol.for("whalesong.below");
const OURS = Symbol.for("whalesong.ours");

// biome-ignore lint/suspicious/noExplicitAny: whatever Node's functions take is passed on as it came
type AnyFunction = (this: any, ...parameters: any[]) => any;
type Patched = AnyFunction & { readonly [BELOW]?: AnyFunction; readonly [OURS]?: AnyFunction };
type DialledOptions = DialOptions & MarkedOptions<InterceptionTarget>;

const PATCHES: readonly (readonly [owner: object, name: string, patch: (below: AnyFunction) => AnyFunction])[] = [
  [Socket.prototype, "connect", patchConnect],
  [http.Agent.prototype, "addRequest", patchAddRequest],
  [http.Agent.prototype, "getName", patchGetName],
  [http, "request", patchRequest],
  [http, "get", (below) => patchRequest(below, (request) => request.end())],
];

/** Makes the patches outermost, also over patches of msw or nock. A patch that is outermost already stays. */
export function installPatches(): void {
  for (const [owner, name, patch] of PATCHES) {
    const functions = owner as Record<string, Patched>;
    const below = functions[name] as Patched;
    if (getOriginal(below) !== undefined) continue;
    const ours: Patched = patch(below);
    functions[name] = Object.assign(ours, { [BELOW]: below, [OURS]: ours });
  }
}

/** Removes the patches. A patch that another library has wrapped since stays in place and passes every call on. */
export function uninstallPatches(): void {
  for (const [owner, name] of PATCHES) {
    const functions = owner as Record<string, Patched>;
    const below = getOriginal(functions[name] as Patched);
    if (below !== undefined) functions[name] = below;
  }
}

/** The function below a patch; undefined for a function that is no patch. A proxy of a patch is not that patch. */
function getOriginal(patched: Patched): AnyFunction | undefined {
  return patched[OURS] === patched ? patched[BELOW] : undefined;
}

function patchConnect(below: AnyFunction): AnyFunction {
  return function connect(this: Socket, ...parameters: unknown[]): Socket {
    detachBridge(this);
    const { options, onConnect } = parseDial(parameters);
    const destination = getSocketDestination(options);
    const found = destination === undefined ? undefined : (options[INTERCEPTION_MARK] ?? findTarget(destination));
    if (found === undefined || found === "outside") return below.apply(this, parameters);
    if (onConnect !== undefined) this.once("connect", onConnect);
    connectToTarget(this, found, destination as Destination);
    return this;
  };
}

function connectToTarget(socket: Socket, found: NonNullable<LookupResult>, destination: Destination): void {
  if (found === "ambiguous") failConnection(socket, createAmbiguityError(destination));
  else if (found.isOpen) found.attach(socket, destination);
  else failConnection(socket, createSocketError("connect", "ECONNREFUSED", destination));
}

/** `connect(options)`, `connect(path)`, `connect(port, host)`, each with a listener, or as net.connect hands them on. */
function parseDial(parameters: readonly unknown[]): { options: DialledOptions; onConnect?: () => void } {
  const [first, ...rest] = Array.isArray(parameters[0]) ? parameters[0] : parameters;
  const onConnect = rest.find((one) => typeof one === "function");
  return { options: toDialOptions(first, rest[0]), ...(onConnect === undefined ? {} : { onConnect }) };
}

function toDialOptions(first: unknown, host: unknown): DialledOptions {
  if (typeof first === "object" && first !== null) return first;
  const isPath = typeof first === "string" && !(Number(first) >= 0);
  return isPath ? { path: first } : { port: first, host };
}

function patchAddRequest(below: AnyFunction): AnyFunction {
  return function addRequest(
    this: { readonly options: object },
    request: unknown,
    options: unknown,
    ...rest: unknown[]
  ): unknown {
    const target = isOptions(options) ? findRequestTarget(options, this.options) : undefined;
    if (target === undefined) return below.call(this, request, options, ...rest);
    if (target !== "outside") target.noteRequest?.(request as RequestLike);
    return withMark(options as DialledOptions, target, (marked) => below.call(this, request, marked, ...rest));
  };
}

function isOptions(options: unknown): options is DialledOptions {
  return typeof options === "object" && options !== null;
}

/** Looked up when the request is made: a queued request gets its connection in the context of another request. */
function findRequestTarget(options: DialledOptions, ofAgent: object): InterceptionTarget | "outside" | undefined {
  if (options[INTERCEPTION_MARK] !== undefined) return options[INTERCEPTION_MARK];
  const destination = getRequestDestination(mergeAddress(options, ofAgent));
  const found = destination === undefined ? undefined : findTarget(destination);
  return found === "ambiguous" ? undefined : found;
}

/**
 * Calls `add` with marked options. Node's `addRequest` copies them before it returns, so they have the mark for that long:
 * another copy would cost a twentieth of a request.
 */
function withMark(
  options: DialledOptions,
  target: InterceptionTarget | "outside",
  add: (marked: DialledOptions) => unknown,
): unknown {
  if (options[INTERCEPTION_MARK] === target) return add(options);
  if (!Object.isExtensible(options)) return add({ ...options, [INTERCEPTION_MARK]: target });
  const own = options as { [INTERCEPTION_MARK]?: InterceptionTarget | "outside" | undefined };
  own[INTERCEPTION_MARK] = target;
  try {
    return add(options);
  } finally {
    own[INTERCEPTION_MARK] = undefined;
  }
}

/** The address among the options of both. Those of the agent win, as in Node's own `addRequest`. */
function mergeAddress(options: DialOptions, ofAgent: DialOptions): DialOptions {
  return {
    socketPath: "socketPath" in ofAgent ? ofAgent.socketPath : options.socketPath,
    hostname: "hostname" in ofAgent ? ofAgent.hostname : options.hostname,
    host: "host" in ofAgent ? ofAgent.host : options.host,
    port: "port" in ofAgent ? ofAgent.port : options.port,
  };
}

function patchGetName(below: AnyFunction): AnyFunction {
  const names = new PoolNames();
  return function getName(this: http.Agent, options?: NamedOptions & MarkedOptions<InterceptionTarget>): string {
    const target = options?.[INTERCEPTION_MARK];
    if (options === undefined || target === undefined || target === "outside") return below.call(this, options);
    return names.find(options, target, () => below.call(this, options));
  };
}

function patchRequest(below: AnyFunction, sent: (request: http.ClientRequest) => void = () => undefined): AnyFunction {
  return function request(this: unknown, ...parameters: unknown[]): unknown {
    if (!isIntercepted(parameters)) return below.apply(this, parameters);
    const pristine = createPristineRequest(parameters);
    sent(pristine);
    return pristine;
  };
}

function isIntercepted([first, second]: readonly unknown[]): boolean {
  const destination = getRequestDestination(mergeAddress(toRequestAddress(first), toRequestAddress(second)));
  return destination !== undefined && findTarget(destination) !== undefined;
}

function toRequestAddress(target: unknown): DialOptions {
  const url = typeof target === "string" && URL.canParse(target) ? new URL(target) : target;
  if (url instanceof URL) return { hostname: url.hostname, port: url.port === "" ? 80 : url.port };
  return typeof url === "object" && url !== null ? url : {};
}

/** Made by Node's own class, which is reachable through every proxy of it. */
function createPristineRequest(parameters: readonly unknown[]): http.ClientRequest {
  const Pristine = http.ClientRequest.prototype.constructor as new (...parameters: unknown[]) => http.ClientRequest;
  return new Pristine(...parameters);
}

function createAmbiguityError(destination: Destination): UsageError {
  const message = `cannot tell which cassette answers a connection to \`${destination}\`: several are inserted, and this was opened outside of their scopes; connect to the cassette's own \`socketPath\`, or open it inside \`useCassette(...)\` or \`cassette.run(...)\``;
  return new UsageError("WHALESONG_AMBIGUOUS_CASSETTE", message, { fields: { destination } });
}
