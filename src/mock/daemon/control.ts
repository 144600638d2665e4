/** What a test in any language can do with a mock while it runs (docs/mock.md, "Control"). */
import { UsageError, WhalesongError } from "../../base/errors.ts";
import type { Call } from "../../session/call.ts";
import {
  type Command,
  type Commands,
  type ControlAnswer,
  controlText,
  okJson,
  refused,
} from "../../session/control.ts";
import { reasonOf } from "../../wire/reasons.ts";
import { documentOf } from "../../yaml/place.ts";
import { ApiError } from "../model/api-error.ts";
import type { About } from "./calls/calls.ts";
import { stateOf } from "./fixtures/read.ts";
import type { Simulation } from "./simulation.ts";

export function mockCommands(simulation: Simulation): Commands {
  const commands: readonly (readonly [string, Command])[] = [
    ["GET /_whalesong/state", () => state(simulation)],
    ["POST /_whalesong/state", (call) => addState(simulation, call)],
    ["POST /_whalesong/reset", () => reset(simulation)],
    ["GET /_whalesong/calls", (call) => calls(simulation, call)],
    ["DELETE /_whalesong/calls", () => forget(simulation)],
    ["POST /_whalesong/crash", (call) => crash(simulation, call)],
    ["POST /_whalesong/log", (call) => log(simulation, call)],
  ];
  return new Map(commands.map(([name, command]) => [name, inItsWords(command)]));
}

/** What the daemon refuses is told with the status that a client would get. */
function inItsWords(command: Command): Command {
  return async (call) => {
    try {
      return await command(call);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return refused(error.status, reasonOf(error.status), error.message);
    }
  };
}

function state({ engine, containers, calls: { length } }: Simulation): ControlAnswer {
  const all = <T>(from: { [Symbol.iterator](): Iterator<T> }): T[] => [
    ...{ [Symbol.iterator]: () => from[Symbol.iterator]() },
  ];
  return okJson({
    containers: [...containers].map(({ id, name, image, status, exitCode }) => ({ id, name, image, status, exitCode })),
    images: all(engine.images).map(({ id, tags }) => ({ id, tags })),
    networks: all(engine.networks).map(({ id, name, driver }) => ({ id, name, driver })),
    volumes: all(engine.volumes).map(({ name }) => ({ name })),
    calls: length,
  });
}

/** @throws UsageError `WHALESONG_BAD_STATE` */
async function addState(simulation: Simulation, call: Call): Promise<ControlAnswer> {
  const text = await controlText(call);
  simulation.add(inState(() => stateOf(documentOf({ file: "body", text, firstLine: 1 }, "state"))));
  return state(simulation);
}

/** What was read as a state is complained about as one. */
export function inState<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    throw new UsageError("WHALESONG_BAD_STATE", error.message, { cause: error, fields: error.fields });
  }
}

function reset(simulation: Simulation): ControlAnswer {
  simulation.reset();
  return state(simulation);
}

/** `?on=ContainerStart&name=web&status=204`. */
function calls({ calls: all }: Simulation, { operation: { query } }: Call): ControlAnswer {
  const wanted = new Map(query);
  const [on, name, status] = [wanted.get("on"), wanted.get("name"), wanted.get("status")];
  const about: About = {
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { status: Number(status) }),
  };
  return okJson({ calls: on === undefined ? all.about(about) : all.of(on, about) });
}

function forget({ calls: all }: Simulation): ControlAnswer {
  all.forget();
  return okJson({ calls: [] });
}

/** `{"container": "web", "exitCode": 139, "isOutOfMemory": true}`. */
async function crash(simulation: Simulation, call: Call): Promise<ControlAnswer> {
  const { container, exitCode, isOutOfMemory } = await bodyOf(call, '{"container": "web", "exitCode": 139}');
  await simulation.containers.get(container).crash({
    ...(typeof exitCode === "number" ? { exitCode } : {}),
    ...(typeof isOutOfMemory === "boolean" ? { isOutOfMemory } : {}),
  });
  return state(simulation);
}

/** `{"container": "web", "line": "ready", "stream": "stderr"}`. */
async function log(simulation: Simulation, call: Call): Promise<ControlAnswer> {
  const { container, line = "", stream } = await bodyOf(call, '{"container": "web", "line": "ready"}');
  await simulation.containers.get(container).log(String(line), stream === "stderr" ? "stderr" : "stdout");
  return okJson({});
}

/** @throws UsageError `WHALESONG_BAD_CONTROL` if the body names no container */
async function bodyOf(call: Call, example: string): Promise<Record<string, unknown> & { readonly container: string }> {
  const text = await controlText(call);
  const value = parsed(text);
  if (typeof value?.container === "string") return { ...value, container: value.container };
  const got = text === "" ? "nothing" : `\`${text.slice(0, 100)}\``;
  throw new UsageError("WHALESONG_BAD_CONTROL", `the body must be JSON like \`${example}\`, got ${got}`);
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
