import { expect, test } from "vitest";
import { findNamedSettings } from "../../src/secrets/named-settings.ts";

test.each<[text: string, found: readonly string[]]>([
  ["DB_PASSWORD=hunter2abd\n", ["DB_PASSWORD"]],
  ['a\n  - stdout: "api_key: hunter2abe\\n"', ["api_key"]],
  [`head${"\0".repeat(40)}\x1aDB_PASSWORD=hunter2\npassword=hunter2abc`, ["DB_PASSWORD", "password"]],
  ["run --password=hunter2abc", ["password"]],
  ["https://me:hunter2@registry.test/v2/", ["password in a URL"]],
  ["password=<redacted:1> DB_PASSWORD_FILE=/run/secrets/db PASSWORD=$PASSWORD", []],
  ["JoinTokens: {Worker: <redacted>}, docker build --secret id=tok,src=secret.txt", []],
  ["\xff\xfepw=hunter2abc\xff", []],
  [`${"x".repeat(64 * 1024)} password=hunter2abc`, []],
])("%j has %j", (text, found) => {
  expect(findNamedSettings(text).map(({ what }) => what)).toEqual(found);
});

test("the place is the value's", () => {
  const text = "a line\nDB_PASSWORD=hunter2abd\n";
  const [first] = findNamedSettings(text);
  expect(text.slice(first?.start, first?.end)).toBe("hunter2abd");
});
