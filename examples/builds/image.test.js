import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { cassetteTest } from "whalesong/node-test";
import { build } from "./image.js";

const CONTEXT = fileURLToPath(new URL("greeting", import.meta.url));
// Each test is answered from __cassettes__/image/<test>.yaml, which is recorded when it is not there. Another content of
// greeting/greeting.txt is another build: the replay refuses it, and names the file.
const test = cassetteTest(import.meta.url);

test("builds", async () => {
  const lines = await build(CONTEXT);
  assert.ok(lines.some((line) => line.endsWith("RUN cat greeting.txt")));
  assert.match(lines.at(-1), /^Built image: sha256:/);
});

test("says why a build fails", async () => {
  const lines = await build(CONTEXT, { FILE: "none.txt" });
  assert.match(lines.at(-1), /cat \$FILE.* did not complete successfully: exit code: 1/);
});
