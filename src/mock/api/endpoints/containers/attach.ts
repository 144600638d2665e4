import type { HeaderField } from "../../../../wire/head.ts";
import { websocketAccept } from "../../../../wire/websocket.ts";
import { ApiError, conflict } from "../../../model/api-error.ts";
import type { Container } from "../../../model/container.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { Engine } from "../../../operations/engine.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import { type Conversation, converse, type Line, tellPast } from "../../../runtime/streams/converse.ts";
import { detachKeysOf } from "../../../runtime/streams/detach-keys.ts";
import { type Answer, hijack } from "../../http/answer.ts";
import type { Hijacked } from "../../http/hijacked.ts";
import type { Request } from "../../http/request.ts";
import { handshake, WebsocketLine } from "../../http/websocket-line.ts";
import type { Endpoint } from "../endpoint.ts";
import { streamsOf } from "./logs.ts";

const RAW_STREAM: HeaderField = ["Content-Type", "application/vnd.docker.raw-stream"];

/** moby takes the connection over before it looks: so even its errors are told in a raw stream. */
export const containerAttach: Endpoint = {
  operation: "ContainerAttach",
  answer: async (request, engine) => {
    await request.bytes();
    if (request.api.isBygone) return oldAttach(request, engine);
    return hijack(async (wire) => {
      wire.forgetReadAhead();
      try {
        const container = attachable(request, engine);
        const visit = visitOf(request, engine, container, container.config.Tty);
        // Who hears the head may start the container at once: by then we must listen.
        const talking = talk(engine, container, wire, visit);
        await sayHead(request, wire);
        await talking;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        await wire.head(error.status, REASONS[error.status] ?? "Internal Server Error", [RAW_STREAM]);
        await wire.write(Buffer.from(`${error.message}\r\n`));
      }
    });
  },
};

/** Up to 1.11 it looked first, and did not leave HTTP by an upgrade; before 1.6 it merged both streams. */
function oldAttach(request: Request, engine: Engine): Answer {
  const container = attachable(request, engine);
  const isRaw = container.config.Tty || request.api.isBefore("1.6");
  const visit = visitOf(request, engine, container, isRaw);
  return hijack(async (wire) => {
    const talking = talk(engine, container, wire, visit);
    await wire.head(200, "OK", [RAW_STREAM]);
    await talking;
  });
}

const REASONS: Readonly<Record<number, string>> = { 400: "Bad Request", 404: "Not Found", 409: "Conflict" };

/** A client that asks for it leaves HTTP; others hear a body without an end. */
export async function sayHead(request: Request, wire: Hijacked, more: readonly HeaderField[] = []): Promise<void> {
  if (request.header("Upgrade") === undefined) await wire.head(200, "OK", [RAW_STREAM, ...more]);
  else await wire.head(101, "UPGRADED", [RAW_STREAM, ["Connection", "Upgrade"], ["Upgrade", "tcp"], ...more]);
}

/** Messages instead of a stream: nothing is multiplexed. */
export const containerAttachWebsocket: Endpoint = {
  operation: "ContainerAttachWebsocket",
  answer: (request, engine) => {
    const container = attachable(request, engine);
    const visit = visitOf(request, engine, container, true);
    return hijack(async (wire) => {
      const key = request.header("Sec-WebSocket-Key");
      if (key === undefined) return notWebsocket(wire);
      const line = new WebsocketLine(wire, request.api.isBefore("1.28") ? "text" : "binary");
      const talking = talk(engine, container, line, visit);
      const protocol = request.header("Sec-WebSocket-Protocol");
      await wire.head(101, "Switching Protocols", handshake(websocketAccept(key), protocol));
      await talking;
      await line.close();
    });
  },
};

async function notWebsocket(wire: Hijacked): Promise<void> {
  await wire.head(400, "Bad Request", []);
  await wire.write(Buffer.from("not websocket protocol"));
}

/** @throws Refusal 404, 409 */
function attachable({ name }: Request, engine: Engine): Container {
  const container = engine.containers.find(name);
  const { status } = container.state;
  if (status === "paused") throw conflict(`container ${name} is paused, unpause the container before attach`);
  if (status === "restarting") throw conflict(`container ${name} is restarting, wait until the container is running`);
  return container;
}

/** What a client wants to hear of the past, and of what is to come. */
interface Visit {
  readonly hasPast: boolean;
  readonly isStream: boolean;
  readonly conversation: Conversation;
}

/** @throws Refusal 400 for what cannot be understood */
function visitOf(request: Request, engine: Engine, { id, config }: Container, isRaw: boolean): Visit {
  const { output, stdin } = runtimeOf(engine, { id });
  const detachKeys = detachKeysOf(request.query.text("detachKeys"));
  const [isStream, hasStdin] = [request.flag("stream"), request.flag("stdin")];
  const conversation: Conversation = {
    output,
    stdin: isStream && hasStdin && config.OpenStdin ? stdin : undefined,
    hears: streamsOf(request),
    isRaw,
    atEnd: config.OpenStdin && config.StdinOnce && !config.Tty ? "closes stdin" : "leaves",
    detachKeys: config.Tty ? detachKeys : undefined,
  };
  return { hasPast: request.flag("logs"), isStream, conversation };
}

async function talk(engine: Engine, container: Container, line: Line, visit: Visit): Promise<void> {
  const { hasPast, isStream, conversation } = visit;
  emitContainerEvent(engine, container, "attach");
  const machine = runtimeOf(engine, container);
  if (hasPast) tellPast(line, machine.log.lines, conversation);
  if (!isStream || (conversation.hears.size === 0 && conversation.stdin === undefined)) return;
  if ((await converse(line, conversation)) === "detached") emitContainerEvent(engine, container, "detach");
}
