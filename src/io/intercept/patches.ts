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
    const marked = markOptions(options, this.options);
    const { [INTERCEPTION_MARK]: target } = (marked ?? {}) as DialledOptions;
    if (target !== undefined && target !== "outside") target.noteRequest?.(request as RequestLike);
    return below.call(this, request, marked, ...rest);
  };
}

/** Looked up when the request is made: a queued request gets its connection in the context of another request. */
function markOptions(options: unknown, ofAgent: object): unknown {
  if (typeof options !== "object" || options === null || INTERCEPTION_MARK in options) return options;
  const destination = getRequestDestination(mergeAddress(options, ofAgent));
  const found = destination === undefined ? undefined : findTarget(destination);
  return found === undefined || found === "ambiguous" ? options : { ...options, [INTERCEPTION_MARK]: found };
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
  return function getName(this: http.Agent, options?: MarkedOptions<InterceptionTarget>): string {
    const name: string = below.call(this, options);
    const target = options?.[INTERCEPTION_MARK];
    return target === undefined || target === "outside" ? name : `${name}:whalesong-${target.id}`;
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
