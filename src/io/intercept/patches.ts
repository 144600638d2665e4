/**
 * What is replaced in Node while anything is intercepted.
 *
 * `net.Socket.prototype.connect` and not `net.connect`: every way to open a connection ends there, however it was
 * imported and whoever captured it (Node 20's http.Agent captures `createConnection` when it is loaded).
 *
 * `http.Agent` keeps connections for the next request to the same place. For interceptions that is the same place
 * AND the same interception, or one test would be answered from another's cassette: a request is marked with who
 * takes it when it is made, and the mark becomes part of the pool's key.
 *
 * `http.request` for one reason: msw and nock replace it, and their requests cannot be hijacked. What is intercepted
 * here goes past them. (Named imports keep Node's own, which msw and nock do not reach either.)
 */
import http from "node:http";
import { Socket } from "node:net";
import { UsageError } from "../../base/errors.ts";
import { type Destination, type DialOptions, getSocketDestination, getRequestDestination } from "./destination.ts";
import { INTERCEPTION_MARK, type MarkedOptions } from "../connections/interception-mark.ts";
import { failConnection, detachBridge } from "./socket-bridge.ts";
import { type LookupResult, findTarget } from "./registry.ts";
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

/** Puts the patches outermost, also over what msw or nock have put there since. Nothing where they are already. */
export function installPatches(): void {
  for (const [owner, name, patch] of PATCHES) {
    const functions = owner as Record<string, Patched>;
    const below = functions[name] as Patched;
    if (getOriginal(below) !== undefined) continue;
    const ours: Patched = patch(below);
    functions[name] = Object.assign(ours, { [BELOW]: below, [OURS]: ours });
  }
}

/** Takes them out again. What somebody has wrapped since stays in there, and passes everything on. */
export function uninstallPatches(): void {
  for (const [owner, name] of PATCHES) {
    const functions = owner as Record<string, Patched>;
    const below = getOriginal(functions[name] as Patched);
    if (below !== undefined) functions[name] = below;
  }
}

/** What a patch was put over; undefined for what is none. A proxy around one shows its properties, but is another. */
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
    return below.call(this, request, markOptions(options, this.options), ...rest);
  };
}

/** Decided once, in the context of who asks: a queued request gets its connection in somebody else's. */
function markOptions(options: unknown, ofAgent: object): unknown {
  if (typeof options !== "object" || options === null || INTERCEPTION_MARK in options) return options;
  const destination = getRequestDestination({ ...options, ...ofAgent });
  const found = destination === undefined ? undefined : findTarget(destination);
  return found === undefined || found === "ambiguous" ? options : { ...options, [INTERCEPTION_MARK]: found };
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
  const { socketPath, hostname, host, port } = { ...toRequestAddress(first), ...toRequestAddress(second) };
  const destination = getRequestDestination({ socketPath, hostname, host, port });
  return destination !== undefined && findTarget(destination) !== undefined;
}

function toRequestAddress(target: unknown): DialOptions {
  const url = typeof target === "string" && URL.canParse(target) ? new URL(target) : target;
  if (url instanceof URL) return { hostname: url.hostname, port: url.port === "" ? 80 : url.port };
  return typeof url === "object" && url !== null ? url : {};
}

/** By Node's own class, which can be reached through every proxy of it. */
function createPristineRequest(parameters: readonly unknown[]): http.ClientRequest {
  const Pristine = http.ClientRequest.prototype.constructor as new (...parameters: unknown[]) => http.ClientRequest;
  return new Pristine(...parameters);
}

function createAmbiguityError(destination: Destination): UsageError {
  const message = `cannot tell which cassette answers a connection to \`${destination}\`: several are inserted, and this was opened outside of their scopes; connect to the cassette's own \`socketPath\`, or open it inside \`useCassette(...)\` or \`cassette.run(...)\``;
  return new UsageError("WHALESONG_AMBIGUOUS_CASSETTE", message, { fields: { destination } });
}
