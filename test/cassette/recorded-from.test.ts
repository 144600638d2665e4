import { expect, test } from "vitest";
import { formatRecordTemplate } from "../../src/cassette/recorded-from.ts";

test.each([
  ["web.yaml", "Docker Engine 28.5.2", "whalesong record web.yaml -- COMMAND"],
  ["web.yaml", undefined, "whalesong record web.yaml -- COMMAND"],
  [
    "my runs/web.yaml",
    "mock of Docker Engine 28.5.2",
    "whalesong record --upstream mock 'my runs/web.yaml' -- COMMAND",
  ],
])("%s, recorded from %s, is recorded by a line for a shell", (file, from, line) => {
  expect(formatRecordTemplate(file, { recorded: { ...(from === undefined ? {} : { from }) } })).toBe(line);
});
