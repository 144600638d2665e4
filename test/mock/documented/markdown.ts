/** The table in docs/mock-conformance.md. */

import { isByFault, type StatusCase } from "./endpoint-row.ts";
import { DOCUMENTED, type DocumentedEndpoint, VERSIONS } from "./endpoints.ts";
import { listCases, TABLE } from "./table.ts";

/** `| endpoint | 1.9 | ...`, with a line break behind each line. */
export function formatTable(): string {
  const lines = TABLE.map(({ endpoint }) => formatLine(endpoint));
  const head = [["endpoint", ...VERSIONS], ["", ...VERSIONS].map(() => "---")];
  return [...head, ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function formatLine(endpoint: string): string[] {
  const inVersion = VERSIONS.map((version) =>
    DOCUMENTED.find((one) => one.endpoint === endpoint && one.version === version),
  );
  return [`\`${endpoint}\``, ...inVersion.map((one) => (one === undefined ? "" : formatStatuses(one)))];
}

function formatStatuses(documented: DocumentedEndpoint): string {
  const cases = listCases(documented);
  return documented.statuses.map((status) => formatStatus(cases.filter((one) => one.status === status))).join(" ");
}

/** `200`; `500*` where only a fault brings it about; `201→200` where the real daemon answers something else. */
function formatStatus(cases: readonly StatusCase[]): string {
  const [{ status, realStatus: instead } = { status: 0, realStatus: undefined }] = cases;
  if (cases.every(isByFault)) return `${status}*`;
  return cases.every((one) => one.realStatus !== undefined) ? `${status}→${instead}` : `${status}`;
}
