/**
 * A few paths beside the Docker API, on the same socket, so that a test in any language can look at what answers it
 * and change it (docs/cli.md, "Playback control").
 */
import { WhalesongError } from "../base/errors.ts";
import type { Call, Responder } from "./call.ts";

const ROOT = "/_whalesong";
/** More than any command needs. */
const BODY_LIMIT = 1024 * 1024;

export interface ControlAnswer {
  readonly status: number;
  readonly reason: string;
  /** JSON. */
  readonly body: string;
}

/** @throws WhalesongError: it is told with `400` and its code */
export type Command = (call: Call) => ControlAnswer | Promise<ControlAnswer>;

/** By method and path: `GET /_whalesong/state`. */
export type Commands = ReadonlyMap<string, Command>;

/** Answers what is asked of the answerer itself; declines what is asked of Docker. */
export function controlled(commands: Commands): Responder {
  return (call) => isControl(call) && obey(call, commands);
}

/** Where nothing can be controlled: the daemon behind it never hears of it. */
export function uncontrolled(why: string): Responder {
  return (call) => isControl(call) && say(call, notFound(why));
}

/** What both know is asked of both, and what they say is put into one object; the rest is as it was. */
export function joinedCommands(one: Commands, other: Commands): Commands {
  const shared = [...one].flatMap(([name, first]): [string, Command][] => {
    const second = other.get(name);
    return second === undefined ? [] : [[name, async (call) => merged(await first(call), await second(call))]];
  });
  return new Map([...one, ...other, ...shared]);
}

function merged(one: ControlAnswer, other: ControlAnswer): ControlAnswer {
  return okJson({ ...JSON.parse(one.body), ...JSON.parse(other.body) });
}

function isControl({ operation: { path } }: Call): boolean {
  return path.startsWith(ROOT) && (path.length === ROOT.length || path[ROOT.length] === "/");
}

async function obey(call: Call, commands: Commands): Promise<boolean> {
  const command = commands.get(`${call.head.method} ${call.operation.path}`);
  if (command === undefined) return say(call, unknownCommand(call, commands));
  try {
    return await say(call, await command(call));
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    return say(call, refused(400, "Bad Request", error.message, error.code));
  }
}

function unknownCommand({ head: { method }, operation: { path } }: Call, commands: Commands): ControlAnswer {
  return notFound(
    `there is no \`${method} ${path}\`; there is ${[...commands.keys()].map((name) => `\`${name}\``).join(", ")}`,
  );
}

/** The body's text; what is beyond a limit is dropped. */
export async function controlText(call: Call): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of call.body()) {
    size += piece.length;
    if (size <= BODY_LIMIT) pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** `body`: JSON. */
export function ok(body: string): ControlAnswer {
  return { status: 200, reason: "OK", body };
}

export function okJson(value: unknown): ControlAnswer {
  return ok(`${JSON.stringify(value)}\n`);
}

export function notFound(message: string): ControlAnswer {
  return refused(404, "Not Found", message);
}

export function refused(status: number, reason: string, message: string, code?: string): ControlAnswer {
  return { status, reason, body: `${JSON.stringify({ message, code })}\n` };
}

async function say(call: Call, { status, reason, body }: ControlAnswer): Promise<boolean> {
  if (!call.isRead) await call.drain();
  const bytes = Buffer.from(body);
  const head = call.headBytes(status, reason, [
    ["Content-Type", "application/json"],
    ["Content-Length", String(bytes.length)],
    ...(call.afterwards === "close" ? [["Connection", "close"] as const] : []),
  ]);
  await call.connection.write(call.head.method === "HEAD" ? head : Buffer.concat([head, bytes]));
  return true;
}
