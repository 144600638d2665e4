/** The whole table: for each documented endpoint, how each of its statuses comes about. */
import { containersAttached } from "./containers/attached.ts";
import { containersDone } from "./containers/done.ts";
import { containersFiles } from "./containers/files.ts";
import { containersTold } from "./containers/told.ts";
import type { Documented } from "./endpoints.ts";
import { exec } from "./exec.ts";
import { imagesMoved } from "./images/moved.ts";
import { imagesTold } from "./images/told.ts";
import { miscMade } from "./misc/made.ts";
import { miscTold } from "./misc/told.ts";
import { networks } from "./networks.ts";
import type { Case, Row } from "./row.ts";
import { volumes } from "./volumes.ts";

export const TABLE: readonly Row[] = [
  containersTold,
  containersDone,
  containersAttached,
  containersFiles,
  exec,
  imagesTold,
  imagesMoved,
  miscMade,
  miscTold,
  volumes,
  networks,
].flat();

const BY_ENDPOINT: ReadonlyMap<string, Row> = new Map(TABLE.map((one) => [one.endpoint, one]));

/** The cases of one endpoint in one version. */
export function casesOf({ endpoint, version, statuses }: Documented): readonly Case[] {
  const cases = BY_ENDPOINT.get(endpoint)?.cases ?? [];
  return cases.filter(({ status, at }) => statuses.includes(status) && (at?.includes(version) ?? true));
}
