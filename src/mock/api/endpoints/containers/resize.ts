import type { Window } from "../../../../userland/process/terminal.ts";
import { badParameter, conflict } from "../../../model/api-error.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { runtimeOf } from "../../../runtime/engine-runtime.ts";
import { noBody } from "../../http/answer.ts";
import { notInteger, type Query } from "../../http/query.ts";
import type { Endpoint } from "../endpoint.ts";

export const containerResize: Endpoint = {
  operation: "ContainerResize",
  answer: ({ name, query }, engine) => {
    const window = windowOf(query);
    const container = engine.containers.find(name);
    const { run } = runtimeOf(engine, container);
    if (run === undefined) throw conflict(`Container ${container.id} is not running`);
    run.terminal?.resize(window);
    emitContainerEvent(engine, container, "resize", { height: String(window.rows), width: String(window.columns) });
    return noBody(200);
  },
};

/** @throws Refusal 400 where one of both is no number */
export function windowOf(query: Query): Window {
  const number = (name: string): number => {
    const text = query.text(name);
    if (!/^[+-]?\d+$/.test(text)) throw badParameter(notInteger(text));
    return Number(text);
  };
  return { rows: number("h"), columns: number("w") };
}
