import { decodeBytesMessage, encodeBytesMessage } from "../../wire/buildkit/files/bytes-message.ts";
import { toGrpcStatusCode } from "../../wire/grpc/status.ts";
import type { Connection } from "../connection.ts";
import type { GrpcServerCall } from "./serve-grpc.ts";

/** The connection inside of Control/Session: a session whose bytes travel as messages of a call. */
export function toTunnelConnection(call: GrpcServerCall): Connection {
  const messages = call.messages[Symbol.asyncIterator]();
  let isOver = false;
  call.signal.addEventListener("abort", () => {
    isOver = true;
  });
  call.sendHead();
  return {
    read: async () => {
      const next = await messages.next();
      return next.done === true ? undefined : decodeBytesMessage(next.value);
    },
    write: (bytes) => call.send(encodeBytesMessage(bytes)),
    end: () => call.end(),
    reset: () => call.end({ code: toGrpcStatusCode("CANCELLED"), message: "" }),
    closed: new Promise((resolve) => call.signal.addEventListener("abort", () => resolve(), { once: true })),
    get isGone() {
      return isOver;
    },
    isBroken: false,
  };
}
