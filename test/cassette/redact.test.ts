import { describe, expect, test } from "vitest";
import { redactRequestBody, redactResponseBody, selectKeptHeaders } from "../../src/cassette/redact.ts";

describe("of a request's headers", () => {
  test.each([
    ["X-Registry-Auth", "eyJ1c2VyIjoi", "<redacted>"],
    ["x-registry-config", "e30=", "<redacted>"],
    ["Content-Type", "application/x-tar", "application/x-tar"],
    ["Content-Encoding", "gzip", "gzip"],
    ["Upgrade", "h2c", "h2c"],
  ])("%s stands as %s -> %s", (name, value, kept) => {
    expect(selectKeptHeaders([[name, value]])).toEqual([[name, kept]]);
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
    expect(selectKeptHeaders([[name, value]])).toEqual([]);
  });
});

describe("of a request's body", () => {
  test.each([
    [
      "SystemAuth",
      '{"username":"me","password":"p","serveraddress":"x"}',
      '{"username":"me","password":"<redacted>","serveraddress":"x"}',
    ],
    [
      "SystemAuth",
      '{"Password" : "p\\"q", "identitytoken":"t"}',
      '{"Password" : "<redacted>", "identitytoken":"<redacted>"}',
    ],
    ["SystemAuth", '{"password":""}', '{"password":""}'],
    ["SwarmJoin", '{"JoinToken":"SWMTKN-1"}', '{"JoinToken":"<redacted>"}'],
    ["SwarmInit", '{"Spec":{"CAConfig":{"SigningCAKey":"k"}}}', '{"Spec":{"CAConfig":{"SigningCAKey":"<redacted>"}}}'],
    ["SwarmUnlock", '{"UnlockKey":"k"}', '{"UnlockKey":"<redacted>"}'],
    ["SecretCreate", '{"Name":"n","Data":"c2VjcmV0"}', '{"Name":"n","Data":"<redacted>"}'],
    ["SystemAuth", "password=p", "<redacted>"],
    ["SystemAuth", '{"passw\\u006frd":"p"}', "<redacted>"],
    ["SecretCreate", '{"Data":["c2VjcmV0"]}', "<redacted>"],
    ["SecretCreate", '{"Data":null}', '{"Data":null}'],
    ["SystemAuth", '{"password":"p', "<redacted>"],
    ["SystemAuth", "", ""],
    ["ConfigCreate", '{"Data":"cHVibGlj"}', '{"Data":"cHVibGlj"}'],
    ["ContainerCreate", '{"password":"not ours"}', '{"password":"not ours"}'],
  ])("%s: %s becomes %s", (operation, body, expected) => {
    expect(String(redactRequestBody(operation, Buffer.from(body)))).toBe(expected);
  });
});

describe("of a response's body", () => {
  test.each([
    [
      "SystemAuth",
      '{"IdentityToken":"t","Status":"Login Succeeded"}',
      '{"IdentityToken":"<redacted>","Status":"Login Succeeded"}',
    ],
    [
      "SystemAuth",
      '{"IdentityToken":"","Status":"Login Succeeded"}',
      '{"IdentityToken":"","Status":"Login Succeeded"}',
    ],
    [
      "SwarmInspect",
      '{"JoinTokens":{"Worker":"a","Manager":"b"}}',
      '{"JoinTokens":{"Worker":"<redacted>","Manager":"<redacted>"}}',
    ],
    ["SwarmUnlockkey", '{"UnlockKey":"k"}', '{"UnlockKey":"<redacted>"}'],
    ["SystemInfo", '{"Swarm":{"NodeID":""}}', '{"Swarm":{"NodeID":""}}'],
  ])("%s: %s becomes %s", (operation, body, expected) => {
    expect(String(redactResponseBody(operation, Buffer.from(body)))).toBe(expected);
  });
});

test("redacting twice is redacting once", () => {
  const once = redactRequestBody("SecretCreate", Buffer.from('{"Data":"c2VjcmV0"}'));
  expect(redactRequestBody("SecretCreate", once)).toEqual(once);
});
