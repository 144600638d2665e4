/** The whole table: for each documented endpoint, how each of its statuses comes about. */
import { containersAttach } from "./containers/attach.ts";
import { containersFiles } from "./containers/files.ts";
import { containersLifecycle } from "./containers/lifecycle.ts";
import { containersReads } from "./containers/reads.ts";
import type { EndpointRow, StatusCase } from "./endpoint-row.ts";
import type { DocumentedEndpoint } from "./endpoints.ts";
import { exec } from "./exec.ts";
import { imagesNames } from "./images/names.ts";
import { imagesTransfers } from "./images/transfers.ts";
import { miscBuildAndCommit } from "./misc/build-and-commit.ts";
import { miscSystem } from "./misc/system.ts";
import { networks } from "./networks.ts";
import { volumes } from "./volumes.ts";

export const TABLE: readonly EndpointRow[] = [
  containersReads,
  containersLifecycle,
  containersAttach,
  containersFiles,
  exec,
  imagesNames,
  imagesTransfers,
  miscBuildAndCommit,
  miscSystem,
  volumes,
  networks,
].flat();

const BY_ENDPOINT: ReadonlyMap<string, EndpointRow> = new Map(TABLE.map((one) => [one.endpoint, one]));

/** The cases of one endpoint in one version. */
export function listCases({ endpoint, version, statuses }: DocumentedEndpoint): readonly StatusCase[] {
  const cases = BY_ENDPOINT.get(endpoint)?.cases ?? [];
  return cases.filter(({ status, versions: at }) => statuses.includes(status) && (at?.includes(version) ?? true));
}
