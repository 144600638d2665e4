/**
 * dockerode, method by method, in this process and without a daemon: each test has a cassette of its own, which was
 * recorded in the same way (`npm run clients:record`), and sees what was seen then.
 */
import Docker from "dockerode";
import { afterAll, describe, expect } from "vitest";
import { cassetteTest } from "../../src/integrations/vitest.ts";
import { GROUPS } from "./dockerode/cases.ts";
import { listUnused, watchMethods } from "./dockerode/methods.ts";

const test = cassetteTest({ intercept: [] });
const use = watchMethods();

describe.each(Object.entries(GROUPS))("%s", (_group, cases) => {
  test.for(Object.entries(cases))("%s", async ([, act], { cassette }) => {
    expect(await act(new Docker({ socketPath: cassette.socketPath }))).toMatchSnapshot();
  });
});

afterAll(() => {
  const known = Object.values(GROUPS).flatMap(Object.keys);
  expect(known.length).toBeGreaterThanOrEqual(60);
  expect(listUnused(use)).toEqual([]);
});
