/** Two recordings of one session, and the rules that let the first answer the second. */

import { expect, test } from "vitest";
import { type Cassette, openCassette } from "../../src/cassette/read.ts";
import { formatRules } from "../../src/cassette/write.ts";
import { NO_RULES } from "../../src/match/rules/header-rules.ts";
import { findUnresolved, type RuleSuggestion, suggestRules } from "../../src/match/suggest.ts";
import { encodeJsonAnswer, encodeJsonRequest, NO_CONTENT, request } from "../playbook/http.ts";
import { Studio } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

const SESSION = ["2c9c6a5e-38a2-4a9b-9d32-0b54f2c7e001", "91b7c5d4-0f6e-4d3a-8a51-7de8a3b9f002"] as const;

/** What one run of a test suite says: its own name for the container, and the daemon's id for it. */
interface Run {
  readonly name: string;
  readonly id: string;
  readonly session?: string;
  readonly memory?: number;
  readonly polls?: number;
}

const FIRST: Run = { name: "web-alpha", id: "a1".repeat(32), session: SESSION[0] };
const SECOND: Run = { name: "web-beta", id: "b2".repeat(32), session: SESSION[1] };

/** The run's requests, each with what the daemon says. */
function conversation({ name, id, session = "s", memory = 64, polls = 1 }: Run): (readonly [Buffer, string])[] {
  const body = { Image: "alpine", Labels: { "org.example.session-id": session }, HostConfig: { Memory: memory } };
  const look = request(`GET /v1.41/containers/${name}/json`);
  return [
    [
      encodeJsonRequest(`POST /v1.41/containers/create?name=${name}`, body),
      encodeJsonAnswer("201 Created", `{"Id":"${id}"}\n`),
    ],
    [request(`POST /v1.41/containers/${id}/start`), NO_CONTENT],
    ...Array.from(
      { length: polls },
      () => [look, encodeJsonAnswer("200 OK", `{"Id":"${id}","Name":"/${name}"}\n`)] as const,
    ),
    [request(`DELETE /v1.41/containers/${id.slice(0, 12)}?force=1`), NO_CONTENT],
  ];
}

async function recorded(run: Run): Promise<string> {
  const studio = new Studio();
  const { client, daemon } = await studio.line();
  for (const [asks, says] of conversation(run)) {
    await client.sends(asks);
    await daemon.hears(asks);
    await daemon.sends(says);
    await client.hears(says);
  }
  await studio.finish();
  return studio.store.text;
}

async function suggestion(first: string, second: string): Promise<RuleSuggestion> {
  const side = (text: string, file: string): { cassette: Cassette; pieces: () => never } => ({
    cassette: openCassette(Buffer.from(text), file),
    pieces: () => {
      throw new Error("there are no sidecars");
    },
  });
  return suggestRules(side(first, "first.yaml"), side(second, "second.yaml"));
}

async function suggestionFor(first: Run, second: Run): Promise<RuleSuggestion> {
  return suggestion(await recorded(first), await recorded(second));
}

test("two equal recordings need no rule", async () => {
  const { rules, reasons: mended, comparison: rehearsal } = await suggestionFor(FIRST, FIRST);
  expect(rules).toEqual(NO_RULES);
  expect(mended).toEqual([]);
  expect(rehearsal).toEqual({ findings: [], leftOver: [], daemonValues: 0 });
});

test("a name that other requests have, too, is bound; a number is ignored", async () => {
  const { rules, comparison: rehearsal } = await suggestionFor(FIRST, { ...SECOND, memory: 128 });
  expect(rules.bind).toEqual({ name: "query.name" });
  expect(rules.ignore).toEqual(["json.HostConfig.Memory"]);
  expect(findUnresolved(rehearsal)).toEqual([]);
});

test("generated values of the client and ids of the daemon need no rule", async () => {
  const { rules, comparison: rehearsal } = await suggestionFor(FIRST, { ...SECOND, name: FIRST.name });
  expect(rules.ignore).toEqual([]);
  expect(rules.bind).toEqual({});
  expect(rehearsal.daemonValues).toBe(2);
  const recognised = rehearsal.findings.flatMap(({ verdicts }) => verdicts);
  expect(recognised).toMatchObject([
    { kind: "recognised", difference: { field: "json.Labels.org.example.session-id", recorded: SESSION[0] } },
  ]);
});

test("with the rules in its header, the first recording answers every request of the second", async () => {
  const [first, other] = [await recorded(FIRST), { ...SECOND, memory: 128, polls: 3 }];
  const { rules } = await suggestion(first, await recorded(other));
  const theatre = new Theatre(first.replace("---\n", `${formatRules(rules)}---\n`));
  const client = theatre.client();
  // A replay says the recorded ids, and so the client goes on with these.
  for (const [asks, says] of conversation({ ...other, id: FIRST.id })) {
    await client.sends(asks);
    await client.hears(says);
  }
  expect(theatre.report).toMatchObject({ played: 4, missed: [], unplayed: [] });
});

test("another number of polls needs no rule", async () => {
  const { reasons: mended, comparison: rehearsal } = await suggestionFor(FIRST, { ...FIRST, polls: 3 });
  expect([mended, rehearsal.findings, rehearsal.leftOver]).toEqual([[], [], []]);
});

test("the header's own rules hold, and are printed with the new ones", async () => {
  const ruled = (await recorded(FIRST)).replace("---\n", 'ignore: ["json.HostConfig[Memory]"]\n---\n');
  const { rules, reasons: mended } = await suggestion(ruled, await recorded({ ...SECOND, memory: 128 }));
  expect(mended.map(({ verdict }) => verdict.difference.field)).toEqual(["query.name"]);
  expect(rules.ignore).toEqual(["json.HostConfig.Memory"]);
});

test("a difference that no rule can name is reported: another path, another body, nothing similar", async () => {
  const first = exchange("GET /v1.41/images/alpine/json") + exchange("POST /v1.41/containers/web/update", "text: one");
  const second =
    exchange("GET /v1.41/images/busybox/json") +
    exchange("POST /v1.41/containers/web/update", "text: other") +
    exchange("GET /v1.41/volumes");
  const { reasons: mended, comparison: rehearsal } = await suggestion(
    `whalesong: 1\n${first}`,
    `whalesong: 1\n${second}`,
  );
  expect(mended).toEqual([]);
  expect(findUnresolved(rehearsal).map(({ verdicts }) => verdicts.map(({ difference }) => difference.field))).toEqual([
    ["path"],
    ["body"],
    [],
  ]);
});

test("one value cannot stand for two", async () => {
  const create = (name: string): string => exchange(`POST /v1.41/containers/create?name=${name}`);
  const again = exchange("GET /v1.41/containers/web/json") + exchange("DELETE /v1.41/containers/web");
  const { comparison: rehearsal } = await suggestion(
    `whalesong: 1\n${create("web")}${again}${create("web")}`,
    `whalesong: 1\n${create("one")}${create("two")}`,
  );
  expect(findUnresolved(rehearsal)).toMatchObject([{ isContradictory: true }]);
});

test("requests that came in another order find their counterparts", async () => {
  const create = (name: string, image: string): string =>
    exchange(`POST /v1.41/containers/create?name=${name}`, `json: {"Image":"${image}"}`) +
    exchange(`POST /v1.41/containers/${name}/start`);
  const { rules, comparison: rehearsal } = await suggestion(
    `whalesong: 1\n${create("web-a", "nginx")}${create("db-a", "postgres")}`,
    `whalesong: 1\n${create("db-b", "postgres")}${create("web-b", "nginx")}`,
  );
  expect(rules).toMatchObject({ bind: { name: "query.name" }, ignore: [] });
  expect(findUnresolved(rehearsal)).toEqual([]);
});

test("a request that only the first recording has is reported", async () => {
  const { comparison: rehearsal } = await suggestion(
    `whalesong: 1\n${exchange("POST /v1.41/containers/web/start")}${exchange("GET /_ping")}`,
    `whalesong: 1\n${exchange("GET /_ping")}`,
  );
  expect(rehearsal.leftOver.map(({ target }) => target)).toEqual(["/v1.41/containers/web/start"]);
});

function exchange(line: string, body = ""): string {
  const asked = body === "" ? `request: ${line}` : `request:\n  line: ${line}\n  ${body}`;
  return `---\n${asked}\nresponse: 204 No Content\n`;
}
