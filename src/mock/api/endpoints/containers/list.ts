import type { ApiJson } from "../../../model/api-json.ts";
import type { Container } from "../../../model/container.ts";
import { collectLinkNames } from "../../../runtime/links.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonListResponse } from "../../http/response.ts";
import { createDowngrade, omitMembers, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toTaggedName } from "../../version/legacy-image-names.ts";
import { formatPorts, omitPortAddresses } from "../../version/legacy-ports.ts";
import type { Endpoint } from "../endpoint.ts";
import { type SummaryContext, toContainerSummary } from "./container-summary.ts";
import { selectContainers } from "./list-filters.ts";
import { toOldNetworks } from "./network-json.ts";

const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.46", downgrade: omitAnnotations },
  { sinceEngine: "28", downgrade: useOldNetworks },
  { since: "1.12", downgrade: toDocumentedJson },
  { since: "1.5", downgrade: (shape) => ({ ...shape, Ports: formatPorts(shape.Ports) }) },
];

export const containerList: Endpoint = {
  operation: "ContainerList",
  respond: (request, engine) => {
    const context = { engine, hasSize: request.getFlag("size"), links: collectLinkNames(engine) };
    const selected = selectContainers(request, engine);
    return jsonListResponse(listShapes(selected, context, request), engine.listMemory);
  },
};

function* listShapes(
  containers: readonly Container[],
  context: SummaryContext,
  request: ApiRequest,
): Generator<ApiJson> {
  const downgrade = createDowngrade(request, DOWNGRADES);
  for (const container of containers) yield downgrade(toContainerSummary(container, context));
}

function omitAnnotations(shape: ApiJson): ApiJson {
  return { ...shape, HostConfig: omitMembers(shape.HostConfig, "Annotations") };
}

export function useOldNetworks(shape: ApiJson): ApiJson {
  return { ...shape, NetworkSettings: { Networks: toOldNetworks(shape.NetworkSettings.Networks) } };
}

/** The members of the document of 1.9, and the names. The image has its tag. */
function toDocumentedJson(shape: ApiJson): ApiJson {
  const { Id, Names, Image, Command, Created, State, Status, Ports, SizeRw = 0, SizeRootFs } = shape;
  return {
    Id,
    Names,
    Image: toTaggedName(Image),
    Command,
    Created,
    Status: State === "created" ? "Exit 0" : Status.replace(/^Exited \((\d+)\).*$/, "Exit $1"),
    Ports: omitPortAddresses(Ports),
    ...(SizeRootFs === undefined ? {} : { SizeRw, SizeRootFs }),
  };
}
