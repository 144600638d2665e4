/** The control API of a running mock, for tests in any language (docs/mock.md, "Control"). */

import { UsageError, WhalesongError } from "../../base/errors.ts";
import { parseBoundedJson } from "../../base/parse-json.ts";
import type { Call } from "../../session/call.ts";
import {
  type ControlAnswer,
  type ControlCommand,
  type ControlCommands,
  readControlText,
  toErrorAnswer,
  toJsonAnswer,
} from "../../session/control.ts";
import { getReasonPhrase } from "../../wire/http/reasons.ts";
import { parseYamlDocument } from "../../yaml/place.ts";
import { ApiError } from "../model/api-error.ts";
import type { CallFilter } from "./calls/call-log.ts";
import { readState } from "./fixtures/read-state.ts";
import type { Simulation } from "./simulation.ts";

export function mockCommands(simulation: Simulation): ControlCommands {
  const commands: readonly (readonly [string, ControlCommand])[] = [
    ["GET /_whalesong/state", () => describeState(simulation)],
    ["POST /_whalesong/state", (call) => addState(simulation, call)],
    ["POST /_whalesong/reset", () => resetSimulation(simulation)],
    ["GET /_whalesong/calls", (call) => listCalls(simulation, call)],
    ["DELETE /_whalesong/calls", () => forgetCalls(simulation)],
    ["POST /_whalesong/crash", (call) => crashContainer(simulation, call)],
    ["POST /_whalesong/log", (call) => writeLog(simulation, call)],
  ];
  return new Map(commands.map(([name, command]) => [name, reportApiErrors(command)]));
}

/** An error of the daemon gets the status that a Docker client would get. */
function reportApiErrors(command: ControlCommand): ControlCommand {
  return async (call) => {
    try {
      return await command(call);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return toErrorAnswer(error.status, getReasonPhrase(error.status), error.message);
    }
  };
}

function describeState({ engine, containers, calls: { length } }: Simulation): ControlAnswer {
  const toArray = <T>(from: { [Symbol.iterator](): Iterator<T> }): T[] => [
    ...{ [Symbol.iterator]: () => from[Symbol.iterator]() },
  ];
  return toJsonAnswer({
    containers: [...containers].map(({ id, name, image, status, exitCode }) => ({ id, name, image, status, exitCode })),
    images: toArray(engine.images).map(({ id, tags }) => ({ id, tags })),
    networks: toArray(engine.networks).map(({ id, name, driver }) => ({ id, name, driver })),
    volumes: toArray(engine.volumes).map(({ name }) => ({ name })),
    calls: length,
  });
}

/** @throws UsageError `WHALESONG_BAD_STATE` */
async function addState(simulation: Simulation, call: Call): Promise<ControlAnswer> {
  const text = await readControlText(call);
  simulation.add(wrapStateErrors(() => readState(parseYamlDocument({ file: "body", text, firstLine: 1 }, "state"))));
  return describeState(simulation);
}

/** Reports an error in a state literal as `WHALESONG_BAD_STATE`. @throws UsageError */
export function wrapStateErrors<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WhalesongError)) throw error;
    throw new UsageError("WHALESONG_BAD_STATE", error.message, { cause: error, fields: error.fields });
  }
}

function resetSimulation(simulation: Simulation): ControlAnswer {
  simulation.reset();
  return describeState(simulation);
}

/** Reads `?on=ContainerStart&name=web&status=204`. */
function listCalls({ calls: log }: Simulation, { operation: { query } }: Call): ControlAnswer {
  const parameters = new Map(query);
  const [on, name, status] = [parameters.get("on"), parameters.get("name"), parameters.get("status")];
  const about: CallFilter = {
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { status: Number(status) }),
  };
  return toJsonAnswer({ calls: on === undefined ? log.matching(about) : log.of(on, about) });
}

function forgetCalls({ calls: all }: Simulation): ControlAnswer {
  all.forget();
  return toJsonAnswer({ calls: [] });
}

/** Reads `{"container": "web", "exitCode": 139, "isOutOfMemory": true}`. */
async function crashContainer(simulation: Simulation, call: Call): Promise<ControlAnswer> {
  const { container, exitCode, isOutOfMemory } = await readContainerBody(call, '{"container": "web", "exitCode": 139}');
  await simulation.containers.get(container).crash({
    ...(typeof exitCode === "number" ? { exitCode } : {}),
    ...(typeof isOutOfMemory === "boolean" ? { isOutOfMemory } : {}),
  });
  return describeState(simulation);
}

/** Reads `{"container": "web", "line": "ready", "stream": "stderr"}`. */
async function writeLog(simulation: Simulation, call: Call): Promise<ControlAnswer> {
  const { container, line = "", stream } = await readContainerBody(call, '{"container": "web", "line": "ready"}');
  await simulation.containers.get(container).log(String(line), stream === "stderr" ? "stderr" : "stdout");
  return toJsonAnswer({});
}

/** @throws UsageError `WHALESONG_BAD_CONTROL` if the body has no `container` */
async function readContainerBody(
  call: Call,
  example: string,
): Promise<Record<string, unknown> & { readonly container: string }> {
  const text = await readControlText(call);
  const value = parseJson(text);
  if (typeof value?.container === "string") return { ...value, container: value.container };
  const received = text === "" ? "nothing" : `\`${text.slice(0, 100)}\``;
  throw new UsageError("WHALESONG_BAD_CONTROL", `the body must be JSON like \`${example}\`, got ${received}`);
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    return parseBoundedJson(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
