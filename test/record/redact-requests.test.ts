import { describe, expect, test } from "vitest";
import { selectKeptHeaders } from "../../src/record/write/select-kept-headers.ts";
import { redactBody, redactRequestField } from "../../src/secrets/redact-http.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import type { HeaderField } from "../../src/wire/http/head.ts";

function keep(name: string, value: string, matched: readonly string[] = []): readonly HeaderField[] {
  const kept = selectKeptHeaders([[name, value]], matched);
  return kept.map((field) => redactRequestField(field, "ContainerCreate", new Redactor()));
}

describe("of a request's headers", () => {
  test.each([
    ["X-Registry-Auth", "eyJ1c2VyIjoi", "<redacted>"],
    ["x-registry-config", "e30=", "<redacted>"],
    ["Content-Type", "application/x-tar", "application/x-tar"],
    ["Content-Encoding", "gzip", "gzip"],
    ["Upgrade", "h2c", "h2c"],
  ])("%s stands as %s -> %s", (name, value, kept) => {
    expect(keep(name, value)).toEqual([[name, kept]]);
  });

  test.each([
    ["Content-Type", "application/json"],
    ["Upgrade", "tcp"],
    ["Host", "docker"],
    ["User-Agent", "Docker-Client/28"],
    ["Authorization", "Bearer s3cret"],
    ["Cookie", "s3cret"],
    ["X-Meta-Secret", "abc123"],
  ])("%s: %s is left out", (name, value) => {
    expect(keep(name, value)).toEqual([]);
  });

  test.each([
    ["X-Meta-Token", "abc123", "<redacted>"],
    ["Authorization", "Bearer s3cret", "<redacted>"],
    ["X-Meta-Tenant", "a", "a"],
  ])("%s: %s is %s where a rule compares it", (name, value, kept) => {
    expect(keep(name, value, [name])).toEqual([[name, kept]]);
  });
});

describe("of a body", () => {
  test.each([
    [
      "SystemAuth",
      '{"username":"me","password":"p","serveraddress":"x"}',
      '{"username":"me","password":"<redacted:1>","serveraddress":"x"}',
    ],
    [
      "SystemAuth",
      '{"Password" : "p\\"q", "identitytoken":"t"}',
      '{"Password" : "<redacted:1>", "identitytoken":"<redacted:2>"}',
    ],
    ["SystemAuth", '{"password":""}', '{"password":""}'],
    ["SystemAuth", '{"password":12345}', '{"password":"<redacted:1>"}'],
    ["SystemAuth", '{"passw\\u006frd":"p"}', '{"passw\\u006frd":"<redacted:1>"}'],
    ["SystemAuth", "password=p", "<redacted>"],
    ["SystemAuth", '{"password":"p', "<redacted>"],
    ["SystemAuth", "", ""],
    ["SwarmJoin", '{"JoinToken":"x"}', '{"JoinToken":"<redacted:1>"}'],
    ["SwarmUnlock", '{"UnlockKey":"k"}', '{"UnlockKey":"<redacted:1>"}'],
    ["SecretCreate", '{"Name":"n","Data":"c2VjcmV0"}', '{"Name":"n","Data":"PHJlZGFjdGVkOjE+"}'],
    ["SecretCreate", '{"Data":["c2VjcmV0"]}', '{"Data":["PHJlZGFjdGVkOjE+"]}'],
    ["SecretCreate", '{"Data":null}', '{"Data":null}'],
    ["ContainerCreate", '{"Data":"c2VjcmV0"}', '{"Data":"c2VjcmV0"}'],
    ["ContainerCreate", '{"Env":["PATH=/usr/bin","KEYBOARD=de"]}', '{"Env":["PATH=/usr/bin","KEYBOARD=de"]}'],
    ["ContainerCreate", '{"Env":["DB_PASSWORD_FILE=/run/x"]}', '{"Env":["DB_PASSWORD_FILE=/run/x"]}'],
  ])("%s: %s becomes %s", (operation, body, expected) => {
    const redacted = redactBody(Buffer.from(body), { operation, side: "request" }, new Redactor());
    expect(String(redacted)).toBe(expected);
  });

  test("two tokens stay two, and one stays one; both look like tokens", () => {
    const token = (letter: string): string => `SWMTKN-1-${letter.repeat(50)}-${letter.repeat(25)}`;
    const redactor = new Redactor();
    const [first, second, again] = ["a", "b", "a"].map((letter) =>
      String(
        redactBody(
          Buffer.from(JSON.stringify({ JoinTokens: { Worker: token(letter) } })),
          { operation: "SwarmInspect", side: "answer" },
          redactor,
        ),
      ),
    );
    expect(first).toMatch(/"SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}"/);
    expect(second).not.toBe(first);
    expect(again).toBe(first);
  });

  test("redacting twice is redacting once", () => {
    const [redactor, place] = [new Redactor(), { operation: "SecretCreate", side: "request" } as const];
    const once = redactBody(Buffer.from('{"Data":"c2VjcmV0"}'), place, redactor);
    expect(redactBody(once, place, redactor)).toEqual(once);
  });
});
