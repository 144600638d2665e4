/** A client makes up one stem for a run and builds all names around it; the first request of today settles what it is. */
import { expect, test } from "vitest";
import { encodeJsonAnswer, encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const NAMES = ["tty", "a", "b", "a1", "vol"];
const exchange = (line: string, body: string, json: string): string => `---
request:
  line: ${line}
${body === "" ? "" : `  json-bare: ${body}\n`}response:
  status: ${line.startsWith("GET") ? "200 OK" : "201 Created"}
  headers: {Content-Type: application/json}
  json: ${json}
`;
const recordAll = (stem: string): string =>
  [
    exchange(`POST /v1.41/containers/create?name=y${stem}`, '{"Image":"busybox"}', '{"Id":"of y"}'),
    ...NAMES.map((name) =>
      exchange(`POST /v1.41/containers/create?name=x${stem}${name}`, '{"Image":"busybox"}', `{"Id":"of ${name}"}`),
    ),
    exchange("POST /v1.41/volumes/create", `{"Name":"x${stem}v"}`, `{"Name":"x${stem}v","Labels":{"run":"${stem}"}}`),
    exchange("GET /v1.41/containers/json", "", `[{"Names":["/x${stem}tty","/x${stem}a"]}]`),
  ].join("");

const create = (name: string): Buffer =>
  encodeJsonRequest(`POST /v1.41/containers/create?name=${name}`, { Image: "busybox" });

/** The first has its digits together, so that it is recognised by what the names share, and by nothing else. */
const RUNS = [
  ["ca061842", "5e0b77d1"],
  ["3f1c0a9b", "9081726a"],
  ["48213907", "5e0b77d1"],
  ["k3x9f2q7", "7hq0zt4m"],
] as const;

test.each(RUNS)("%s, today %s", async (recorded, today) => {
  const client = new Theatre(recordAll(recorded)).client();
  // In another order than recorded: the ends of hexadecimal names are no part of what is random.
  for (const name of ["b", "a1", "a", "vol", "tty"]) {
    await client.sends(create(`x${today}${name}`));
    await client.hears(encodeJsonAnswer("201 Created", `{"Id":"of ${name}"}\n`));
  }
  await client.sends(encodeJsonRequest("POST /v1.41/volumes/create", { Name: `x${today}v` }));
  await client.hears(encodeJsonAnswer("201 Created", `{"Name":"x${today}v","Labels":{"run":"${today}"}}\n`));
  await client.sends(request("GET /v1.41/containers/json"));
  await client.hears(encodeJsonAnswer("200 OK", `[{"Names":["/x${today}tty","/x${today}a"]}]\n`));
});

test("a name that was not recorded is a miss, whatever its stem", async () => {
  const client = new Theatre(recordAll("3f1c0a9b")).client();
  await client.sends(create("x90e2b7a6c"));
  expect(await client.hearsUpTo("}\n")).toContain("501 Not Implemented");
  await client.sends(create("x90e2b7a6a"));
  await client.hears(encodeJsonAnswer("201 Created", '{"Id":"of a"}\n'));
  await client.sends(create("x90e2b7a6c"));
  expect(await client.hearsUpTo("}\n")).toContain("501 Not Implemented");
});

test("under `exact: [made-up-values]` a stem is compared, too", async () => {
  const client = new Theatre(recordAll("3f1c0a9b"), { rules: { exact: ["made-up-values"] } }).client();
  await client.sends(create("x90e2b7a6a"));
  expect(await client.hearsUpTo("}\n")).toContain("501 Not Implemented");
});
