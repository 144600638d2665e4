import { expect, test } from "vitest";
import { request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const asking = (name: string, value: string): Buffer => request(PING, { headers: [`${name}: ${value}`] });
const PING = "GET /v1.41/info";
const CASSETTE = ["blue", "red"]
  .map(
    (tenant) =>
      `---\nrequest:\n  line: ${PING}\n  headers: {X-Tenant: ${tenant}}\nresponse:\n  status: 200 OK\n  text: ${tenant}\n`,
  )
  .join("");

test("a header that a rule names is compared, in any case of letters", async () => {
  const theatre = new Theatre(CASSETTE, { rules: { match: ["x-tenant"] } });
  expect(await theatre.asks(asking("X-TENANT", "red"))).toMatch(/red$/);
  expect(await theatre.asks(asking("X-Tenant", "blue"))).toMatch(/blue$/);
  expect(theatre.misses).toEqual([]);
});

test("the miss names the header", async () => {
  const theatre = new Theatre(CASSETTE, { rules: { match: ["X-Tenant"] } });
  await theatre.asks(asking("X-Tenant", "green"));
  expect(theatre.misses[0]?.nearest?.differences).toEqual([
    { field: "header.x-tenant", recorded: "blue", got: "green" },
  ]);
});

test("without a rule no header is compared", async () => {
  const theatre = new Theatre(CASSETTE);
  expect(await theatre.asks(asking("X-Tenant", "green"))).toMatch(/blue$/);
});
