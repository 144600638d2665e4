import type { HeaderField } from "../../../../wire/http/head.ts";
import { computeWebsocketAccept } from "../../../../wire/streams/websocket.ts";
import { ApiError, conflictError } from "../../../model/api-error.ts";
import type { Container } from "../../../model/container.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { wordError } from "../../../model/error-wording.ts";
import type { Engine } from "../../../operations/engine.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import { parseDetachKeys } from "../../../runtime/streams/detach-keys.ts";
import {
  type AttachedClient,
  relayStreams,
  type StreamRelay,
  writePastOutput,
} from "../../../runtime/streams/relay-streams.ts";
import type { HijackedConnection } from "../../http/hijacked-connection.ts";
import type { ApiRequest } from "../../http/request.ts";
import { type ApiResponse, hijackConnection } from "../../http/response.ts";
import { handshakeHeaders, WebsocketStream } from "../../http/websocket-stream.ts";
import { RAW_STREAM, toStreamType } from "../../version/stream-type.ts";
import type { Endpoint } from "../endpoint.ts";
import { readStreams } from "./logs.ts";

/** moby hijacks the connection before it checks the container, so even its errors go out as a raw stream. */
export const containerAttach: Endpoint = {
  operation: "ContainerAttach",
  respond: async (request, engine) => {
    await request.readBytes();
    if (request.api.isLegacy) return attachLegacy(request, engine);
    return hijackConnection(async (connection) => {
      connection.dropReadAhead();
      try {
        const container = findAttachable(request, engine);
        const options = readAttachOptions(request, engine, container, { isRaw: container.config.Tty });
        // A client may start the container as soon as it has the head, so the attachment begins before it.
        const attached = attachClient(engine, container, connection, options);
        await writeUpgradeHead(request, connection, container.config.Tty);
        await attached;
      } catch (failure) {
        if (!(failure instanceof ApiError)) throw failure;
        const error = wordError(request.release, failure, request);
        await connection.writeHead(error.status, REASONS[error.status] ?? "Internal Server Error", [RAW_STREAM]);
        await connection.write(Buffer.from(`${error.message}\r\n`));
      }
    });
  },
};

/** Up to 1.11 the daemon checked the container first and never answered 101. Before 1.6 it merged both streams. */
function attachLegacy(request: ApiRequest, engine: Engine): ApiResponse {
  const container = findAttachable(request, engine);
  const isRaw = container.config.Tty || request.api.isBefore("1.6");
  const options = readAttachOptions(request, engine, container, { isRaw });
  return hijackConnection(async (connection) => {
    const attached = attachClient(engine, container, connection, options);
    await connection.writeHead(200, "OK", [RAW_STREAM]);
    await attached;
  });
}

const REASONS: Readonly<Record<number, string>> = { 400: "Bad Request", 404: "Not Found", 409: "Conflict" };

/** Answers 101 if the client asks for an upgrade, else 200 with a body that has no end. */
export async function writeUpgradeHead(
  request: ApiRequest,
  connection: HijackedConnection,
  isRaw: boolean,
  extra: readonly HeaderField[] = [],
): Promise<void> {
  const upgrade: readonly HeaderField[] = [
    ["Connection", "Upgrade"],
    ["Upgrade", "tcp"],
  ];
  if (request.getHeader("Upgrade") === undefined) await connection.writeHead(200, "OK", [RAW_STREAM, ...extra]);
  else await connection.writeHead(101, "UPGRADED", [toStreamType(request.api, isRaw), ...upgrade, ...extra]);
}

/**
 * Sends websocket messages instead of a stream. It does not multiplex stdout and stderr. The parameters that select
 * streams have been documented since 1.9, but count since 1.42.
 */
export const containerAttachWebsocket: Endpoint = {
  operation: "ContainerAttachWebsocket",
  respond: (request, engine) => {
    const container = findAttachable(request, engine);
    const hasAll = !request.api.isLegacy && request.api.isBefore("1.42");
    const options = readAttachOptions(request, engine, container, { isRaw: true, hasAll });
    return hijackConnection(async (connection) => {
      const key = request.getHeader("Sec-WebSocket-Key");
      if (key === undefined) return refuseNonWebsocket(connection);
      const client = new WebsocketStream(connection, request.api.isBefore("1.28") ? "text" : "binary");
      const attached = attachClient(engine, container, client, options);
      const protocol = request.getHeader("Sec-WebSocket-Protocol");
      await connection.writeHead(101, "Switching Protocols", handshakeHeaders(computeWebsocketAccept(key), protocol));
      await attached;
      await client.close();
    });
  },
};

async function refuseNonWebsocket(connection: HijackedConnection): Promise<void> {
  await connection.writeHead(400, "Bad Request", []);
  await connection.write(Buffer.from("not websocket protocol"));
}

/** @throws ApiError 404, 409 */
function findAttachable({ name }: ApiRequest, engine: Engine): Container {
  const container = engine.containers.find(name);
  const { status } = container.state;
  if (status === "paused") throw conflictError(`container ${name} is paused, unpause the container before attach`);
  if (status === "restarting")
    throw conflictError(`container ${name} is restarting, wait until the container is running`);
  return container;
}

/** What the client wants: the output so far, the output from now on, or both. */
interface AttachOptions {
  readonly sendsLogs: boolean;
  readonly isStream: boolean;
  readonly relay: StreamRelay;
}

/** @throws ApiError 400 for unreadable detach keys */
function readAttachOptions(
  request: ApiRequest,
  engine: Engine,
  { id, config }: Container,
  { isRaw, hasAll = false }: { readonly isRaw: boolean; readonly hasAll?: boolean },
): AttachOptions {
  const { output, stdin } = getRuntime(engine, { id });
  const detachKeys = parseDetachKeys(request.query.get("detachKeys"));
  const [isStream, hasStdin] = [request.getFlag("stream"), hasAll || request.getFlag("stdin")];
  const relay: StreamRelay = {
    output,
    stdin: isStream && hasStdin && config.OpenStdin ? stdin : undefined,
    streams: hasAll ? new Set(["stdout", "stderr"]) : readStreams(request),
    isRaw,
    atEnd: config.OpenStdin && config.StdinOnce && !config.Tty ? "closes stdin" : "leaves",
    detachKeys: config.Tty ? detachKeys : undefined,
  };
  return { sendsLogs: request.getFlag("logs"), isStream, relay };
}

async function attachClient(
  engine: Engine,
  container: Container,
  client: AttachedClient,
  options: AttachOptions,
): Promise<void> {
  const { sendsLogs, isStream, relay } = options;
  emitContainerEvent(engine, container, "attach");
  if (sendsLogs) writePastOutput(client, getRuntime(engine, container).log.lines, relay);
  if (!isStream || (relay.streams.size === 0 && relay.stdin === undefined)) return;
  if ((await relayStreams(client, relay)) === "detached") emitContainerEvent(engine, container, "detach");
}
