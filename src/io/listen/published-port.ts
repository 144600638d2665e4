import { EnvironmentError } from "../../base/errors.ts";
import type { PortVoice } from "../../cassette/model.ts";
import type { PublishedPort } from "../../replay/deck/published-ports.ts";
import type { Connection, Daemon } from "../../session/connection.ts";
import { type Listener, listen } from "./listen.ts";

const HOST = "127.0.0.1";

/**
 * Accepts connections on TCP `port` of 127.0.0.1, or on any free port if that one is taken. They receive only what
 * `voice` says.
 */
export async function publishPort(port: number, voice: PortVoice = {}): Promise<PublishedPort> {
  const listener = await listenAt(port, voice).catch((error: unknown) => {
    if (!(error instanceof EnvironmentError)) throw error;
    return listenAt(0, voice);
  });
  return { port: readPort(listener), close: () => listener.close() };
}

/** Gives `answer` the connections to TCP `port` of 127.0.0.1 (0: any free port). Undefined if the port is taken. */
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
