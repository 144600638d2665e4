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
import { type Destination, type DialOptions, dialled, requested } from "./destination.ts";
import { MARK, type Marked } from "./mark.ts";
import { refuse, unplug } from "./plug.ts";
import { type Found, find } from "./registry.ts";
import { socketError } from "./socket-error.ts";

const BELOW = Symbol.for("whalesong.below");
const OURS = Symbol.for("whalesong.ours");

// biome-ignore lint/suspicious/noExplicitAny: whatever Node's functions take is passed on as it came
type AnyFunction = (this: any, ...parameters: any[]) => any;
type Patched = AnyFunction & { readonly [BELOW]?: AnyFunction; readonly [OURS]?: AnyFunction };
type DialledOptions = DialOptions & Marked;

const PATCHES: readonly (readonly [owner: object, name: string, patch: (below: AnyFunction) => AnyFunction])[] = [
  [Socket.prototype, "connect", connecting],
  [http.Agent.prototype, "addRequest", addingRequest],
  [http.Agent.prototype, "getName", naming],
  [http, "request", requesting],
  [http, "get", (below) => requesting(below, (request) => request.end())],
];

/** Puts the patches outermost, also over what msw or nock have put there since. Nothing where they are already. */
export function install(): void {
  for (const [owner, name, patch] of PATCHES) {
    const functions = owner as Record<string, Patched>;
    const below = functions[name] as Patched;
    if (belowOurs(below) !== undefined) continue;
    const ours: Patched = patch(below);
    functions[name] = Object.assign(ours, { [BELOW]: below, [OURS]: ours });
  }
}

/** Takes them out again. What somebody has wrapped since stays in there, and passes everything on. */
export function uninstall(): void {
  for (const [owner, name] of PATCHES) {
    const functions = owner as Record<string, Patched>;
    const below = belowOurs(functions[name] as Patched);
    if (below !== undefined) functions[name] = below;
  }
}

/** What a patch was put over; undefined for what is none. A proxy around one shows its properties, but is another. */
function belowOurs(patched: Patched): AnyFunction | undefined {
  return patched[OURS] === patched ? patched[BELOW] : undefined;
}

function connecting(below: AnyFunction): AnyFunction {
  return function connect(this: Socket, ...parameters: unknown[]): Socket {
    unplug(this);
    const { options, onConnect } = dialOf(parameters);
    const destination = dialled(options);
    const found = destination === undefined ? undefined : (options[MARK] ?? find(destination));
    if (found === undefined || found === "outside") return below.apply(this, parameters);
    if (onConnect !== undefined) this.once("connect", onConnect);
    join(this, found, destination as Destination);
    return this;
  };
}

function join(socket: Socket, found: NonNullable<Found>, destination: Destination): void {
  if (found === "ambiguous") refuse(socket, ambiguous(destination));
  else if (found.isOpen) found.plug(socket, destination);
  else refuse(socket, socketError("connect", "ECONNREFUSED", destination));
}

/** `connect(options)`, `connect(path)`, `connect(port, host)`, each with a listener, or as net.connect hands them on. */
function dialOf(parameters: readonly unknown[]): { options: DialledOptions; onConnect?: () => void } {
  const [given, ...rest] = Array.isArray(parameters[0]) ? parameters[0] : parameters;
  const onConnect = rest.find((one) => typeof one === "function");
  return { options: dialOptions(given, rest[0]), ...(onConnect === undefined ? {} : { onConnect }) };
}

function dialOptions(given: unknown, host: unknown): DialledOptions {
  if (typeof given === "object" && given !== null) return given;
  const isPath = typeof given === "string" && !(Number(given) >= 0);
  return isPath ? { path: given } : { port: given, host };
}

function addingRequest(below: AnyFunction): AnyFunction {
  return function addRequest(
    this: { readonly options: object },
    request: unknown,
    options: unknown,
    ...rest: unknown[]
  ): unknown {
    return below.call(this, request, marked(options, this.options), ...rest);
  };
}

/** Decided once, in the context of who asks: a queued request gets its connection in somebody else's. */
function marked(options: unknown, ofAgent: object): unknown {
  if (typeof options !== "object" || options === null || MARK in options) return options;
  const destination = requested({ ...options, ...ofAgent });
  const found = destination === undefined ? undefined : find(destination);
  return found === undefined || found === "ambiguous" ? options : { ...options, [MARK]: found };
}

function naming(below: AnyFunction): AnyFunction {
  return function getName(this: http.Agent, options?: Marked): string {
    const name: string = below.call(this, options);
    const target = options?.[MARK];
    return target === undefined || target === "outside" ? name : `${name}:whalesong-${target.id}`;
  };
}

function requesting(below: AnyFunction, sent: (request: http.ClientRequest) => void = () => undefined): AnyFunction {
  return function request(this: unknown, ...parameters: unknown[]): unknown {
    if (!isIntercepted(parameters)) return below.apply(this, parameters);
    const asking = pristineRequest(parameters);
    sent(asking);
    return asking;
  };
}

function isIntercepted([first, second]: readonly unknown[]): boolean {
  const { socketPath, hostname, host, port } = { ...partsOf(first), ...partsOf(second) };
  const destination = requested({ socketPath, hostname, host, port });
  return destination !== undefined && find(destination) !== undefined;
}

function partsOf(given: unknown): DialOptions {
  const url = typeof given === "string" && URL.canParse(given) ? new URL(given) : given;
  if (url instanceof URL) return { hostname: url.hostname, port: url.port === "" ? 80 : url.port };
  return typeof url === "object" && url !== null ? url : {};
}

/** By Node's own class, which can be reached through every proxy of it. */
function pristineRequest(parameters: readonly unknown[]): http.ClientRequest {
  const Pristine = http.ClientRequest.prototype.constructor as new (...parameters: unknown[]) => http.ClientRequest;
  return new Pristine(...parameters);
}

function ambiguous(destination: Destination): UsageError {
  const message = `cannot tell which cassette answers a connection to \`${destination}\`: several are inserted, and this was opened outside of their scopes; connect to the cassette's own \`socketPath\`, or open it inside \`useCassette(...)\` or \`cassette.run(...)\``;
  return new UsageError("WHALESONG_AMBIGUOUS_CASSETTE", message, { fields: { destination } });
}
