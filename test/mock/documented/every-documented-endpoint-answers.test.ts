/** The documents of v1.9, v1.18, v1.19 and v1.21, endpoint by endpoint: each status that they list can be reached. */
import { describe, expect, test } from "vitest";
import { DOCUMENTED, type Documented } from "./endpoints.ts";
import { expectAnswer, titleOf } from "./expected.ts";
import { parametersOf, WITH_PARAMETERS } from "./parameters.ts";
import { play } from "./play.ts";
import type { Case } from "./row.ts";
import { daemonFor, stageOf } from "./stage.ts";
import { casesOf, TABLE } from "./table.ts";

describe.each(DOCUMENTED.map((one) => [`v${one.version} ${one.endpoint}`, one] as const))("%s", (_name, documented) => {
  test.each(casesOf(documented).map((one) => [titleOf(one), one] as const))("answers %s", async (_title, wanted) => {
    const docker = daemonFor(documented.endpoint, wanted);
    const answer = await play(stageOf(docker), documented.endpoint, documented.version, wanted);
    expectAnswer(wanted, answer);
    await wanted.holds?.(answer, docker);
    expect(docker.faults).toEqual([]);
  });
});

describe("the table", () => {
  test("has every endpoint of every document, and no other", () => {
    expect(DOCUMENTED).toHaveLength(173);
    expect(TABLE.map(({ endpoint }) => endpoint).sort()).toEqual(
      [...new Set(DOCUMENTED.map(({ endpoint }) => endpoint))].sort(),
    );
  });

  test("reaches every status that a document lists", () => {
    expect(DOCUMENTED.flatMap(unreached)).toEqual([]);
  });

  test("asks with every parameter that a document lists", () => {
    expect(WITH_PARAMETERS.filter((endpoint) => DOCUMENTED.every((one) => one.endpoint !== endpoint))).toEqual([]);
    expect(DOCUMENTED.flatMap(untaken)).toEqual([]);
  });

  test("says in which a real daemon is not as its document", () => {
    const isSilent = ({ instead, misfits: known, otherwise }: Case): boolean =>
      (instead !== undefined || known !== undefined) && otherwise === undefined;
    expect(
      TABLE.flatMap(({ endpoint, cases }) => cases.filter(isSilent).map((one) => `${endpoint}: ${titleOf(one)}`)),
    ).toEqual([]);
  });

  test("has no case that no document lists", () => {
    const isListed = (endpoint: string, { status, at }: Case): boolean =>
      DOCUMENTED.some(
        (one) => one.endpoint === endpoint && one.statuses.includes(status) && (at?.includes(one.version) ?? true),
      );
    expect(
      TABLE.flatMap(({ endpoint, cases }) =>
        cases.filter((one) => !isListed(endpoint, one)).map((one) => `${endpoint}: ${titleOf(one)}`),
      ),
    ).toEqual([]);
  });
});

function unreached(documented: Documented): string[] {
  const reached = new Set(casesOf(documented).map(({ status }) => status));
  return documented.statuses
    .filter((status) => !reached.has(status))
    .map((status) => `v${documented.version} ${documented.endpoint} ${status}`);
}

function untaken(documented: Documented): string[] {
  const { endpoint, version } = documented;
  const queries = casesOf(documented).map(({ query = "" }) => `&${query}`);
  return parametersOf(endpoint, version)
    .filter((name) => !queries.some((query) => query.includes(`&${name}=`)))
    .map((name) => `v${version} ${endpoint} ?${name}`);
}
