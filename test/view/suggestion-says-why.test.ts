import { expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";
import { type ComparedRecording, suggestRules } from "../../src/match/suggest.ts";
import { formatSuggestedRules, formatSuggestionRemarks } from "../../src/view/suggestion.ts";

const FILES = { first: "web.yaml", second: "again.yaml" };

function createRecording(text: string, file: string): ComparedRecording {
  const cassette = openCassette(Buffer.from(`whalesong: 1\nmatch: X-Tenant\n${text}`), file);
  return { cassette, pieces: () => [] as never };
}

async function formatSuggestion(
  first: string,
  second: string,
): Promise<readonly [rules: string, remarks: readonly string[]]> {
  const suggestion = await suggestRules(createRecording(first, FILES.first), createRecording(second, FILES.second));
  return [formatSuggestedRules(suggestion), formatSuggestionRemarks(suggestion, FILES).split("\n")];
}

function create(name: string, image: string, id: string): string {
  return `---
request:
  line: POST /v1.41/containers/create?name=${name}
  json: {"Image":["${image}"],"Labels":{"session":"${id}-${id.slice(0, 4)}-4a9b-9${id.slice(1, 4)}-${id}${id.slice(4)}"}}
response: {status: 201 Created, json: {"Id":"${id.repeat(8)}"}}
---
request: DELETE /v1.41/containers/${name}
response: 204 No Content
`;
}

function look(target: string): string {
  return `---\nrequest: GET ${target}\nresponse: 200 OK\n`;
}

test("the rules are for the header, and each remark names both places", async () => {
  const [rules, remarks] = await formatSuggestion(
    create("web", "a:1", "2c9c6a5e") + look("/images/json") + look("/volumes/a"),
    create("web-9", "a:2", "91b7c5d4") + look("/volumes/b") + look("/info"),
  );
  expect(rules).toBe("ignore: [json.Image]\nbind: {name: query.name}\nmatch: [X-Tenant]\n");
  expect(remarks).toEqual([
    "  rule  bind    query.name  web then web-9  (web.yaml:4, again.yaml:4)",
    '  rule  ignore  json.Image  ["a:1"] then ["a:2"]  (web.yaml:4, again.yaml:4)',
    "  needs no rule  json.Labels.session  2c9c6a5e-2c9c-4a9b-9c9c-2c9c6a5e6a5e then 91b7c5d4-91b7-4a9b-91b7-91b7c5d4c5d4  (web.yaml:4, again.yaml:4)",
    "  needs no rule  2 values that the daemon made up: a replay sends the recorded ones",
    "  cannot be mended  GET /volumes/b  (again.yaml:12)  against web.yaml:15: path  /volumes/a then /volumes/b",
    "  cannot be mended  GET /info  (again.yaml:15)  nothing like it is left in web.yaml",
    "  not requested again  GET /images/json  (web.yaml:12)",
    "with 2 rules, web.yaml answers all requests of again.yaml except 2 requests",
    "",
  ]);
});

test("where no rule is missing, none is printed", async () => {
  expect(await formatSuggestion(look("/info"), look("/info"))).toEqual([
    "",
    ["with no further rule, web.yaml answers all requests of again.yaml", ""],
  ]);
});
