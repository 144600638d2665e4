/** What a swarm keeps for its services: secrets and configs (moby daemon/cluster, swarmkit manager/controlapi). */

import { badParameter, conflict, notFound, systemError } from "../../../model/api-error.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import type { Shape } from "../../../model/shapes.ts";
import type { Shelf } from "../../../model/shelf.ts";
import type { SwarmRecord, SwarmSpec } from "../../../model/swarm.ts";
import type { Engine } from "../../../operations/engine.ts";
import { changedRecord, newRecord, swarmOf } from "../../../operations/lifecycle/swarm.ts";
import { json, noBody, nothing } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";
import { recordShape } from "./shapes.ts";
import { versionSeen } from "./swarm.ts";

interface Kind {
  readonly name: "secret" | "config";
  /** Of an operation: `SecretList`. */
  readonly operations: string;
  readonly shelf: (engine: Engine) => Shelf<SwarmRecord>;
  /** Fewer bytes than this. */
  readonly limit: number;
  /** A secret's bytes are never told again. */
  readonly told: (spec: SwarmSpec) => SwarmSpec;
}

const SECRETS: Kind = {
  name: "secret",
  operations: "Secret",
  shelf: (engine) => swarmOf(engine).secrets,
  limit: 512_000,
  told: ({ Data: _, ...spec }) => spec,
};
const CONFIGS: Kind = {
  name: "config",
  operations: "Config",
  shelf: (engine) => swarmOf(engine).configs,
  limit: 1_024_000,
  told: (spec) => spec,
};

const NAME = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i;
const LONGEST_NAME = 64;
const FILTERS = ["id", "label", "name", "names"];
const INVALID = "rpc error: code = InvalidArgument desc =";

export const keptBySwarm: readonly Endpoint[] = [SECRETS, CONFIGS].flatMap((kind) => [
  list(kind),
  create(kind),
  inspect(kind),
  update(kind),
  remove(kind),
]);

function list(kind: Kind): Endpoint {
  return {
    operation: `${kind.operations}List`,
    answer: ({ query }, engine) => {
      const filters = query.filters(FILTERS);
      const fits = ({ id, spec }: SwarmRecord): boolean =>
        filters.some("id", (wish) => id.startsWith(wish)) &&
        filters.some("name", (wish) => spec.Name.startsWith(wish)) &&
        filters.exactly("names", spec.Name) &&
        filters.labels(spec.Labels);
      return json([...kind.shelf(engine)].filter(fits).map((record) => shape(kind, record)));
    },
  };
}

function create(kind: Kind): Endpoint {
  return {
    operation: `${kind.operations}Create`,
    answer: async (request, engine) => {
      const sent = await sentJson(request, `${kind.operations}Spec`, ["Name", "Data"]);
      const shelf = kind.shelf(engine);
      check(kind, sent);
      const { Name, Labels, Data, Templating } = sent;
      if ([...shelf].some(({ spec }) => spec.Name === Name)) {
        throw conflict(`rpc error: code = AlreadyExists desc = ${kind.name} ${Name} already exists`);
      }
      const spec = { Name, Labels: Labels ?? {}, Data, ...(Templating ? { Templating } : {}) };
      const { id } = shelf.put(newRecord(engine, kind.name, swarmOf(engine).nextVersion(), spec));
      emitEvent(engine, kind.name, "create", id, { name: Name });
      return json({ ID: id }, 201);
    },
  };
}

function inspect(kind: Kind): Endpoint {
  return {
    operation: `${kind.operations}Inspect`,
    answer: (request, engine) => json(shape(kind, found(kind, request, engine))),
  };
}

function update(kind: Kind): Endpoint {
  return {
    operation: `${kind.operations}Update`,
    answer: async (request, engine) => {
      const { Name, Labels, Data } = await sentJson(request, `${kind.operations}Spec`, ["Name", "Data"]);
      const seen = versionSeen(request, kind.name);
      const record = found(kind, request, engine);
      const isSame = Name === record.spec.Name && (Data === undefined || Data === record.spec.Data);
      if (!isSame) throw badParameter(`${INVALID} only updates to Labels are allowed`);
      const spec = { ...record.spec, Labels: Labels ?? {} };
      kind.shelf(engine).put(changedRecord(engine, swarmOf(engine), record, seen, spec));
      emitEvent(engine, kind.name, "update", record.id, { name: Name });
      return noBody(200);
    },
  };
}

function remove(kind: Kind): Endpoint {
  return {
    operation: `${kind.operations}Delete`,
    answer: (request, engine) => {
      const { id, spec } = found(kind, request, engine);
      kind.shelf(engine).delete(id);
      swarmOf(engine).nextVersion();
      emitEvent(engine, kind.name, "remove", id, { name: spec.Name });
      return nothing();
    },
  };
}

/** By id, by name, or by the beginning of an id. @throws Refusal 404 */
function found(kind: Kind, { name }: Request, engine: Engine): SwarmRecord {
  const shelf = kind.shelf(engine);
  const all = [...shelf];
  const record =
    shelf.get(name) ?? all.find(({ spec }) => spec.Name === name) ?? all.find(({ id }) => id.startsWith(name));
  if (record === undefined) throw notFound(`${kind.name} ${name} not found`);
  return record;
}

function shape({ told }: Kind, record: SwarmRecord): Shape {
  return { ...recordShape(record), Spec: told(record.spec) };
}

/** @throws Refusal for what swarmkit would not keep */
function check({ name, limit }: Kind, { Name = "", Data = "", Driver }: Shape): void {
  if (Name === "") throw badParameter(`${INVALID} name must be provided`);
  if (!NAME.test(Name) || Name.length > LONGEST_NAME) {
    const rule = "only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]";
    throw badParameter(`${INVALID} invalid name, ${rule}`);
  }
  if (Driver) throw systemError(`rpc error: code = Unknown desc = plugin "${Driver.Name}" not found`);
  const size = Buffer.from(Data, "base64").length;
  if (size === 0 || size >= limit) {
    throw badParameter(`${INVALID} ${name} data must be larger than 0 and less than ${limit} bytes`);
  }
}
