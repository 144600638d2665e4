/** The endpoints of secrets and of configs, which differ in little (moby daemon/cluster, swarmkit manager/controlapi). */

import { badParameter, conflictError, notFound, systemError } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { emitEvent } from "../../../model/emit-events.ts";
import type { Store } from "../../../model/store.ts";
import type { SwarmRecord, SwarmSpec } from "../../../model/swarm.ts";
import type { Engine } from "../../../operations/engine.ts";
import { createRecord, getSwarm, updateRecord } from "../../../operations/lifecycle/swarm.ts";
import type { ApiRequest } from "../../http/request.ts";
import { emptyResponse, jsonResponse, noContent } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";
import { readVersion } from "./swarm.ts";
import { toRecordJson } from "./swarm-json.ts";

interface RecordKind {
  readonly name: "secret" | "config";
  /** The first word of its operations' names, as in `SecretList`. */
  readonly operations: "Secret" | "Config";
  readonly selectStore: (engine: Engine) => Store<SwarmRecord>;
  /** The data must be smaller than this, in bytes. */
  readonly limit: number;
  /** Removes a secret's data, which the daemon never returns. */
  readonly toVisibleSpec: (spec: SwarmSpec) => SwarmSpec;
}

const SECRETS: RecordKind = {
  name: "secret",
  operations: "Secret",
  selectStore: (engine) => getSwarm(engine).secrets,
  limit: 512_000,
  toVisibleSpec: ({ Data: _, ...spec }) => spec,
};
const CONFIGS: RecordKind = {
  name: "config",
  operations: "Config",
  selectStore: (engine) => getSwarm(engine).configs,
  limit: 1_024_000,
  toVisibleSpec: (spec) => spec,
};

const NAME = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i;
const LONGEST_NAME = 64;
const FILTERS = ["id", "label", "name", "names"];
const INVALID = "rpc error: code = InvalidArgument desc =";

export const secretsAndConfigs: readonly Endpoint[] = [SECRETS, CONFIGS].flatMap((kind) => [
  defineList(kind),
  defineCreate(kind),
  defineInspect(kind),
  defineUpdate(kind),
  defineRemove(kind),
]);

function defineList(kind: RecordKind): Endpoint {
  return {
    operation: `${kind.operations}List`,
    respond: ({ query }, engine) => {
      const filters = query.readFilters(FILTERS);
      const matches = ({ id, spec }: SwarmRecord): boolean =>
        filters.hasMatch("id", (value) => id.startsWith(value)) &&
        filters.hasMatch("name", (value) => spec.Name.startsWith(value)) &&
        filters.hasExactly("names", spec.Name) &&
        filters.hasLabels(spec.Labels);
      return jsonResponse([...kind.selectStore(engine)].filter(matches).map((record) => toVisibleJson(kind, record)));
    },
  };
}

function defineCreate(kind: RecordKind): Endpoint {
  return {
    operation: `${kind.operations}Create`,
    respond: async (request, engine) => {
      const sent = await readJsonBody(request, `${kind.operations}Create`);
      const store = kind.selectStore(engine);
      checkSpec(kind, sent);
      const { Name, Labels, Data, Templating } = sent;
      if ([...store].some(({ spec }) => spec.Name === Name)) {
        throw conflictError(`rpc error: code = AlreadyExists desc = ${kind.name} ${Name} already exists`);
      }
      const spec = { Name, Labels: Labels ?? {}, Data, ...(Templating ? { Templating } : {}) };
      const { id } = store.put(createRecord(engine, kind.name, getSwarm(engine).advanceVersion(), spec));
      emitEvent(engine, kind.name, "create", id, { name: Name });
      return jsonResponse({ ID: id }, 201);
    },
  };
}

function defineInspect(kind: RecordKind): Endpoint {
  return {
    operation: `${kind.operations}Inspect`,
    respond: (request, engine) => jsonResponse(toVisibleJson(kind, findRecord(kind, request, engine))),
  };
}

function defineUpdate(kind: RecordKind): Endpoint {
  return {
    operation: `${kind.operations}Update`,
    respond: async (request, engine) => {
      const { Name, Labels, Data } = await readJsonBody(request, `${kind.operations}Update`);
      const seen = readVersion(request, kind.name);
      const record = findRecord(kind, request, engine);
      const isSame = Name === record.spec.Name && (Data === undefined || Data === record.spec.Data);
      if (!isSame) throw badParameter(`${INVALID} only updates to Labels are allowed`);
      const spec = { ...record.spec, Labels: Labels ?? {} };
      kind.selectStore(engine).put(updateRecord(engine, getSwarm(engine), record, seen, spec));
      emitEvent(engine, kind.name, "update", record.id, { name: Name });
      return emptyResponse(200);
    },
  };
}

function defineRemove(kind: RecordKind): Endpoint {
  return {
    operation: `${kind.operations}Delete`,
    respond: (request, engine) => {
      const { id, spec } = findRecord(kind, request, engine);
      kind.selectStore(engine).delete(id);
      getSwarm(engine).advanceVersion();
      emitEvent(engine, kind.name, "remove", id, { name: spec.Name });
      return noContent();
    },
  };
}

/** Finds a record by its id, its name, or the beginning of its id. @throws ApiError 404 */
function findRecord(kind: RecordKind, { name }: ApiRequest, engine: Engine): SwarmRecord {
  const store = kind.selectStore(engine);
  const all = [...store];
  const record =
    store.get(name) ?? all.find(({ spec }) => spec.Name === name) ?? all.find(({ id }) => id.startsWith(name));
  if (record === undefined) throw notFound(`${kind.name} ${name} not found`);
  return record;
}

function toVisibleJson({ toVisibleSpec }: RecordKind, record: SwarmRecord): ApiJson {
  return { ...toRecordJson(record), Spec: toVisibleSpec(record.spec) };
}

/** @throws ApiError if swarmkit would refuse the spec */
function checkSpec({ name, limit }: RecordKind, { Name = "", Data = "", Driver }: ApiJson): void {
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
