import { EnvironmentError } from "../../base/errors.ts";
import type { PortVoice } from "../../cassette/model.ts";
import type { PublishedPort } from "../../replay/deck/published-ports.ts";
import type { Connection, Daemon } from "../../session/connection.ts";
import { type Listener, listen } from "./listen.ts";

const HOST = "127.0.0.1";

/**
 * Has a TCP port of this machine accept connections and hold them: `port`, or where that cannot be, any that is free.
 * Nothing is said there but what `voice` has.
 */
export async function publishPort(port: number, voice: PortVoice = {}): Promise<PublishedPort> {
  const listener = await listenAt(port, voice).catch((error: unknown) => {
    if (!(error instanceof EnvironmentError)) throw error;
    return listenAt(0, voice);
  });
  return { port: readPort(listener), close: () => listener.close() };
}

/** Has `answer` hold what comes in at a TCP port of this machine, any that is free where it is 0; undefined where it is taken. */
export async function openPort(port: number, answer: Daemon): Promise<PublishedPort | undefined> {
  try {
    const listener = await listenOnLoopback(port, answer);
    return { port: readPort(listener), close: () => listener.close() };
  } catch (error) {
    if (error instanceof EnvironmentError) return undefined;
    throw error;
  }
}

function readPort({ url }: Listener): number {
  return Number(new URL(url).port);
}

function listenAt(port: number, voice: PortVoice): Promise<Listener> {
  return listenOnLoopback(port, (connection) => speakVoice(connection, voice));
}

function listenOnLoopback(port: number, answer: Daemon): Promise<Listener> {
  return listen(`tcp://${HOST}:${port}`, answer, { onError: () => undefined });
}

async function speakVoice(connection: Connection, { greets, answers }: PortVoice): Promise<void> {
  if (greets !== undefined) await connection.write(greets);
  while ((await connection.read()) !== undefined) if (answers !== undefined) await connection.write(answers);
}
