/** The documents of v1.9, v1.18, v1.19 and v1.21, endpoint by endpoint: each status that they list can be reached. */
import { describe, expect, test } from "vitest";
import type { StatusCase } from "./endpoint-row.ts";
import { DOCUMENTED, type DocumentedEndpoint } from "./endpoints.ts";
import { expectResponse, formatTitle } from "./expect-response.ts";
import { listParameters, WITH_PARAMETERS } from "./parameters.ts";
import { playCase } from "./play-case.ts";
import { createDaemon, toDaemonUnderTest } from "./simulated-daemon.ts";
import { listCases, TABLE } from "./table.ts";

describe.each(DOCUMENTED.map((one) => [`v${one.version} ${one.endpoint}`, one] as const))("%s", (_name, documented) => {
  test.each(listCases(documented).map((one) => [formatTitle(one), one] as const))(
    "answers %s",
    async (_title, statusCase) => {
      const docker = createDaemon(documented.endpoint, statusCase);
      const answer = await playCase(toDaemonUnderTest(docker), documented.endpoint, documented.version, statusCase);
      expectResponse(statusCase, answer);
      await statusCase.check?.(answer, docker);
      expect(docker.faults).toEqual([]);
    },
  );
});

describe("the table", () => {
  test("has every endpoint of every document, and no other", () => {
    expect(DOCUMENTED).toHaveLength(173);
    expect(TABLE.map(({ endpoint }) => endpoint).sort()).toEqual(
      [...new Set(DOCUMENTED.map(({ endpoint }) => endpoint))].sort(),
    );
  });

  test("reaches every status that a document lists", () => {
    expect(DOCUMENTED.flatMap(listUnreached)).toEqual([]);
  });

  test("asks with every parameter that a document lists", () => {
    expect(WITH_PARAMETERS.filter((endpoint) => DOCUMENTED.every((one) => one.endpoint !== endpoint))).toEqual([]);
    expect(DOCUMENTED.flatMap(listUntaken)).toEqual([]);
  });

  test("says in which a real daemon is not as its document", () => {
    const isSilent = ({ realStatus: instead, misfits: known, realDifference: otherwise }: StatusCase): boolean =>
      (instead !== undefined || known !== undefined) && otherwise === undefined;
    expect(
      TABLE.flatMap(({ endpoint, cases }) => cases.filter(isSilent).map((one) => `${endpoint}: ${formatTitle(one)}`)),
    ).toEqual([]);
  });

  test("has no case that no document lists", () => {
    const isListed = (endpoint: string, { status, versions: at }: StatusCase): boolean =>
      DOCUMENTED.some(
        (one) => one.endpoint === endpoint && one.statuses.includes(status) && (at?.includes(one.version) ?? true),
      );
    expect(
      TABLE.flatMap(({ endpoint, cases }) =>
        cases.filter((one) => !isListed(endpoint, one)).map((one) => `${endpoint}: ${formatTitle(one)}`),
      ),
    ).toEqual([]);
  });
});

function listUnreached(documented: DocumentedEndpoint): string[] {
  const reached = new Set(listCases(documented).map(({ status }) => status));
  return documented.statuses
    .filter((status) => !reached.has(status))
    .map((status) => `v${documented.version} ${documented.endpoint} ${status}`);
}

function listUntaken(documented: DocumentedEndpoint): string[] {
  const { endpoint, version } = documented;
  const queries = listCases(documented).map(({ query = "" }) => `&${query}`);
  return listParameters(endpoint, version)
    .filter((name) => !queries.some((query) => query.includes(`&${name}=`)))
    .map((name) => `v${version} ${endpoint} ?${name}`);
}
