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
export type ControlCommand = (call: Call) => ControlAnswer | Promise<ControlAnswer>;

/** By method and path: `GET /_whalesong/state`. */
export type ControlCommands = ReadonlyMap<string, ControlCommand>;

/** Answers what is asked of the answerer itself; declines what is asked of Docker. */
export function createControlResponder(commands: ControlCommands): Responder {
  return (call) => isControl(call) && runCommand(call, commands);
}

/** Where nothing can be controlled: the daemon behind it never hears of it. */
export function createControlRefusal(why: string): Responder {
  return (call) => isControl(call) && writeAnswer(call, toNotFoundAnswer(why));
}

/** What both know is asked of both, and what they say is put into one object; the rest is as it was. */
export function joinCommands(one: ControlCommands, other: ControlCommands): ControlCommands {
  const shared = [...one].flatMap(([name, first]): [string, ControlCommand][] => {
    const second = other.get(name);
    return second === undefined ? [] : [[name, async (call) => mergeAnswers(await first(call), await second(call))]];
  });
  return new Map([...one, ...other, ...shared]);
}

function mergeAnswers(one: ControlAnswer, other: ControlAnswer): ControlAnswer {
  return toJsonAnswer({ ...JSON.parse(one.body), ...JSON.parse(other.body) });
}

function isControl({ operation: { path } }: Call): boolean {
  return path.startsWith(ROOT) && (path.length === ROOT.length || path[ROOT.length] === "/");
}

async function runCommand(call: Call, commands: ControlCommands): Promise<boolean> {
  const command = commands.get(`${call.head.method} ${call.operation.path}`);
  if (command === undefined) return writeAnswer(call, toUnknownCommandAnswer(call, commands));
  try {
    return await writeAnswer(call, await command(call));
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    return writeAnswer(call, toErrorAnswer(400, "Bad Request", error.message, error.code));
  }
}

function toUnknownCommandAnswer({ head: { method }, operation: { path } }: Call, commands: ControlCommands): ControlAnswer {
  return toNotFoundAnswer(
    `there is no \`${method} ${path}\`; there is ${[...commands.keys()].map((name) => `\`${name}\``).join(", ")}`,
  );
}

/** The body's text; what is beyond a limit is dropped. */
export async function readControlText(call: Call): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of call.readBody()) {
    size += piece.length;
    if (size <= BODY_LIMIT) pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** `body`: JSON. */
export function toOkAnswer(body: string): ControlAnswer {
  return { status: 200, reason: "OK", body };
}

export function toJsonAnswer(value: unknown): ControlAnswer {
  return toOkAnswer(`${JSON.stringify(value)}\n`);
}

export function toNotFoundAnswer(message: string): ControlAnswer {
  return toErrorAnswer(404, "Not Found", message);
}

export function toErrorAnswer(status: number, reason: string, message: string, code?: string): ControlAnswer {
  return { status, reason, body: `${JSON.stringify({ message, code })}\n` };
}

async function writeAnswer(call: Call, { status, reason, body }: ControlAnswer): Promise<boolean> {
  if (!call.isBodyRead) await call.drainBody();
  const bytes = Buffer.from(body);
  const head = call.encodeHead(status, reason, [
    ["Content-Type", "application/json"],
    ["Content-Length", String(bytes.length)],
    ...(call.connectionFate === "close" ? [["Connection", "close"] as const] : []),
  ]);
  await call.connection.write(call.head.method === "HEAD" ? head : Buffer.concat([head, bytes]));
  return true;
}
