import { readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, test } from "vitest";
import { insertCassette } from "../../src/integrations/insert-cassette.ts";
import { mockDocker } from "../../src/integrations/mock.ts";
import { findCallerWords } from "../../src/integrations/serve/caller-words.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

test("a recording that is refused names the ways out as they are in code", async () => {
  const docker = await mockDocker();
  const options = { mode: "record", upstream: docker, redact: ["no-tokens"], warn: () => undefined } as const;
  const path = join(createTemporaryFolder(), "run.yaml");
  const token = `npm_${"aB3dE5gH7j".repeat(4).slice(0, 36)}`;
  const record = async (work: (docker: Docker) => unknown, more: object = {}): Promise<string> => {
    const inserted = await insertCassette(path, { ...options, ...more });
    await work(new Docker({ socketPath: inserted.socketPath }));
    return inserted.settle().then(
      () => "",
      (error: Error) => error.message,
    );
  };
  const refused = await record((client) => client.createVolume({ Name: "kelp", Labels: { at: token } }));
  expect(refused).toContain('`redact: ["/PATTERN/"]` keeps it out, or `redact: ["NAME"]`');
  expect(refused).toContain('no secret: `allowSecrets: ["npm token"]`');
  const empty = await record(() => undefined, { empty: "refuse" });
  expect(empty).toContain('(`empty: "keep"` writes an empty cassette)');
  expect(refused + empty).not.toMatch(/--[a-z]+-?secret|--redact|--keep/);
  await docker.stop();
});

test.each(["redact", "allowSecrets", "contexts", "empty"] as const)(
  "Go has the option `%s` that messages name",
  (option) => {
    const name = findCallerWords("go").spellOption(option);
    const kit = readFileSync(join(import.meta.dirname, "../../kits/go/whalesongtest.go"), "utf8");
    if (name !== undefined) expect(kit).toContain(`json:"${option},omitempty"`);
    if (name !== undefined) expect(kit).toMatch(new RegExp(`^\\t${name} `, "m"));
  },
);
