/** JSON without a hint is not looked into: whatever name a place rule takes for secret, a hint has to show. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { hasSecretHint } from "../../src/secrets/secret-hints.ts";
import { isSecretName, NAME_ENDS, NAME_PARTS } from "../../src/secrets/secret-names.ts";

const words = fc.constantFrom(...NAME_PARTS, ...NAME_ENDS, "db", "my", "host", "a", "file2", "monkey", "path", "x9");
const cased = fc
  .tuple(words, fc.constantFrom("small", "CAPITAL", "Title"))
  .map(([word, style]) =>
    style === "small" ? word : style === "CAPITAL" ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1),
  );
const names = fc
  .tuple(fc.array(cased, { minLength: 1, maxLength: 4 }), fc.constantFrom("_", "-", ".", "", " "))
  .map(([list, between]) => list.join(between));

test("each secret name is shown by a hint, as a key and in an assignment", () => {
  fc.assert(
    fc.property(names, (name) => {
      if (!isSecretName(name)) return;
      expect(hasSecretHint(JSON.stringify({ [name]: "x" }))).toBe(true);
      expect(hasSecretHint(JSON.stringify([`${name}=x`]))).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test.each(['{"SandboxKey":"/var/run/docker/netns/8fb2b45ca256"}', '["/proc/keys","/proc/kcore"]', '["PATH=/usr/bin"]'])(
  "%s has none",
  (json) => {
    expect(hasSecretHint(json)).toBe(false);
  },
);
