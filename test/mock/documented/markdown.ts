/** The table in docs/mock-conformance.md. */
import { DOCUMENTED, type Documented, VERSIONS } from "./endpoints.ts";
import { type Case, isByFault } from "./row.ts";
import { casesOf, TABLE } from "./table.ts";

/** `| endpoint | 1.9 | ...`, with a line break behind each line. */
export function documentedTable(): string {
  const lines = TABLE.map(({ endpoint }) => lineOf(endpoint));
  const head = [["endpoint", ...VERSIONS], ["", ...VERSIONS].map(() => "---")];
  return [...head, ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function lineOf(endpoint: string): string[] {
  const inVersion = VERSIONS.map((version) =>
    DOCUMENTED.find((one) => one.endpoint === endpoint && one.version === version),
  );
  return [`\`${endpoint}\``, ...inVersion.map((one) => (one === undefined ? "" : statusesOf(one)))];
}

function statusesOf(documented: Documented): string {
  const cases = casesOf(documented);
  return documented.statuses.map((status) => wordOf(cases.filter((one) => one.status === status))).join(" ");
}

/** `200`; `500*` where only a fault brings it about; `201→200` where the real daemon answers something else. */
function wordOf(cases: readonly Case[]): string {
  const [{ status, instead } = { status: 0, instead: undefined }] = cases;
  if (cases.every(isByFault)) return `${status}*`;
  return cases.every((one) => one.instead !== undefined) ? `${status}→${instead}` : `${status}`;
}
