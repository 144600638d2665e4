/** What record, replay and mock print while they wait without a command. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { startBeforePerson, startInProcess } from "./run-in-process.ts";

const VERBS = [
  ["record", ["--upstream", "mock"], ["--keep-empty"], "DOCKER_HOST"],
  ["replay", [], ["--on-miss", "mock"], "DOCKER_HOST"],
  ["mock", [], ["--now", "2026-01-01T00:00:00Z"], "DOCKER_HOST"],
  ["serve", [], [], "WHALESONG_CONTROL"],
] as const;

/** The words of a verb that waits for clients. */
function toWords(verb: string, flags: readonly string[]): readonly string[] {
  const cassette = join(createTemporaryFolder(), "web.yaml");
  if (verb === "replay") writeFileSync(cassette, "whalesong: 1\n---\nrequest: GET /info\nresponse: 200 OK\n");
  return [verb, ...(verb === "mock" || verb === "serve" ? [] : [cassette]), ...flags];
}

describe.each(VERBS)("%s %j %j", (verb, flags, more, variable) => {
  test("tells a person what to paste", async () => {
    const serving = await startBeforePerson(...toWords(verb, [...flags, ...more]));
    const { stderr } = await serving.stop();
    const url = `unix://${serving.socket}`;
    expect(stderr).toContain(`listening on ${url}\n  export ${variable}=${url}   (Ctrl-C ends it)\n`);
  });

  test("tells a program nothing but where", async () => {
    const serving = await startInProcess(...toWords(verb, [...flags, ...more]));
    const { stderr } = await serving.stop();
    expect(stderr).toContain(`listening on unix://${serving.socket}\n`);
    expect(stderr).not.toContain("export");
  });
});
