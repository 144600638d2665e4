import { compareTrees } from "../../../../userland/files/compare-trees.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

const KINDS = { modified: 0, added: 1, deleted: 2 } as const;

export const containerChanges: Endpoint = {
  operation: "ContainerChanges",
  respond: ({ name, api }, engine) => {
    const { base, files } = getRuntime(engine, engine.containers.find(name));
    const changes = [...compareTrees(base, files.root)].map(({ kind, path }) => ({ Path: path, Kind: KINDS[kind] }));
    return jsonResponse(changes.length === 0 && !api.isLegacy ? null : changes);
  },
};
